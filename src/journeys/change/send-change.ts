import type { SendEnd } from "../../commands/command-definition.js";
import type { PracticeAppointment } from "../../domain/appointment.js";
import { UpstreamError } from "../../platform/errors.js";
import { compareWrite } from "../compare-write.js";
import { toFailedEnd } from "../failed-send.js";
import type { JourneyContext } from "../journey-context.js";
import type { ReadyToChange } from "./change-types.js";

/** Sends the change once. Reports what went wrong and never throws: the failure may have come after it had left. */
export async function sendChange(
  ready: ReadyToChange,
  context: JourneyContext,
): Promise<SendEnd<PracticeAppointment>> {
  try {
    return toSendEnd(ready, await send(ready, context));
  } catch (error) {
    if (!(error instanceof UpstreamError)) return toFailedEnd(error);
    // 409 or 412: the appointment is not in the version that the change is based on.
    if (error.httpStatus === 409 || error.httpStatus === 412) return { kind: "conflict", error };
    return error.reason === "WRONG_PATIENT" ? { kind: "mismatch" } : toFailedEnd(error);
  } finally {
    context.loaders.clearPracticeResponses();
  }
}

/** Sends the whole resource back, as it was received, with the requested change. */
function send(
  { practice, received, change, reference: { nhsNumber } }: ReadyToChange,
  { gpConnect, call }: JourneyContext,
): Promise<PracticeAppointment> {
  if (change.kind === "cancel") {
    return gpConnect.cancelAppointment(practice, received, change.reason, call, { nhsNumber });
  }
  const { description, comment } = change;
  return gpConnect.amendAppointment(practice, received, { description, comment }, call, { nhsNumber });
}

/** A 2xx is believed only when it says what was requested. */
function toSendEnd(
  { received: { appointment: before }, change }: ReadyToChange,
  found: PracticeAppointment,
): SendEnd<PracticeAppointment> {
  const { start, end, slotIds, patientId } = before;
  const status = change.kind === "cancel" ? "cancelled" : "booked";
  switch (compareWrite({ status, start, end, slotIds, patientId }, found)) {
    case "same":
      return { kind: "confirmed", found };
    case "not-done":
      return { kind: "not-done" };
    case "incomplete":
      return { kind: "unclear" };
    case "mismatch":
      return { kind: "mismatch" };
  }
}
