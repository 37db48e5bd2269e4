import type { PracticeAppointment } from "../../domain/appointment.js";
import type { DirectoryEntry } from "../../domain/directory-entry.js";
import { BadUserInputError, ForbiddenError, UpstreamError } from "../../platform/errors.js";
import type { AppointmentReference } from "../../platform/ids/appointment-id.js";
import type { ReceivedAppointment } from "../../upstreams/ssp/index.js";
import type { PlacedAppointment } from "../book/booking-outcome.js";
import { block, closedToCallingAnyPractice } from "../gates.js";
import type { JourneyContext } from "../journey-context.js";
import { orRefusal, type PracticeRefusal } from "../practice-refusals.js";
import { readAppointment, requireAppointmentId } from "../read-appointment.js";
import { tracePatient } from "../trace-patient.js";

export interface CancelRequest {
  readonly id: string;
  /** The version that the person saw. */
  readonly version: string;
  readonly reason: string;
}

export type CancelOutcome =
  | { readonly kind: "cancelled"; readonly appointment: PlacedAppointment }
  | { readonly kind: "changed"; readonly appointment: PlacedAppointment }
  | {
      readonly kind: "not-changeable";
      readonly code: NotChangeableCode;
      readonly appointment: PlacedAppointment;
    }
  | { readonly kind: "not-found" }
  | { readonly kind: "patient-not-eligible"; readonly code: string; readonly message: string }
  | PracticeRefusal;

export type NotChangeableCode =
  | "APPOINTMENT_IN_PAST"
  | "ALREADY_CANCELLED"
  | "READ_ONLY_VISIT"
  | "NOT_BOOKED";

/** Practices state no limit; this bounds what a caller can make us send. */
const MAX_REASON = 1000;

/**
 * Cancels an appointment: reads it as it is now, checks that it is the one that the person saw and may still be
 * cancelled (gate G15), and sends the whole resource back with the new status and the reason.
 */
export async function cancelAppointment(
  request: CancelRequest,
  context: JourneyContext,
): Promise<CancelOutcome> {
  const reference = requireAppointmentId(request.id, "input.id", context);
  checkReason(request.reason);
  return orRefusal(async () => {
    const closed = await traceForChange(reference, context);
    if (closed) return closed;
    const practice = await context.loaders.practiceEndpoint.load(reference.odsCode);
    const received = await readAppointment(practice, reference, context);
    if (received === undefined) return { kind: "not-found" };
    const place = placed(reference, context);
    const obstacle = obstacleTo(received.appointment, request, context, reference);
    if (obstacle === "changed") return { kind: "changed", appointment: place(received.appointment) };
    if (obstacle) return { kind: "not-changeable", code: obstacle, appointment: place(received.appointment) };
    return sendCancel({ practice, reference, received, reason: request.reason }, context);
  });
}

function checkReason(reason: string): void {
  if (reason.trim() === "") throw new BadUserInputError("input.reason", "The reason must not be blank.");
  if (reason.length > MAX_REASON) {
    throw new BadUserInputError("input.reason", `The reason is longer than ${MAX_REASON} characters.`);
  }
}

async function traceForChange(
  { nhsNumber }: AppointmentReference,
  context: JourneyContext,
): Promise<CancelOutcome | undefined> {
  try {
    const traced = await tracePatient(nhsNumber, undefined, context);
    if (traced === undefined) return { kind: "not-found" };
    const closed = closedToCallingAnyPractice(traced, context);
    return closed && { kind: "patient-not-eligible", code: closed.reason, message: closed.message };
  } catch (error) {
    if (!(error instanceof ForbiddenError)) throw error;
    return { kind: "patient-not-eligible", code: error.reason, message: error.message };
  }
}

/** Gate G15, on the appointment as it is now. */
function obstacleTo(
  appointment: PracticeAppointment,
  { version }: Pick<CancelRequest, "version">,
  context: JourneyContext,
  { nhsNumber }: AppointmentReference,
): NotChangeableCode | "changed" | undefined {
  const obstacle = findObstacle();
  if (obstacle) block(context, { gate: "G15", auditReason: obstacle.toUpperCase(), nhsNumber });
  return obstacle;

  function findObstacle(): NotChangeableCode | "changed" | undefined {
    if (appointment.status === "cancelled") return "ALREADY_CANCELLED";
    if (appointment.status !== "booked") return "NOT_BOOKED";
    if (appointment.deliveryChannel === "Visit") return "READ_ONLY_VISIT";
    if (Date.parse(appointment.start) <= context.clock.now()) return "APPOINTMENT_IN_PAST";
    return appointment.versionId === version ? undefined : "changed";
  }
}

interface CancelStep {
  readonly practice: DirectoryEntry;
  readonly reference: AppointmentReference;
  readonly received: ReceivedAppointment;
  readonly reason: string;
}

/**
 * Sends the change. After an unclear end the appointment is read again: cancelled means done; the same version
 * still booked means that it may be sent once more; anything else has changed meanwhile (GP Connect notes, 8.8).
 */
async function sendCancel(step: CancelStep, context: JourneyContext, again = true): Promise<CancelOutcome> {
  const { practice, reference, received, reason } = step;
  const place = placed(reference, context);
  const about = { nhsNumber: reference.nhsNumber };
  try {
    const appointment = await context.gpConnect.cancelAppointment(
      practice,
      received,
      reason,
      context.call,
      about,
    );
    return { kind: "cancelled", appointment: place(appointment) };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    const conflict = error.httpStatus === 409 || error.httpStatus === 412;
    if (!conflict && !error.outcomeUnknown) throw error;
    const now = await readAppointment(practice, reference, context);
    if (now === undefined) return { kind: "not-found" };
    const { appointment } = now;
    if (appointment.status === "cancelled" && !conflict)
      return { kind: "cancelled", appointment: place(appointment) };
    const unchanged = appointment.versionId === received.appointment.versionId;
    if (unchanged && !conflict && again) return sendCancel({ ...step, received: now }, context, false);
    if (unchanged) throw error;
    return { kind: "changed", appointment: place(appointment) };
  } finally {
    context.loaders.forgetPracticeAnswers();
  }
}

function placed({ odsCode, nhsNumber }: AppointmentReference, { clock }: JourneyContext) {
  return (record: PracticeAppointment): PlacedAppointment => ({
    odsCode,
    nhsNumber,
    record,
    fetchedAt: clock.now(),
  });
}
