/** A way in which such a product could harm a patient, and the control against it. */
export interface Hazard {
  /** `HAZ-` and the number in the national log, or a name of ours. */
  readonly id: string;
  readonly hazard: string;
  /** Why it cannot happen, or what limits it. */
  readonly control: string;
  /** The parts of the control: files of `src`, and fields as `Type.field`. A test checks that they exist. */
  readonly by: readonly string[];
}

/** A hazard from its line in the register. */
export function hazard(id: string, words: string, control: string, by: readonly string[]): Hazard {
  return { id, hazard: words, control, by };
}
