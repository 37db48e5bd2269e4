import { Arg, Ctx, ID, Query, Resolver } from "type-graphql";
import { findBookingOutcome } from "../../journeys/book/find-booking-outcome.js";
import type { GraphContext } from "../context.js";
import { BookAppointmentResult, toBookAppointmentResult } from "./book-appointment.result.js";

@Resolver()
export class BookingOutcomeResolver {
  @Query(() => BookAppointmentResult, {
    nullable: true,
    description:
      "What is known of a booking, by its `idempotencyKey` or by the `handle` of its unknown outcome. It makes no call to the practice, so it is safe to poll. The appointment is given as it was when its booking became known. Null for a key under which your organisation has sent nothing. When the booking was sent and nothing was booked, the error has the reason `NOT_BOOKED`.",
  })
  async bookingOutcome(
    @Arg("handle", () => ID, { description: "The key that the booking was sent with, or its handle." })
    handle: string,
    @Ctx() context: GraphContext,
  ): Promise<typeof BookAppointmentResult | undefined> {
    const outcome = await findBookingOutcome(handle, context);
    return (
      outcome && (toBookAppointmentResult(outcome, context.appointmentIds) as typeof BookAppointmentResult)
    );
  }
}
