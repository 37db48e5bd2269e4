import type { PracticeAppointment } from "../domain/appointment.js";
import type { DirectoryEntry } from "../domain/directory-entry.js";
import { toLondonDate } from "../domain/london-time.js";
import { BadUserInputError, UpstreamError } from "../platform/errors.js";
import type { AppointmentReference } from "../platform/ids/appointment-id.js";
import type { ReceivedAppointment } from "../upstreams/ssp/index.js";
import { requireRelationship } from "./gates.js";
import type { JourneyContext } from "./journey-context.js";
import { asPracticeRefusal } from "./practice-refusals.js";

/**
 * Before any call.
 *
 * @throws BadUserInputError for an id that we did not give out.
 * @throws ForbiddenError for an appointment of a patient whom the caller may not query (gate G2).
 */
export async function requireAppointmentId(
  id: string,
  field: string,
  context: JourneyContext,
): Promise<AppointmentReference> {
  const reference = context.appointmentIds.decode(id);
  if (reference) {
    await requireRelationship(reference.nhsNumber, context);
    return reference;
  }
  throw new BadUserInputError(field, "The appointment id is not one that this service gave out.");
}

/**
 * The appointment as the practice has it now. The response is compared with the patient whom the id names: by the logical id
 * that it carries, so that no further call is needed. An id without one, and a practice that has given the patient another
 * id since, cost a find.
 *
 * @returns undefined when the practice has no such appointment, or no such patient (any more).
 * @throws UpstreamError with reason `WRONG_PATIENT` when the practice sends another patient's appointment.
 */
export async function readAppointment(
  practice: DirectoryEntry,
  reference: AppointmentReference,
  context: JourneyContext,
): Promise<ReceivedAppointment | undefined> {
  const { patientId } = reference;
  if (patientId === undefined) return readOfCurrentPatient(practice, reference, context);
  try {
    return await readOfPatient(practice, reference, patientId, context);
  } catch (error) {
    if (!(error instanceof UpstreamError && error.reason === "WRONG_PATIENT")) throw error;
    const current = await findPatientId(reference, context);
    if (current === undefined || current === patientId) throw error;
    return readOfPatient(practice, reference, current, context);
  }
}

async function readOfCurrentPatient(
  practice: DirectoryEntry,
  reference: AppointmentReference,
  context: JourneyContext,
): Promise<ReceivedAppointment | undefined> {
  const patientId = await findPatientId(reference, context);
  return patientId === undefined ? undefined : readOfPatient(practice, reference, patientId, context);
}

async function findPatientId(
  { odsCode, nhsNumber }: AppointmentReference,
  { loaders }: JourneyContext,
): Promise<string | undefined> {
  return (await loaders.practicePatient.load({ odsCode, nhsNumber }))?.id;
}

async function readOfPatient(
  practice: DirectoryEntry,
  { appointmentId, nhsNumber }: AppointmentReference,
  patientId: string,
  { gpConnect, call }: JourneyContext,
): Promise<ReceivedAppointment | undefined> {
  try {
    return await gpConnect.readAppointment(practice, appointmentId, call, { nhsNumber, patientId });
  } catch (error) {
    if (error instanceof UpstreamError && error.httpStatus === 404) return undefined;
    throw error;
  }
}

/** An appointment, and what a change of it must send back: or why the practice does not give that. */
export type AppointmentNow =
  | { readonly appointment: PracticeAppointment; readonly received: ReceivedAppointment }
  | {
      readonly appointment: PracticeAppointment;
      readonly received?: undefined;
      readonly refusal: UpstreamError;
    };

/**
 * The same, for an appointment that may have begun: practices refuse to read such a one, and do not say why in a way that
 * can be relied on (GP Connect notes, 8.6). Those of today they list, for whoever wants to know what became of them. It is
 * the practice's clock that says what has begun; ours may be behind.
 */
export async function readOrList(
  practice: DirectoryEntry,
  reference: AppointmentReference,
  context: JourneyContext,
): Promise<AppointmentNow | undefined> {
  try {
    const received = await readAppointment(practice, reference, context);
    return received && { appointment: received.appointment, received };
  } catch (error) {
    const isRefusal = error instanceof UpstreamError && error.code === "UPSTREAM_REFUSED";
    if (!isRefusal || asPracticeRefusal(error)) throw error;
    const appointment = await listedToday(reference, context);
    if (appointment === undefined) throw error;
    return { appointment, refusal: error };
  }
}

async function listedToday(
  { odsCode, nhsNumber, appointmentId }: AppointmentReference,
  { loaders, clock }: JourneyContext,
): Promise<PracticeAppointment | undefined> {
  const today = toLondonDate(clock.now());
  const key = { odsCode, nhsNumber, from: today, to: today };
  const listed = await loaders.appointments.load(key).catch(() => undefined);
  return listed?.appointments.find(({ id }) => id === appointmentId);
}
