import { createUnionType, Field, ObjectType } from "type-graphql";
import type { ChangeOutcome } from "../../journeys/change/change-outcome.js";
import type { AppointmentIds } from "../../platform/ids/appointment-id.js";
import type { ProblemType } from "../shared/problem.type.js";
import { AppointmentType } from "./appointment.type.js";
import { CHANGE_PROBLEMS, toChangeProblem } from "./change.result.js";

@ObjectType("AppointmentCancelled", {
  simpleResolvers: true,
  description: "The appointment is cancelled, and its slots are free again.",
})
export class AppointmentCancelledType {
  @Field(() => AppointmentType, { description: "The appointment in its new state." })
  appointment!: AppointmentType;

  @Field(() => [String], {
    description: "What you should know all the same, in plain words: that the practice cut the reason off.",
  })
  warnings!: readonly string[];
}

export const CancelAppointmentResult = createUnionType({
  name: "CancelAppointmentResult",
  description: "What came of a cancellation. Every member but the first is a `SpineProblem`.",
  types: () => [AppointmentCancelledType, ...CHANGE_PROBLEMS] as const,
});

/** Maps the outcome of the journey to the schema. */
export function toCancelAppointmentResult(
  outcome: ChangeOutcome,
  ids: AppointmentIds,
): AppointmentCancelledType | ProblemType {
  if (outcome.kind !== "done") return toChangeProblem(outcome, ids);
  return Object.assign(new AppointmentCancelledType(), {
    appointment: new AppointmentType(outcome.appointment, ids),
    warnings: outcome.warnings,
  });
}
