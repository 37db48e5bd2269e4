import type { PracticeAppointment } from "../../domain/appointment.js";
import { asBooking, type ClaimedBooking } from "../booking-intent.js";
import { haveSameIds } from "../compare-write.js";
import type { JourneyContext } from "../journey-context.js";

/** Which of our bookings made an appointment; `readBack` says what follows from that. */
export interface Attribution {
  /** The intent that the appointment is attributed to, as far as that is known or can be told. It may be the one that reads back. */
  readonly attributedTo: ClaimedBooking | undefined;
  /** Another intent with the same content may have made it as well: nothing tells them apart. */
  readonly isShared: boolean;
}

/**
 * Attributes an appointment in the slots of a booking to one of our intents.
 *
 * @throws Error when two intents with different content may have made it and nothing tells which; UpstreamError when
 *   the store cannot be read.
 */
export async function attribute(
  appointment: PracticeAppointment,
  claimed: ClaimedBooking,
  { commands }: JourneyContext,
): Promise<Attribution> {
  const { store } = commands;
  // Read the open intents first: one that is done in the meantime is no longer open, but owns the appointment by then.
  const others = (await store.open())
    .filter((other) => other.intent.kind === "book" && other.key !== claimed.key)
    .map(asBooking)
    .filter((other) => areForSameSlots(other, claimed));
  const { odsCode } = claimed.intent.details;
  const ownerKey = await store.ownerOf({ odsCode, appointmentId: appointment.id });
  const owner = ownerKey === undefined ? undefined : await store.get(ownerKey);
  if (owner) return { attributedTo: asBooking(owner), isShared: false };
  const isShared = others.some((other) => haveSameContent(other, claimed));
  if (hasTextsOf(appointment, claimed)) return { attributedTo: undefined, isShared };
  const byText = others.find((other) => hasTextsOf(appointment, other));
  const attributedTo = byText ?? attributeByTime(appointment, claimed, others);
  return { attributedTo, isShared: attributedTo === undefined && isShared };
}

/**
 * The description and comment match no intent: the appointment was amended after booking. The time of creation decides,
 * which practices return to the second.
 */
function attributeByTime(
  appointment: PracticeAppointment,
  claimed: ClaimedBooking,
  others: readonly ClaimedBooking[],
): ClaimedBooking | undefined {
  const same = [claimed, ...others.filter((other) => haveSameContent(other, claimed))];
  const different = others.filter((other) => !haveSameContent(other, claimed));
  const distance = (bookings: readonly ClaimedBooking[]) =>
    Math.min(...bookings.map((booking) => secondsBetween(appointment, booking)));
  const [own, theirs] = [distance(same), distance(different)];
  if (own === theirs) throw new Error("nothing tells which of two bookings made an appointment");
  return different.find((other) => secondsBetween(appointment, other) === theirs && theirs < own);
}

/** From the nearest send of an intent to the creation of an appointment. */
function secondsBetween({ created }: PracticeAppointment, { intent }: ClaimedBooking): number {
  const at = Date.parse(created ?? "");
  return Math.min(
    ...intent.sends.map((send) => Math.abs(Math.floor(send.at / 1000) - Math.floor(at / 1000))),
  );
}

/** Whether an intent may have made an appointment that another one owns: the other only found it by reading back. */
export function mayHaveMade(claimed: ClaimedBooking, owner: ClaimedBooking): boolean {
  const { state } = owner.intent;
  return haveSameContent(claimed, owner) && state.name === "done" && state.result.recovered;
}

function hasTextsOf(
  { description, comment }: Pick<PracticeAppointment, "description" | "comment">,
  { intent }: ClaimedBooking,
): boolean {
  return description === intent.details.description && (comment || undefined) === intent.details.comment;
}

/** The same booking with the same description and comment, in whichever order the slots were given. */
export function haveSameContent(one: ClaimedBooking, other: ClaimedBooking): boolean {
  return areForSameSlots(one, other) && hasTextsOf(one.intent.details, other);
}

/** The same slots, for the same patient, by the same organisation. */
function areForSameSlots(
  { intent: { details: one } }: ClaimedBooking,
  { intent: { details: other } }: ClaimedBooking,
): boolean {
  return (
    one.odsCode === other.odsCode &&
    one.nhsNumber === other.nhsNumber &&
    one.caller.organisation.odsCode === other.caller.organisation.odsCode &&
    haveSameIds(
      one.slots.map(({ slotId }) => slotId),
      other.slots.map(({ slotId }) => slotId),
    )
  );
}
