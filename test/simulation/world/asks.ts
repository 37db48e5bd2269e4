import { amendAppointment } from "../../../src/journeys/amend/amend-appointment.js";
import { bookAppointment } from "../../../src/journeys/book/book-appointment.js";
import type { BookingOutcome } from "../../../src/journeys/book/booking-outcome.js";
import { cancelAppointment } from "../../../src/journeys/cancel/cancel-appointment.js";
import type { ChangeOutcome } from "../../../src/journeys/change/change-outcome.js";
import type { JourneyContext } from "../../../src/journeys/journey-context.js";
import { registerPatient } from "../../../src/journeys/register/register-patient.js";
import { BadUserInputError, UpstreamError } from "../../../src/platform/errors.js";
import type { AskKind, AskRecord, Told } from "../history.js";
import type { AskPlan } from "../plan.js";
import { nhsNumberOf } from "./callers.js";
import { PRACTICE } from "./clients.js";
import type { PracticeSlot } from "./practice-book.js";
import { APPOINTMENT_IDS, SLOT_IDS } from "./process.js";

/** All that an ask needs beside its plan. */
export interface AskParts {
  readonly key: string | undefined;
  readonly slots: readonly PracticeSlot[];
  readonly about: AskRecord["about"];
  readonly context: JourneyContext;
}

/** Asks, and takes down what was told in the end. */
export async function ask(plan: AskPlan, parts: AskParts): Promise<Told> {
  try {
    switch (plan.kind) {
      case "book":
        return await askToBook(plan, parts);
      case "cancel":
      case "amend":
        return await askToChange(plan.kind, plan, parts);
      case "register":
        return await askToRegister(plan, parts);
    }
  } catch (error) {
    return toldByError(error, plan.kind);
  }
}

async function askToBook(plan: AskPlan, { key, slots, context }: AskParts): Promise<Told> {
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
  return toldOfBooking(await bookAppointment(request, context));
}

async function askToChange(
  kind: "cancel" | "amend",
  { patient, text, comment }: AskPlan,
  { key, about, context }: AskParts,
): Promise<Told> {
  if (about === undefined) throw new Error("there is nothing to change");
  const { appointmentId, version } = about;
  const nhsNumber = nhsNumberOf(patient) as Parameters<typeof APPOINTMENT_IDS.encode>[0]["nhsNumber"];
  const id = APPOINTMENT_IDS.encode({ odsCode: PRACTICE, appointmentId, nhsNumber });
  const request = { id, version, idempotencyKey: key };
  const outcome =
    kind === "cancel"
      ? await cancelAppointment({ ...request, reason: text }, context)
      : await amendAppointment({ ...request, description: text, comment }, context);
  return toldOfChange(kind, outcome, appointmentId);
}

async function askToRegister({ patient }: AskPlan, { context }: AskParts): Promise<Told> {
  const { kind } = await registerPatient({ nhsNumber: nhsNumberOf(patient), odsCode: PRACTICE }, context);
  if (kind === "outcome-unknown") return { kind: "unknown" };
  const isThere = kind === "registered" || kind === "already-registered";
  return isThere
    ? { kind: "registered", already: kind === "already-registered" }
    : { kind: "not-registered", why: kind };
}

function toldOfBooking(outcome: BookingOutcome): Told {
  if (outcome.kind === "booked") {
    const { id, status, versionId } = outcome.appointment.record;
    const registered = outcome.registration !== undefined;
    return { kind: "booked", appointmentId: id, status, version: versionId, registered };
  }
  if (outcome.kind === "outcome-unknown") return { kind: "unknown", handle: outcome.handle };
  if ("code" in outcome && outcome.code === "ALREADY_BOOKED_FOR_PATIENT") return { kind: "booked-already" };
  const code = "code" in outcome ? ` ${outcome.code}` : "";
  return { kind: "not-booked", why: `${outcome.kind}${code}` };
}

function toldOfChange(kind: "cancel" | "amend", outcome: ChangeOutcome, appointmentId: string): Told {
  if (outcome.kind === "outcome-unknown") return { kind: "unknown", handle: outcome.handle };
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

const NOT_DONE = {
  book: "not-booked",
  cancel: "not-cancelled",
  amend: "not-amended",
  register: "not-registered",
} as const;

function toldByError(error: unknown, kind: AskKind): Told {
  // These two speak of this one ask only.
  if (error instanceof BadUserInputError) return { kind: "not-sent", why: error.code, words: error.message };
  if (error instanceof UpstreamError) {
    const { reason, message } = error;
    if (reason === "INTENT_STORE_UNAVAILABLE") return { kind: "not-sent", why: reason, words: message };
    return { kind: NOT_DONE[kind], why: `${error.code} ${reason ?? error.httpStatus ?? ""}`.trim() };
  }
  return { kind: "crash", why: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
