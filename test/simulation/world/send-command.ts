import { amendAppointment } from "../../../src/journeys/amend/amend-appointment.js";
import { bookAppointment } from "../../../src/journeys/book/book-appointment.js";
import type { BookingOutcome } from "../../../src/journeys/book/booking-outcome.js";
import { cancelAppointment } from "../../../src/journeys/cancel/cancel-appointment.js";
import type { ChangeOutcome } from "../../../src/journeys/change/change-outcome.js";
import type { JourneyContext } from "../../../src/journeys/journey-context.js";
import { registerPatient } from "../../../src/journeys/register/register-patient.js";
import { BadUserInputError, UpstreamError } from "../../../src/platform/errors.js";
import type { CallerRequest, CommandKind, Reply } from "../history.js";
import type { PlannedRequest } from "../scenario.js";
import { nhsNumberOf } from "./callers.js";
import { PRACTICE } from "./clients.js";
import type { PracticeSlot } from "./practice.js";
import { APPOINTMENT_IDS, SLOT_IDS } from "./process.js";

/** The parts of a request that are known only when it is sent. */
export interface CommandParts {
  readonly key: string | undefined;
  readonly slots: readonly PracticeSlot[];
  readonly about: CallerRequest["about"];
  readonly context: JourneyContext;
}

/** Sends a command and returns the reply. */
export async function sendCommand(plan: PlannedRequest, parts: CommandParts): Promise<Reply> {
  try {
    switch (plan.kind) {
      case "book":
        return await sendBooking(plan, parts);
      case "cancel":
      case "amend":
        return await sendChange(plan.kind, plan, parts);
      case "register":
        return await sendRegistration(plan, parts);
    }
  } catch (error) {
    return toErrorReply(error, plan.kind);
  }
}

async function sendBooking(plan: PlannedRequest, { key, slots, context }: CommandParts): Promise<Reply> {
  const slotIds = slots.map((slot) =>
    SLOT_IDS.encode({
      odsCode: PRACTICE,
      slotId: slot.id,
      start: slot.start,
      end: slot.end,
      scheduleId: "schedule-1",
      locationId: "location-1",
    }),
  );
  const request = {
    nhsNumber: nhsNumberOf(plan.patient),
    slotIds,
    description: plan.text,
    comment: plan.comment,
    idempotencyKey: key,
    registerIfAbsent: plan.registerIfAbsent,
    acknowledgeDiscrepancies: false,
  };
  return toBookingReply(await bookAppointment(request, context));
}

async function sendChange(
  kind: "cancel" | "amend",
  { patient, text, comment }: PlannedRequest,
  { key, about, context }: CommandParts,
): Promise<Reply> {
  if (about === undefined) throw new Error("the request names no appointment");
  const { appointmentId, version } = about;
  const nhsNumber = nhsNumberOf(patient) as Parameters<typeof APPOINTMENT_IDS.encode>[0]["nhsNumber"];
  const id = APPOINTMENT_IDS.encode({ odsCode: PRACTICE, appointmentId, nhsNumber });
  const request = { id, version, idempotencyKey: key };
  const outcome =
    kind === "cancel"
      ? await cancelAppointment({ ...request, reason: text }, context)
      : await amendAppointment({ ...request, description: text, comment }, context);
  return toChangeReply(kind, outcome, appointmentId);
}

async function sendRegistration({ patient }: PlannedRequest, { context }: CommandParts): Promise<Reply> {
  const outcome = await registerPatient({ nhsNumber: nhsNumberOf(patient), odsCode: PRACTICE }, context);
  const { kind } = outcome;
  if (outcome.kind === "outcome-unknown") return { kind: "unknown", settlesAt: outcome.settlesAt };
  const isThere = kind === "registered" || kind === "already-registered";
  return isThere
    ? { kind: "registered", already: kind === "already-registered" }
    : { kind: "not-registered", why: kind };
}

function toBookingReply(outcome: BookingOutcome): Reply {
  if (outcome.kind === "booked") {
    const { id, status, versionId } = outcome.appointment.record;
    const registered = outcome.registration !== undefined;
    return { kind: "booked", appointmentId: id, status, version: versionId, registered };
  }
  if (outcome.kind === "outcome-unknown") {
    return { kind: "unknown", handle: outcome.handle, settlesAt: outcome.settlesAt };
  }
  if ("code" in outcome && outcome.code === "ALREADY_BOOKED_FOR_PATIENT") return { kind: "booked-already" };
  const code = "code" in outcome ? ` ${outcome.code}` : "";
  return { kind: "not-booked", why: `${outcome.kind}${code}` };
}

function toChangeReply(kind: "cancel" | "amend", outcome: ChangeOutcome, appointmentId: string): Reply {
  if (outcome.kind === "outcome-unknown") {
    return { kind: "unknown", handle: outcome.handle, settlesAt: outcome.settlesAt };
  }
  const version = "appointment" in outcome ? outcome.appointment.record.versionId : undefined;
  if (outcome.kind === "done") {
    return kind === "cancel"
      ? { kind: "cancelled", appointmentId }
      : { kind: "amended", appointmentId, version: version ?? "" };
  }
  return kind === "cancel"
    ? { kind: "not-cancelled", why: outcome.kind }
    : { kind: "not-amended", why: outcome.kind, version };
}

const NEGATIVE_REPLIES = {
  book: "not-booked",
  cancel: "not-cancelled",
  amend: "not-amended",
  register: "not-registered",
} as const;

function toErrorReply(error: unknown, kind: CommandKind): Reply {
  // These two errors are about this request only.
  if (error instanceof BadUserInputError)
    return { kind: "not-sent", why: error.code, message: error.message };
  if (error instanceof UpstreamError) {
    const { reason, message } = error;
    if (reason === "STORE_UNAVAILABLE") return { kind: "not-sent", why: reason, message };
    return { kind: NEGATIVE_REPLIES[kind], why: `${error.code} ${reason ?? error.httpStatus ?? ""}`.trim() };
  }
  return { kind: "crash", why: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
