import { createTraffic, type Traffic, trafficLimits } from "../../../src/platform/resilience/index.js";

/** The product's own rules for repeats and circuits, without the pauses. */
export function hastyTraffic(): Traffic {
  const limits = trafficLimits({
    SPINE_ENV: "sandbox",
    PDS_MAX_CONCURRENCY: 64,
    SDS_MAX_CONCURRENCY: 64,
    SSP_MAX_CONCURRENCY: 64,
    VM_MAX_CONCURRENCY: 64,
    PRACTICE_MAX_CONCURRENCY: 8,
  });
  return createTraffic({ limits, pauses: { firstMs: 0, longestMs: 0, unsaidMs: 0 } });
}
