import type { Fault } from "../http/faults.js";

/** Named sets of faults. Applying one adds its faults to the active ones. */
export const PRESETS: Readonly<Record<string, readonly Fault[]>> = {
  "8am-rush": [
    { service: "SSP", kind: { status: 503 }, probability: 0.05 },
    { service: "SSP", kind: { delayMs: { distribution: "exponential", meanMs: 800 } }, probability: 0.8 },
    { service: "PDS", kind: { delayMs: { distribution: "uniform", minMs: 100, maxMs: 600 } } },
  ],
  "supplier-outage": [{ service: "PRACTICE", kind: { status: 503 } }],
  "flapping-directory": [{ service: "SDS", kind: { status: 503 }, probability: 0.5 }],
  "slow-pds": [{ service: "PDS", kind: { delayMs: { distribution: "exponential", meanMs: 2000 } } }],
  "late-commits": [
    {
      service: "PRACTICE",
      interaction: "rest:create:appointment-1",
      kind: { lateCommit: { response: { status: 504 }, delayMs: 5000 } },
      probability: 0.5,
    },
  ],
};
