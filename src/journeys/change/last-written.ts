import type { IntentResult } from "../../commands/command-store.js";
import type { PracticeAppointment } from "../../domain/appointment.js";
import type { AppointmentReference } from "../../platform/ids/appointment-id.js";
import { asBooking } from "../booking-intent.js";
import { haveSameIds } from "../compare-write.js";
import type { JourneyContext } from "../journey-context.js";
import type { ClaimedChange } from "./change-types.js";

/** By which the version of an appointment that a change gave out is found again. */
export function writtenVersion(
  { odsCode, appointmentId }: AppointmentReference,
  version: string,
): IntentResult {
  return { odsCode, appointmentId: `${appointmentId} version ${version}` };
}

/**
 * Whether the appointment is still as we last wrote it, although its version is not the one that we gave out. Some
 * practices respond to a write with another version than they keep. Nobody has changed anything then.
 *
 * @param version the version that we gave out, as the caller sends it back.
 */
export async function isAsLastWritten(
  reference: AppointmentReference,
  version: string,
  current: PracticeAppointment,
  context: JourneyContext,
): Promise<boolean> {
  const written = await findWritten(reference, version, context);
  return written !== undefined && written.versionId === version && hasSameContent(written, current);
}

async function findWritten(
  reference: AppointmentReference,
  version: string,
  { commands: { store } }: JourneyContext,
): Promise<PracticeAppointment | undefined> {
  const changeKey = await store.ownerOf(writtenVersion(reference, version));
  const bookingKey = changeKey === undefined ? await store.ownerOf(reference) : undefined;
  const owner = changeKey ?? bookingKey;
  const stored = owner === undefined ? undefined : await store.get(owner);
  if (stored?.intent.state.name !== "done") return undefined;
  if (stored.intent.kind === "book") {
    const { state } = asBooking(stored).intent;
    return state.name === "done" ? state.result.appointment.record : undefined;
  }
  const { state } = (stored as ClaimedChange).intent;
  return state.name === "done" ? state.result.written : undefined;
}

function hasSameContent(one: PracticeAppointment, other: PracticeAppointment): boolean {
  return (
    one.status === other.status &&
    Date.parse(one.start) === Date.parse(other.start) &&
    Date.parse(one.end) === Date.parse(other.end) &&
    haveSameIds(one.slotIds, other.slotIds) &&
    (one.description ?? "") === (other.description ?? "") &&
    (one.comment ?? "") === (other.comment ?? "") &&
    (one.cancellationReason ?? "") === (other.cancellationReason ?? "")
  );
}
