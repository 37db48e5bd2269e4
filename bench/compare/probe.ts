/**
 * Loaded into the process of each service with `--require`, so that the services themselves are unchanged. Reports the
 * processor time and the memory of the whole process on request.
 */
export interface ProbeRequest {
  readonly probe: number;
  readonly collectGarbage: boolean;
}

export interface ProbeSample {
  readonly probe: number;
  /** User and system time since the start, of all threads. */
  readonly cpuMs: number;
  readonly rssMiB: number;
  readonly heapMiB: number;
  /** Buffers and other memory outside the heap. */
  readonly externalMiB: number;
}

const MEBIBYTE = 1024 * 1024;

process.on("message", ({ probe, collectGarbage }: ProbeRequest) => {
  if (collectGarbage) globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed, external } = process.memoryUsage();
  const sample: ProbeSample = {
    probe,
    cpuMs: (user + system) / 1000,
    rssMiB: rss / MEBIBYTE,
    heapMiB: heapUsed / MEBIBYTE,
    externalMiB: external / MEBIBYTE,
  };
  process.send?.(sample);
});
process.once("disconnect", () => process.exit(0));
