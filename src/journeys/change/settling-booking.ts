import { UpstreamError } from "../../platform/errors.js";
import type { AppointmentReference } from "../../platform/ids/appointment-id.js";
import type { JourneyContext } from "../journey-context.js";

/**
 * A booking of ours that was sent twice may still have its first create on the way. As long as the appointment stands,
 * that one is refused; were it cancelled now, its slot would be free and a second appointment could appear for one key. So
 * for the rest of the bound on late commits, half a minute at most, it is not cancelled through us.
 *
 * @throws UpstreamError retryable.
 */
export async function refuseWhileBookingSettles(
  { odsCode, appointmentId }: AppointmentReference,
  { commands }: JourneyContext,
): Promise<void> {
  const key = await commands.intents.ownerOf({ odsCode, appointmentId });
  const booking = key === undefined ? undefined : await commands.intents.get(key);
  if (booking === undefined || commands.isSpent(booking)) return;
  throw new UpstreamError(
    "The booking is not quite settled at the practice yet. Cancel it again in half a minute.",
    { service: "PROVIDER", code: "UPSTREAM_UNAVAILABLE", reason: "BOOKING_SETTLING", retryable: true },
  );
}
