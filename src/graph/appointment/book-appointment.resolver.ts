import { Arg, Ctx, Directive, Mutation, Resolver } from "type-graphql";
import { bookAppointment } from "../../journeys/book/book-appointment.js";
import type { GraphContext } from "../context.js";
import { costOfCalls } from "../shared/price.js";
import { BookAppointmentInput } from "./book-appointment.input.js";
import { BookAppointmentResult, toBookAppointmentResult } from "./book-appointment.result.js";
import { toTemporaryContacts } from "./temporary-address.input.js";

@Resolver()
export class BookAppointmentResolver {
  @Directive(costOfCalls(5))
  @Mutation(() => BookAppointmentResult, {
    nullable: true,
    description:
      "Books one slot, or several adjacent ones, for a patient. What a person can act on is a member of the result; faults are in `errors`, and after a fault nothing is booked. Whatever is not known for certain is `BookingOutcomeUnknown`.",
  })
  async bookAppointment(
    @Arg("input", () => BookAppointmentInput, { description: "What to book, and for whom." })
    input: BookAppointmentInput,
    @Ctx() context: GraphContext,
  ): Promise<typeof BookAppointmentResult> {
    const outcome = await bookAppointment(
      {
        nhsNumber: input.nhsNumber,
        slotIds: input.slotIds,
        description: input.description,
        comment: input.comment ?? undefined,
        verify: input.verify ?? undefined,
        idempotencyKey: input.idempotencyKey ?? undefined,
        temporaryContacts: toTemporaryContacts(input),
        registerIfAbsent: input.registerIfAbsent ?? false,
        acknowledgeDiscrepancies: input.acknowledgeDiscrepancies ?? false,
      },
      context,
    );
    return toBookAppointmentResult(outcome, context.appointmentIds) as typeof BookAppointmentResult;
  }
}
