/** What many measurements of one thing come to, in their own unit. */
export interface Summary {
  readonly runs: number;
  readonly p50: number;
  readonly p95: number;
  readonly min: number;
  readonly max: number;
}

/** @throws RangeError when nothing was measured: a missing number must not pass for a good one. */
export function summarise(samples: readonly number[]): Summary {
  if (samples.length === 0) throw new RangeError("nothing was measured");
  const sorted = [...samples].sort((a, b) => a - b);
  // Nearest rank: every number stated was measured, none is interpolated.
  const rank = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
  return { runs: sorted.length, p50: rank(0.5), p95: rank(0.95), min: rank(0), max: rank(1) };
}

/** How far apart measurements of one thing lie at this machine and moment. */
export function spread({ p50, p95 }: Summary): number {
  return p95 - p50;
}
