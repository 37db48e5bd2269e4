import { Field, ObjectType } from "type-graphql";
import type { ChangeOutcome } from "../../journeys/change/change-outcome.js";
import type { AppointmentIds } from "../../platform/ids/appointment-id.js";
import { ProblemType } from "../shared/problem.type.js";
import { AppointmentType } from "./appointment.type.js";
import {
  AppointmentNotFoundType,
  ChangeOutcomeUnknownType,
  PatientNotEligibleType,
  PracticeRefusedType,
  problem,
  unknownFields,
} from "./problems.type.js";

@ObjectType("AppointmentChanged", {
  implements: ProblemType,
  simpleResolvers: true,
  description:
    "The appointment has changed since you saw it: by somebody else, or by an earlier request of yours. Here is its state now.",
})
export class AppointmentChangedType extends ProblemType {
  @Field(() => AppointmentType, { description: "The appointment as it is now." })
  appointment!: AppointmentType;
}

@ObjectType("AppointmentNotChangeable", {
  implements: ProblemType,
  simpleResolvers: true,
  description:
    "The appointment cannot be changed; `code` says why: `ALREADY_CANCELLED`, `APPOINTMENT_IN_PAST`, `READ_ONLY_VISIT`, `NOT_BOOKED`.",
})
export class AppointmentNotChangeableType extends ProblemType {
  @Field(() => AppointmentType, { description: "The appointment as it is now." })
  appointment!: AppointmentType;
}

/** What cancelling and amending have in common: every way in which a change can fail to be made. */
export const CHANGE_PROBLEMS = [
  AppointmentChangedType,
  AppointmentNotChangeableType,
  AppointmentNotFoundType,
  PatientNotEligibleType,
  PracticeRefusedType,
  ChangeOutcomeUnknownType,
] as const;

const NOT_CHANGEABLE: Record<string, string> = {
  ALREADY_CANCELLED: "The appointment is already cancelled.",
  APPOINTMENT_IN_PAST: "The appointment has already started.",
  READ_ONLY_VISIT: "Home visits can be changed by the practice only.",
  NOT_BOOKED: "The appointment is not a booked one.",
};

/** A change that was not made, or not known to be, in the words of the schema. */
export function toChangeProblem(
  outcome: Exclude<ChangeOutcome, { kind: "done" }>,
  ids: AppointmentIds,
): ProblemType {
  switch (outcome.kind) {
    case "changed": {
      const message = "The appointment has changed since you saw it. Look at it again.";
      const appointment = new AppointmentType(outcome.appointment, ids);
      return Object.assign(problem(AppointmentChangedType, "APPOINTMENT_CHANGED", message), { appointment });
    }
    case "not-changeable": {
      const message = NOT_CHANGEABLE[outcome.code] ?? "The appointment cannot be changed.";
      const appointment = new AppointmentType(outcome.appointment, ids);
      return Object.assign(problem(AppointmentNotChangeableType, outcome.code, message), { appointment });
    }
    case "not-found":
      return problem(
        AppointmentNotFoundType,
        "APPOINTMENT_NOT_FOUND",
        "The practice has no such appointment.",
      );
    case "patient-not-eligible":
      return problem(PatientNotEligibleType, outcome.code, outcome.message);
    case "practice-refused":
      return problem(PracticeRefusedType, outcome.code, outcome.message);
    case "outcome-unknown": {
      const message =
        "It is not known yet whether the change was made. Find out before you try anything else.";
      const unknown = problem(ChangeOutcomeUnknownType, "CHANGE_OUTCOME_UNKNOWN", message);
      return Object.assign(unknown, unknownFields(outcome));
    }
  }
}
