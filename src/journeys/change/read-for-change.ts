import type { PracticeAppointment } from "../../domain/appointment.js";
import type { DirectoryEntry } from "../../domain/directory-entry.js";
import { toLondonDate } from "../../domain/london-time.js";
import { ForbiddenError, UpstreamError } from "../../platform/errors.js";
import type { AppointmentReference } from "../../platform/ids/appointment-id.js";
import type { ReceivedAppointment } from "../../upstreams/ssp/index.js";
import { closedToCallingAnyPractice } from "../gates.js";
import type { JourneyContext } from "../journey-context.js";
import { asPracticeRefusal } from "../practice-refusals.js";
import { reachPractice } from "../reach-practice.js";
import { readAppointment } from "../read-appointment.js";
import { tracePatient } from "../trace-patient.js";
import type { ChangeOutcome } from "./change-outcome.js";

export interface AppointmentToChange {
  readonly kind: "read";
  readonly practice: DirectoryEntry;
  readonly appointment: PracticeAppointment;
  /** What a change must send back. Absent for an appointment that has begun: practices only list it. */
  readonly received?: ReceivedAppointment;
}

/** Gates G4 to G11 for the patient of an appointment, and the appointment as the practice has it now. */
export async function readForChange(
  reference: AppointmentReference,
  context: JourneyContext,
): Promise<AppointmentToChange | ChangeOutcome> {
  const closed = await traceForChange(reference, context);
  if (closed) return closed;
  const practice = await reachPractice(reference.odsCode, reference.nhsNumber, context);
  try {
    const received = await readAppointment(practice, reference, context);
    if (received === undefined) return { kind: "not-found" };
    return { kind: "read", practice, received, appointment: received.appointment };
  } catch (error) {
    const appointment = await begunToday(error, reference, context);
    if (appointment === undefined) throw error;
    return { kind: "read", practice, appointment };
  }
}

/**
 * Practices refuse to read an appointment that has begun, and do not say why in a way that can be relied on (GP
 * Connect notes, 8.6). Those of today they list.
 */
async function begunToday(
  error: unknown,
  { odsCode, nhsNumber, appointmentId }: AppointmentReference,
  context: JourneyContext,
): Promise<PracticeAppointment | undefined> {
  const isRefusal =
    error instanceof UpstreamError && error.code === "UPSTREAM_REFUSED" && !asPracticeRefusal(error);
  if (!isRefusal) return undefined;
  const today = toLondonDate(context.clock.now());
  const key = { odsCode, nhsNumber, from: today, to: today };
  const listed = await context.loaders.appointments.load(key).catch(() => []);
  return listed.find(({ id, start }) => id === appointmentId && Date.parse(start) <= context.clock.now());
}

async function traceForChange(
  { nhsNumber }: AppointmentReference,
  context: JourneyContext,
): Promise<ChangeOutcome | undefined> {
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
