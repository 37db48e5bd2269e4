/** One way in which a product of this kind could harm a patient, and what stands against it. */
export interface Hazard {
  /** `HAZ-` and the number in the national log; ours by a name. */
  readonly id: string;
  readonly hazard: string;
  /** Why it cannot happen here, or what limits it. */
  readonly control: string;
  /** What does so: files of `src`, and fields of the schema as `Type.field`. They exist, or a test fails. */
  readonly by: readonly string[];
}

/** A hazard from its line in the register. */
export function hazard(id: string, words: string, control: string, by: readonly string[]): Hazard {
  return { id, hazard: words, control, by };
}
