import type { PracticeAppointment } from "../../domain/appointment.js";
import { asBooking, type HeldBooking } from "../book/booking-intent.js";
import type { JourneyContext } from "../journey-context.js";

/** Which of our bookings an appointment is the work of: `readBack` says what follows from that. */

export interface Making {
  /** The intent of ours that made it, as far as it is known or can be told; it may be the one that asks. */
  readonly maker: HeldBooking | undefined;
  /** Another intent may have made it as well: nothing that differs tells them apart. */
  readonly shared: boolean;
}

/** @throws Error when one of two intents with different words made it and nothing tells which; UpstreamError when the intents cannot be read. */
export async function makerOf(
  record: PracticeAppointment,
  held: HeldBooking,
  { commands }: JourneyContext,
): Promise<Making> {
  const { intents } = commands;
  // Asked first: whoever is done in the meantime is not open any more, but owns the appointment by then.
  const others = (await intents.open())
    .filter((other) => other.intent.kind === "book" && other.key !== held.key)
    .map(asBooking)
    .filter((other) => areSameSlots(other, held));
  const { asked } = held.intent;
  const key = await intents.ownerOf({ odsCode: asked.odsCode, appointmentId: record.id });
  const owner = key === undefined ? undefined : await intents.get(key);
  if (owner) return { maker: asBooking(owner), shared: false };
  const shared = others.some((other) => isForTheSame(other, held));
  if (hasTextsOf(record, held)) return { maker: undefined, shared };
  const byWords = others.find((other) => hasTextsOf(record, other));
  const maker = byWords ?? makerByTime(record, held, others);
  return { maker, shared: maker === undefined && shared };
}

/** Nobody's words: somebody has amended it since. Then the time of creation, which practices echo to the second, tells. */
function makerByTime(
  record: PracticeAppointment,
  held: HeldBooking,
  others: readonly HeldBooking[],
): HeldBooking | undefined {
  const inOurWords = [held, ...others.filter((other) => isForTheSame(other, held))];
  const inOthers = others.filter((other) => !isForTheSame(other, held));
  const away = (bookings: readonly HeldBooking[]) =>
    Math.min(...bookings.map((booking) => secondsBetween(record, booking)));
  const [own, theirs] = [away(inOurWords), away(inOthers)];
  if (own === theirs) throw new Error("nothing tells which of two bookings an appointment is");
  return inOthers.find((other) => secondsBetween(record, other) === theirs && theirs < own);
}

/** From the nearest send of an intent to the creation of an appointment. */
function secondsBetween({ created }: PracticeAppointment, { intent }: HeldBooking): number {
  const at = Date.parse(created ?? "");
  return Math.min(
    ...intent.sends.map((send) => Math.abs(Math.floor(send.at / 1000) - Math.floor(at / 1000))),
  );
}

/** Whether an appointment could be this intent's although another has it: the other never had the practice's own word. */
export function mayHaveBeenMadeBy(held: HeldBooking, other: HeldBooking): boolean {
  const { state } = other.intent;
  return isForTheSame(held, other) && state.name === "done" && state.result.recovered;
}

function hasTextsOf(
  { description, comment }: Pick<PracticeAppointment, "description" | "comment">,
  { intent }: HeldBooking,
): boolean {
  return description === intent.asked.description && (comment || undefined) === intent.asked.comment;
}

/** The same booking in the same words, however the slots were named and in whichever order. */
export function isForTheSame(one: HeldBooking, other: HeldBooking): boolean {
  const { asked } = one.intent;
  return areSameSlots(one, other) && hasTextsOf(asked, other);
}

/** The same slots, for the same patient, by the same organisation. */
function areSameSlots(
  { intent: { asked: one } }: HeldBooking,
  { intent: { asked: other } }: HeldBooking,
): boolean {
  return (
    one.odsCode === other.odsCode &&
    one.nhsNumber === other.nhsNumber &&
    one.caller.organisation.odsCode === other.caller.organisation.odsCode &&
    sameIds(
      one.slots.map(({ slotId }) => slotId),
      other.slots.map(({ slotId }) => slotId),
    )
  );
}

/** Whether two lists name the same slots, in any order. */
export function sameIds(ids: readonly string[], wanted: readonly string[]): boolean {
  const sorted = [...wanted].sort();
  return ids.length === sorted.length && [...ids].sort().every((id, index) => id === sorted[index]);
}
