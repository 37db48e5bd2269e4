import { createUnionType, Field, ObjectType } from "type-graphql";
import type { ChangeOutcome } from "../../journeys/change/change-outcome.js";
import type { AppointmentIds } from "../../platform/ids/appointment-id.js";
import type { ProblemType } from "../shared/problem.type.js";
import { AppointmentType } from "./appointment.type.js";
import { CHANGE_PROBLEMS, toChangeProblem } from "./change.result.js";

@ObjectType("AppointmentAmended", {
  simpleResolvers: true,
  description: "The appointment has the requested description and comment.",
})
export class AppointmentAmendedType {
  @Field(() => AppointmentType, { description: "The appointment in its new state." })
  appointment!: AppointmentType;

  @Field(() => [String], {
    description:
      "What you should know about how the practice kept the change, in plain words: which of description and comment it changed.",
  })
  warnings!: readonly string[];
}

export const AmendAppointmentResult = createUnionType({
  name: "AmendAppointmentResult",
  description: "What came of an amendment. Every member but the first is a `SpineProblem`.",
  types: () => [AppointmentAmendedType, ...CHANGE_PROBLEMS] as const,
});

/** Maps the outcome of the journey to the schema. */
export function toAmendAppointmentResult(
  outcome: ChangeOutcome,
  ids: AppointmentIds,
): AppointmentAmendedType | ProblemType {
  if (outcome.kind !== "done") return toChangeProblem(outcome, ids);
  return Object.assign(new AppointmentAmendedType(), {
    appointment: new AppointmentType(outcome.appointment, ids),
    warnings: outcome.warnings,
  });
}
