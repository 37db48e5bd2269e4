import { Arg, Ctx, Directive, Field, ID, InputType, Mutation, Resolver } from "type-graphql";
import { cancelAppointment } from "../../journeys/cancel/cancel-appointment.js";
import type { GraphContext } from "../context.js";
import { costOfCalls } from "../shared/price.js";
import { CancelAppointmentResult, toCancelAppointmentResult } from "./cancel-appointment.result.js";

@InputType("CancelAppointmentInput", { description: "Which appointment to cancel, and why." })
export class CancelAppointmentInput {
  @Field(() => ID, { description: "Id of the appointment." })
  id!: string;

  @Field(() => String, {
    description:
      "`version` of the appointment as you saw it: a later change by somebody else is not overwritten.",
  })
  version!: string;

  @Field(() => String, {
    description: "Why, in words for the practice. Some systems keep only about 150 characters of it.",
  })
  reason!: string;

  @Field(() => ID, {
    nullable: true,
    description:
      "A key of your own making for this cancellation. The same key gives the same result, however often it is sent; with other content it is refused.",
  })
  idempotencyKey?: string;
}

@Resolver()
export class CancelAppointmentResolver {
  @Directive(costOfCalls(5))
  @Mutation(() => CancelAppointmentResult, {
    nullable: true,
    description: "Cancels a future appointment, whoever booked it. Its slots are free again at once.",
  })
  async cancelAppointment(
    @Arg("input", () => CancelAppointmentInput, { description: "Which appointment to cancel, and why." })
    input: CancelAppointmentInput,
    @Ctx() context: GraphContext,
  ): Promise<typeof CancelAppointmentResult> {
    const outcome = await cancelAppointment(
      {
        id: input.id,
        version: input.version,
        reason: input.reason,
        idempotencyKey: input.idempotencyKey ?? undefined,
      },
      context,
    );
    return toCancelAppointmentResult(outcome, context.appointmentIds) as typeof CancelAppointmentResult;
  }
}
