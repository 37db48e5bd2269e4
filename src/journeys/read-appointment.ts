import type { DirectoryEntry } from "../domain/directory-entry.js";
import { BadUserInputError, UpstreamError } from "../platform/errors.js";
import type { AppointmentReference } from "../platform/ids/appointment-id.js";
import type { ReceivedAppointment } from "../upstreams/ssp/index.js";
import type { JourneyContext } from "./journey-context.js";

/** @throws BadUserInputError for an id that we did not give out, before any call. */
export function requireAppointmentId(
  id: string,
  field: string,
  context: JourneyContext,
): AppointmentReference {
  const reference = context.appointmentIds.decode(id);
  if (reference) return reference;
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
