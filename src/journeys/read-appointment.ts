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
 * @throws ForbiddenError for an appointment of somebody whom the caller may not ask about (gate G2).
 */
export function requireAppointmentId(
  id: string,
  field: string,
  context: JourneyContext,
): AppointmentReference {
  const reference = context.appointmentIds.decode(id);
  if (reference) {
    requireRelationship(reference.nhsNumber, context);
    return reference;
  }
  throw new BadUserInputError(field, "The appointment id is not one that this service gave out.");
}

/**
 * The appointment as the practice has it now.
 *
 * @returns undefined when the practice has no such appointment (any more).
 */
export async function readAppointment(
  practice: DirectoryEntry,
  { appointmentId, nhsNumber }: AppointmentReference,
  { gpConnect, call }: JourneyContext,
): Promise<ReceivedAppointment | undefined> {
  try {
    return await gpConnect.readAppointment(practice, appointmentId, call, { nhsNumber });
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
  const listed = await loaders.appointments.load(key).catch(() => []);
  return listed.find(({ id }) => id === appointmentId);
}
