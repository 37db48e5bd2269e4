/** How a simulated practice differs from one that is atomic and keeps what it was sent. */
export interface PracticeBehaviour {
  /**
   * The practice checks the slot, waits for a time in this range (milliseconds), and saves without a second check, as
   * NHS's demonstrator does. Absent: check and save are one step.
   */
  readonly saveDelayMs?: readonly [min: number, max: number] | undefined;
  /** What the practice does with the description and the comment of a new appointment. */
  readonly texts: "kept" | "comment appended" | "comment truncated";
  /** The status of a new appointment. With another one than `booked`, the slot stays free. */
  readonly createdStatus: "booked" | "proposed";
  /** Whether a response has the version that the practice keeps. */
  readonly versions: "kept" | "other in response";
  /** Every create for this slot gets 500 and has no effect. */
  readonly failingSlot?: number | undefined;
  /** The share of writes of which a copy arrives after the response. */
  readonly lateCopies: number;
}

/** A practice that is atomic and keeps what it was sent. */
export const WELL_BEHAVED: PracticeBehaviour = {
  texts: "kept",
  createdStatus: "booked",
  versions: "kept",
  lateCopies: 0,
};

/** The texts as the practice keeps them. */
export function keptTexts(
  { texts }: PracticeBehaviour,
  sent: { readonly description: string; readonly comment: string | undefined },
): { readonly description: string; readonly comment: string | undefined } {
  const { description, comment } = sent;
  if (comment === undefined || texts === "kept") return sent;
  if (texts === "comment truncated") return { description, comment: comment.slice(0, 5) };
  return { description: `${description} ${comment}`, comment: undefined };
}
