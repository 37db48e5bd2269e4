import { createUnionType, Field, ObjectType } from "type-graphql";
import type { BookingOutcome } from "../../journeys/book/booking-outcome.js";
import type { AppointmentIds } from "../../platform/ids/appointment-id.js";
import type { ProblemType } from "../shared/problem.type.js";
import { AppointmentType } from "./appointment.type.js";
import { DemographicsMismatchType } from "./demographics-mismatch.type.js";
import {
  BookingOutcomeUnknownType,
  PatientNotAtPracticeType,
  PatientNotEligibleType,
  PatientNotFoundType,
  PracticeRefusedType,
  problem,
  SlotsNotBookableTogetherType,
  SlotUnavailableType,
  unknownFields,
} from "./problems.type.js";
import { TemporaryRegistrationType } from "./temporary-registration.type.js";

@ObjectType("AppointmentBooked", {
  simpleResolvers: true,
  description: "The appointment stands at the practice.",
})
export class AppointmentBookedType {
  @Field(() => AppointmentType, { description: "The appointment, as the practice confirmed it." })
  appointment!: AppointmentType;

  @Field(() => Boolean, {
    description:
      "Read back: the practice's response was lost or unclear and the booking stands, or your organisation had made the same booking before. Either way there is one appointment, and it is this one.",
  })
  recovered!: boolean;

  @Field(() => [String], {
    description:
      "What you should know about how the practice kept the booking, in plain words: which of description and comment it changed.",
  })
  warnings!: readonly string[];

  @Field(() => TemporaryRegistrationType, {
    nullable: true,
    description: "The temporary registration that was made for it, if one was needed.",
  })
  registration: TemporaryRegistrationType | undefined;
}

export const BookAppointmentResult = createUnionType({
  name: "BookAppointmentResult",
  description: "What came of a booking. Every member but the first is a `SpineProblem`.",
  types: () =>
    [
      AppointmentBookedType,
      SlotUnavailableType,
      SlotsNotBookableTogetherType,
      PatientNotFoundType,
      PatientNotEligibleType,
      PatientNotAtPracticeType,
      DemographicsMismatchType,
      PracticeRefusedType,
      BookingOutcomeUnknownType,
    ] as const,
});

const TOGETHER: Record<string, string> = {
  NOT_CONSECUTIVE: "Each slot must begin when the one before it ends.",
  DIFFERENT_SCHEDULE: "The slots belong to different sessions.",
  DIFFERENT_DELIVERY_CHANNEL: "The slots have different delivery channels.",
  DIFFERENT_TYPE: "The slots are of different types.",
  DIFFERENT_PRACTICES: "The slots belong to different practices.",
};

/** Maps the outcome of the journey to the schema. */
export function toBookAppointmentResult(
  outcome: BookingOutcome,
  ids: AppointmentIds,
): AppointmentBookedType | ProblemType {
  switch (outcome.kind) {
    case "booked":
      return Object.assign(new AppointmentBookedType(), {
        appointment: new AppointmentType(outcome.appointment, ids),
        recovered: outcome.recovered,
        warnings: outcome.warnings,
        registration: outcome.registration && new TemporaryRegistrationType(outcome.registration),
      });
    case "slot-unavailable":
      return problem(SlotUnavailableType, outcome.code, outcome.message);
    case "slots-not-bookable-together":
      return problem(SlotsNotBookableTogetherType, outcome.code, TOGETHER[outcome.code] ?? "");
    case "patient-not-found":
      return problem(PatientNotFoundType, "PATIENT_NOT_FOUND", "No patient has this NHS number.");
    case "patient-not-eligible":
      return problem(PatientNotEligibleType, outcome.code, outcome.message);
    case "patient-not-at-practice":
      return problem(
        PatientNotAtPracticeType,
        "PATIENT_NOT_AT_PRACTICE",
        outcome.isRegistrationRefused
          ? "The practice neither shows this patient nor registers them. Please ring the practice."
          : "The practice does not know this patient. They can be registered there temporarily.",
      );
    case "demographics-mismatch":
      return new DemographicsMismatchType(outcome.differences);
    case "practice-refused":
      return problem(PracticeRefusedType, outcome.code, outcome.message);
    case "outcome-unknown": {
      const message =
        "It is not known yet whether the booking stands. Find out before you try anything else.";
      const unknown = problem(BookingOutcomeUnknownType, "BOOKING_OUTCOME_UNKNOWN", message);
      return Object.assign(unknown, unknownFields(outcome));
    }
  }
}
