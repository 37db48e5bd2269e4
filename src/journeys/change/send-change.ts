import type { SendEnd } from "../../commands/command-definition.js";
import type { PracticeAppointment } from "../../domain/appointment.js";
import { UpstreamError } from "../../platform/errors.js";
import type { JourneyContext } from "../journey-context.js";
import type { ReadyToChange } from "./change-types.js";

/** Sends the change once. Reports what went wrong and never throws: the failure may have come after it had left. */
export async function sendChange(
  ready: ReadyToChange,
  context: JourneyContext,
): Promise<SendEnd<PracticeAppointment>> {
  try {
    return { kind: "confirmed", found: await send(ready, context) };
  } catch (error) {
    if (!(error instanceof UpstreamError)) return { kind: "unclear" };
    // 409 or 412: the appointment is not in the version that the change is based on.
    if (error.httpStatus === 409 || error.httpStatus === 412) return { kind: "conflict", error };
    return error.outcomeUnknown ? { kind: "unclear" } : { kind: "refused", error };
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
