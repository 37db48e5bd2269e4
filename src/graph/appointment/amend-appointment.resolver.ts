import { Arg, Ctx, Directive, Field, ID, InputType, Mutation, Resolver } from "type-graphql";
import { amendAppointment } from "../../journeys/amend/amend-appointment.js";
import type { GraphContext } from "../context.js";
import { costOfCalls } from "../shared/price.js";
import { AmendAppointmentResult, toAmendAppointmentResult } from "./amend-appointment.result.js";

@InputType("AmendAppointmentInput", {
  description:
    "Which appointment to amend, and its new texts. Nothing else of an appointment can be amended.",
})
export class AmendAppointmentInput {
  @Field(() => ID, { description: "Id of the appointment." })
  id!: string;

  @Field(() => String, {
    description:
      "`version` of the appointment as you saw it: a later change by somebody else is not overwritten.",
  })
  version!: string;

  @Field(() => String, {
    nullable: true,
    description:
      "New short text, 1 to 100 characters; longer is refused, never cut. Left out, it stays as it is. Administrative, not clinical.",
  })
  description?: string;

  @Field(() => String, {
    nullable: true,
    description:
      "New longer text, up to 500 characters. Left out, it stays as it is; empty, it is taken away. Administrative, not clinical.",
  })
  comment?: string;

  @Field(() => ID, {
    nullable: true,
    description:
      "A key of your own making for this amendment. The same key gives the same result, however often it is sent; with other content it is refused.",
  })
  idempotencyKey?: string;
}

@Resolver()
export class AmendAppointmentResolver {
  @Directive(costOfCalls(5))
  @Mutation(() => AmendAppointmentResult, {
    nullable: true,
    description: "Changes the description or the comment of a future appointment, whoever booked it.",
  })
  async amendAppointment(
    @Arg("input", () => AmendAppointmentInput, { description: "Which appointment to amend, and how." })
    input: AmendAppointmentInput,
    @Ctx() context: GraphContext,
  ): Promise<typeof AmendAppointmentResult> {
    const outcome = await amendAppointment(
      {
        id: input.id,
        version: input.version,
        description: input.description ?? undefined,
        comment: input.comment ?? undefined,
        idempotencyKey: input.idempotencyKey ?? undefined,
      },
      context,
    );
    return toAmendAppointmentResult(outcome, context.appointmentIds) as typeof AmendAppointmentResult;
  }
}
