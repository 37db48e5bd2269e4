import type { Fault } from "../../src/sandbox/index.js";

/** A message to the process of the upstreams. */
export type UpstreamsRequest =
  | { readonly kind: "faults"; readonly faults: readonly Fault[] }
  | { readonly kind: "stop" };

/** A message of that process. */
export type UpstreamsResponse =
  | { readonly kind: "ready"; readonly pds: string; readonly sds: string; readonly ssp: string }
  | { readonly kind: "done" };

/** A message to the probe in the process of the server. */
export type ProbeRequest = { readonly kind: "sample"; readonly collectGarbage: boolean };

/** The state of the server process. Delays and processor time cover the time since the previous sample. */
export interface Sample {
  readonly rssMiB: number;
  readonly heapMiB: number;
  /** Memory of buffers and other objects outside the heap that V8 knows of. */
  readonly externalMiB: number;
  /** Open TCP sockets, of clients and towards upstreams. */
  readonly sockets: number;
  readonly loopDelayP99Ms: number;
  readonly loopDelayMaxMs: number;
  readonly cpuSeconds: number;
  readonly seconds: number;
  /** Since the start. */
  readonly unhandledRejections: number;
}
