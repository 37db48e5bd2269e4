/** The summary of a series of measurements, in their unit. */
export interface Summary {
  readonly runs: number;
  readonly p50: number;
  readonly p95: number;
  readonly min: number;
  readonly max: number;
}

/** @throws RangeError without samples, because a missing number must not look like a good one. */
export function summarise(samples: readonly number[]): Summary {
  if (samples.length === 0) throw new RangeError("nothing was measured");
  const sorted = [...samples].sort((a, b) => a - b);
  // Nearest rank: every reported number was measured, none is interpolated.
  const rank = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
  return { runs: sorted.length, p50: rank(0.5), p95: rank(0.95), min: rank(0), max: rank(1) };
}

/** The noise of a series: the distance between its p50 and its p95. */
export function spread({ p50, p95 }: Summary): number {
  return p95 - p50;
}
