import { createUnionType, Field, ObjectType } from "type-graphql";
import type { PracticePatient } from "../../domain/patient.js";
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
} from "./problems.type.js";

@ObjectType("TemporaryRegistration", {
  simpleResolvers: true,
  description: "A registration that was made at the practice on the way to a booking.",
})
export class TemporaryRegistrationType {
  @Field(() => String, { nullable: true, description: "`T` for temporary; an open list." })
  type: string | undefined;

  @Field(() => String, { nullable: true, description: "First day or moment, as the practice wrote it." })
  start: string | undefined;

  @Field(() => String, { nullable: true, description: "Last day or moment, as the practice wrote it." })
  end: string | undefined;

  constructor(patient: PracticePatient) {
    this.type = patient.registrationType;
    this.start = patient.registrationPeriod?.start;
    this.end = patient.registrationPeriod?.end;
  }
}

@ObjectType("AppointmentBooked", {
  simpleResolvers: true,
  description: "The appointment stands at the practice.",
})
export class AppointmentBookedType {
  @Field(() => AppointmentType, { description: "The appointment, as the practice confirmed it." })
  appointment!: AppointmentType;

  @Field(() => Boolean, {
    description:
      "The practice's answer was lost or unclear, and reading back showed that this booking of yours stands.",
  })
  recovered!: boolean;

  @Field(() => TemporaryRegistrationType, {
    nullable: true,
    description: "The temporary registration that was made for it, if one was needed.",
  })
  registration: TemporaryRegistrationType | undefined;
}

export const BookAppointmentResult = createUnionType({
  name: "BookAppointmentResult",
  description: "What came of a booking. Every member but the first is a `Problem`.",
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

/** The outcome of the journey in the words of the schema. */
export function toBookAppointmentResult(
  outcome: BookingOutcome,
  ids: AppointmentIds,
): AppointmentBookedType | ProblemType {
  switch (outcome.kind) {
    case "booked":
      return Object.assign(new AppointmentBookedType(), {
        appointment: new AppointmentType(outcome.appointment, ids),
        recovered: outcome.recovered,
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
        "The practice does not know this patient. They can be registered there temporarily.",
      );
    case "demographics-mismatch":
      return new DemographicsMismatchType(outcome.differences);
    case "practice-refused":
      return problem(PracticeRefusedType, outcome.code, outcome.message);
    case "outcome-unknown":
      return problem(
        BookingOutcomeUnknownType,
        "BOOKING_OUTCOME_UNKNOWN",
        "The practice's answer was lost. The booking may or may not stand: look at the patient's appointments before trying again.",
      );
  }
}
