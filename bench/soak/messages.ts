import type { Fault } from "../../src/sandbox/index.js";

/** What the soak asks of the process that holds the upstreams. */
export type UpstreamsOrder =
  | { readonly kind: "faults"; readonly faults: readonly Fault[] }
  | { readonly kind: "stop" };

/** What that process says. */
export type UpstreamsWord =
  | { readonly kind: "ready"; readonly pds: string; readonly sds: string; readonly ssp: string }
  | { readonly kind: "done" };

/** What the soak asks of the probe inside the product's process. */
export type ProbeOrder = { readonly kind: "sample"; readonly collectGarbage: boolean };

/** The product's process at one moment; delays and processor time are of the time since the sample before. */
export interface Sample {
  readonly rssMiB: number;
  readonly heapMiB: number;
  readonly loopDelayP99Ms: number;
  readonly loopDelayMaxMs: number;
  readonly cpuSeconds: number;
  readonly seconds: number;
  /** Since the start. */
  readonly unhandledRejections: number;
}
