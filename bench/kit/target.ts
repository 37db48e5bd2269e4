/** A maximum, and the number that was measured. */
export interface Target {
  readonly what: string;
  readonly atMost: number;
  readonly measured: number;
  /** The error that noise alone can cause, in the same unit. */
  readonly noise: number;
  readonly unit: "" | "ms";
}

/** A target is missed only if the excess is larger than the noise. */
export function verdict({ atMost, measured, noise }: Target): "met" | "within noise" | "missed" {
  if (measured <= atMost) return "met";
  return measured <= atMost + noise ? "within noise" : "missed";
}
