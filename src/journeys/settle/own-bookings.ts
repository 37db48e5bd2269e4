import type { PracticeAppointment } from "../../domain/appointment.js";
import type { DirectoryEntry } from "../../domain/directory-entry.js";
import { toLondonDate } from "../../domain/london-time.js";
import type { NhsNumber } from "../../domain/nhs-number.js";
import type { BookingIntent, HeldBooking } from "../book/booking-intent.js";
import type { JourneyContext } from "../journey-context.js";
import { isForTheSame, makerOf, mayHaveBeenMadeBy, sameIds } from "./maker-of.js";

/** How far apart our clock's second and the practice's record of it may be. */
const CREATED_SLACK_MS = 2_000;

/** Where and as whom the practice has the patient, from a find made just before. */
export interface PatientThere {
  readonly practice: DirectoryEntry;
  readonly patientId: string;
  readonly nhsNumber: NhsNumber;
}

export type ReadBack =
  | {
      readonly kind: "ours";
      readonly record: PracticeAppointment;
      /** A send of this intent made it; otherwise another's may have, and what this one sent may yet come in. */
      readonly bySend: boolean;
    }
  /** The slots are the patient's through us already, by another booking with other words. */
  | { readonly kind: "another-of-ours" }
  | { readonly kind: "absent" };

/**
 * Reads the patient's appointments of that day back and looks for this booking among them: by patient, slots and
 * booking organisation (design section 9).
 *
 * Whose a find is, decided here:
 *
 * - Standing, and no other intent of ours is known to have made it: ours. It may be that no send of this intent
 *   made it; then the same organisation has booked the same slots for the same patient, and that is what is reported, with
 *   `recovered: true`.
 * - Standing, and made by another intent of ours, that is, under another key. Had that one the same content, the
 *   person asked twice for one thing, as after a lost connection without a key: it is reported as theirs, the same
 *   appointment, `recovered: true`, and never as a second one. Had it other content, it is not what was asked for now: the
 *   slot is not free, and the answer says who has it.
 * - Which of two intents of ours made it, while neither has had an answer, the texts tell, and where they have been amended
 *   since, the time of creation: under two keys for the same patient and slots there is nothing else that differs. Should
 *   that be the same second, it cannot be told, and is not guessed.
 * - Cancelled in the meantime: it was ours if this intent is known to have made it. If nobody is, or only one with the
 *   same content that came upon it by reading back as well, it was ours if the practice's time of creation is that of one
 *   of our sends. To send again would make a second appointment for one key.
 *
 * @throws UpstreamError when it cannot be read, Error when it cannot be told whose it is.
 */
export async function readBack(
  there: PatientThere,
  held: HeldBooking,
  context: JourneyContext,
): Promise<ReadBack> {
  const alike = await listAlike(there, held, context);
  let another = false;
  for (const record of alike.filter(stands)) {
    const { maker, shared } = await makerOf(record, held, context);
    if (maker === undefined) return { kind: "ours", record, bySend: !shared };
    if (isForTheSame(maker, held)) return { kind: "ours", record, bySend: maker.key === held.key };
    another = true;
  }
  for (const record of alike.filter((one) => !stands(one))) {
    const { maker, shared } = await makerOf(record, held, context);
    if (maker?.key === held.key) return { kind: "ours", record, bySend: true };
    const mayBeOurs = maker === undefined || mayHaveBeenMadeBy(held, maker);
    if (mayBeOurs && wasSentThen(record, held.intent, context)) {
      return { kind: "ours", record, bySend: maker === undefined && !shared };
    }
  }
  return another ? { kind: "another-of-ours" } : { kind: "absent" };
}

/**
 * An appointment that a booking made beside the one it is known by. A create that was thought lost can come in late, and
 * find its slots free only if somebody at the practice has cancelled the first appointment within the bound. Nothing can
 * prevent that once a second create has been sent; it must not go unnoticed.
 *
 * @throws UpstreamError when it cannot be read.
 */
export async function findDouble(
  there: PatientThere,
  held: HeldBooking,
  known: string,
  context: JourneyContext,
): Promise<PracticeAppointment | undefined> {
  for (const record of await listAlike(there, held, context)) {
    if (record.id === known || !stands(record) || !wasSentThen(record, held.intent, context)) continue;
    if ((await makerOf(record, held, context)).maker === undefined) return record;
  }
  return undefined;
}

/** The patient's appointments in the same slots by the same organisation, whatever their state. */
async function listAlike(
  there: PatientThere,
  { intent }: HeldBooking,
  { gpConnect, call }: JourneyContext,
): Promise<PracticeAppointment[]> {
  const { slots, caller } = intent.asked;
  const day = toLondonDate(Date.parse(slots[0].start));
  const about = { nhsNumber: there.nhsNumber };
  const range = { from: day, to: day };
  const all = await gpConnect.fetchAppointments(there.practice, there.patientId, range, call, about);
  const wanted = slots.map(({ slotId }) => slotId);
  return all.filter(
    ({ slotIds, bookingOrganisation }) =>
      bookingOrganisation?.odsCode === caller.organisation.odsCode && sameIds(slotIds, wanted),
  );
}

/** Practices have states of their own for patients who have arrived or have been seen. */
function stands({ status }: PracticeAppointment): boolean {
  return status !== "cancelled" && status !== "entered-in-error";
}

/** Practices echo the time of creation that we send, to the second; some may write their own. */
function wasSentThen(
  { created }: PracticeAppointment,
  { sends }: BookingIntent,
  { commands }: JourneyContext,
): boolean {
  const at = Date.parse(created ?? "");
  const longest = commands.rules.lateCommitBoundMs + CREATED_SLACK_MS;
  return sends.some((send) => at >= send.at - CREATED_SLACK_MS && at <= send.at + longest);
}
