/** What a number was to be at most, and what it came to. */
export interface Target {
  readonly what: string;
  readonly atMost: number;
  readonly measured: number;
  /** How far the number may be off by chance alone, in the same unit. */
  readonly noise: number;
  readonly unit: "" | "ms";
}

/** Missed counts only beyond the noise; what lies between is said to be so. */
export function verdict({ atMost, measured, noise }: Target): "met" | "within noise" | "missed" {
  if (measured <= atMost) return "met";
  return measured <= atMost + noise ? "within noise" : "missed";
}
