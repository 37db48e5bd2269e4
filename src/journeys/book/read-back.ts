import type { PracticeAppointment } from "../../domain/appointment.js";
import type { DirectoryEntry } from "../../domain/directory-entry.js";
import { toLondonDate } from "../../domain/london-time.js";
import type { NhsNumber } from "../../domain/nhs-number.js";
import { badResponse } from "../../upstreams/upstream-errors.js";
import type { BookingIntent, ClaimedBooking } from "../booking-intent.js";
import { haveSameIds, isSameInstant } from "../compare-write.js";
import { isKeptForm } from "../description-and-comment.js";
import type { JourneyContext } from "../journey-context.js";
import { attribute, haveSameContent } from "./attribution.js";

/** How far apart our clock's second and the practice's record of it may be. */
const CREATED_SLACK_MS = 2_000;

/** The patient at a practice, from a find made just before. */
export interface ReachedPatient {
  readonly practice: DirectoryEntry;
  readonly patientId: string;
  readonly nhsNumber: NhsNumber;
}

export type ReadBack =
  | {
      readonly kind: "ours";
      readonly record: PracticeAppointment;
      /** A send of this intent made it. Otherwise another may have, and what this one sent may still take effect. */
      readonly bySend: boolean;
    }
  /** An appointment of ours in these slots, at other times than they had. */
  | { readonly kind: "other-times" }
  /** Another booking of ours, with other content, holds the slots for this patient. */
  | { readonly kind: "another-of-ours" }
  | { readonly kind: "absent" };

/**
 * Reads the patient's appointments of that day back and looks for this booking among them: by patient, slots and
 * booking organisation (design section 9).
 *
 * The rules of attribution:
 *
 * - It stands, no intent of ours is known to have made it, and it has the description and comment of another booking of
 *   ours that is in the list: that one took effect twice, as when the network delivers a create twice. It is not ours.
 * - It stands, and no other intent of ours is known to have made it: ours. Perhaps no send of this intent made it; then
 *   the same organisation has booked the same slots for the same patient, and that is reported, with `recovered: true`.
 * - It stands, and another intent of ours made it, under another key. With the same content, the person requested one
 *   thing twice, as after a lost connection without a key: the same appointment is reported, `recovered: true`, never a
 *   second one. With other content, it is not what is requested now: the slot is not free, and the outcome says who has it.
 * - Otherwise the description and comment do not matter: practices change them. While a booking is not reconciled, its claim keeps
 *   every other booking of the slots from being sent through us.
 * - It was cancelled in the meantime: ours if this intent is known to have made it. If no intent is, it is
 *   ours if the practice's time of creation is that of one of our sends. A second create would make a second appointment
 *   for one key.
 *
 * @throws UpstreamError when it cannot be read.
 */
export async function readBack(
  patient: ReachedPatient,
  claimed: ClaimedBooking,
  context: JourneyContext,
): Promise<ReadBack> {
  const { similar, isComplete } = await fetchSimilar(patient, claimed, context);
  let isAnotherOfOurs = false;
  const standing = similar.filter(stands);
  for (const record of standing) {
    const attributedTo = await attribute(record, claimed, context);
    if (attributedTo === undefined) {
      const doubleOf = await findBookingDoubledBy(record, { similar, claimed }, context);
      if (doubleOf) {
        context.commands.alert("CARRIED_OUT_TWICE", doubleOf.intent);
        isAnotherOfOurs = true;
        continue;
      }
      if (!isAtTimesOf(record, claimed)) return { kind: "other-times" };
      const isDouble = standing.some(
        (one) => one !== record && wasCreatedBySend(one, claimed.intent, context),
      );
      if (isDouble) context.commands.alert("CARRIED_OUT_TWICE", claimed.intent);
      return { kind: "ours", record, bySend: true };
    }
    if (haveSameContent(attributedTo, claimed)) {
      return { kind: "ours", record, bySend: attributedTo.key === claimed.key };
    }
    isAnotherOfOurs = true;
  }
  for (const record of similar.filter((one) => !stands(one))) {
    const attributedTo = await attribute(record, claimed, context);
    if (attributedTo?.key === claimed.key) return { kind: "ours", record, bySend: true };
    if (attributedTo !== undefined || !wasCreatedBySend(record, claimed.intent, context)) continue;
    if (!(await findBookingDoubledBy(record, { similar, claimed }, context))) {
      return { kind: "ours", record, bySend: true };
    }
  }
  if (isAnotherOfOurs) return { kind: "another-of-ours" };
  // A list that may lack entries proves nothing absent.
  if (!isComplete) throw badResponse("PROVIDER", "INCOMPLETE_RESPONSE");
  return { kind: "absent" };
}

/**
 * An appointment that a booking made beside the one it is known by. A create that was thought lost can take effect late,
 * if the practice cancels the appointment that held its slots within the bound. Nothing can prevent that once the create
 * has been sent; it must not go unnoticed.
 *
 * @throws UpstreamError when it cannot be read.
 */
export async function findDouble(
  patient: ReachedPatient,
  claimed: ClaimedBooking,
  knownId: string,
  context: JourneyContext,
): Promise<PracticeAppointment | undefined> {
  const { similar } = await fetchSimilar(patient, claimed, context);
  for (const record of similar) {
    if (record.id === knownId || !stands(record)) continue;
    if (!wasCreatedBySend(record, claimed.intent, context)) continue;
    if ((await attribute(record, claimed, context)) === undefined) return record;
  }
  return undefined;
}

/**
 * The booking under another key that an appointment without an owner is a second effect of: its own appointment is in the
 * list, and this one has its description and comment rather than those of the claimed booking. When the texts fit both or
 * neither, the practice's time of creation decides.
 *
 * @returns undefined when nothing shows it; then the claimed booking may have made it.
 */
async function findBookingDoubledBy(
  record: PracticeAppointment,
  {
    similar,
    claimed,
  }: { readonly similar: readonly PracticeAppointment[]; readonly claimed: ClaimedBooking },
  context: JourneyContext,
): Promise<ClaimedBooking | undefined> {
  for (const other of similar) {
    const owner = other === record ? undefined : await attribute(other, claimed, context);
    if (owner === undefined || owner.key === claimed.key || haveSameContent(owner, claimed)) continue;
    const fitsOwner = isKeptForm(owner.intent.details, record);
    const fitsClaimed = isKeptForm(claimed.intent.details, record);
    if (fitsOwner !== fitsClaimed) {
      if (fitsOwner) return owner;
      continue;
    }
    const { intent } = owner;
    if (wasCreatedBySend(record, intent, context) && !wasCreatedBySend(record, claimed.intent, context))
      return owner;
  }
  return undefined;
}

/** The patient's appointments in the same slots by the same organisation, whatever their status. */
async function fetchSimilar(
  { practice, patientId, nhsNumber }: ReachedPatient,
  { intent }: ClaimedBooking,
  { gpConnect, call }: JourneyContext,
): Promise<{ readonly similar: readonly PracticeAppointment[]; readonly isComplete: boolean }> {
  const { slots, caller } = intent.details;
  const day = toLondonDate(Date.parse(slots[0].start));
  const range = { from: day, to: day };
  const list = await gpConnect.fetchAppointments(practice, patientId, range, call, { nhsNumber });
  const wanted = slots.map(({ slotId }) => slotId);
  const similar = list.appointments.filter(
    ({ slotIds, bookingOrganisation, status }) =>
      !NOT_BOOKED_YET.has(status) &&
      bookingOrganisation?.odsCode === caller.organisation.odsCode &&
      haveSameIds(slotIds, wanted),
  );
  return { similar, isComplete: list.isComplete };
}

function isAtTimesOf({ start, end }: PracticeAppointment, { intent }: ClaimedBooking): boolean {
  const { slots } = intent.details;
  const last = slots.at(-1) ?? slots[0];
  return isSameInstant(start, slots[0].start) && isSameInstant(end, last.end);
}

/** FHIR's statuses of an appointment that was never booked. A practice that returns one for a create has not booked it. */
const NOT_BOOKED_YET = new Set(["proposed", "pending"]);

/** Practices have statuses of their own for patients who have arrived or have been seen. */
function stands({ status }: PracticeAppointment): boolean {
  return status !== "cancelled" && status !== "entered-in-error";
}

/** Practices return the time of creation that we send, to the second; some may write their own. */
function wasCreatedBySend(
  { created }: PracticeAppointment,
  { sends }: BookingIntent,
  { commands }: JourneyContext,
): boolean {
  const at = Date.parse(created ?? "");
  const longest = commands.rules.lateCommitBoundMs + CREATED_SLACK_MS;
  return sends.some((send) => at >= send.at - CREATED_SLACK_MS && at <= send.at + longest);
}
