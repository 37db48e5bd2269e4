import { createUnionType, Field, ID, ObjectType } from "type-graphql";
import type { RegistrationOutcome } from "../../journeys/register/register-patient.js";
import { PracticeType } from "../practice/practice.type.js";
import { ProblemType } from "../shared/problem.type.js";
import { DateTime } from "../shared/scalars.js";
import { DemographicDifferenceType } from "./demographics-mismatch.type.js";
import {
  PatientNotAtPracticeType,
  PatientNotEligibleType,
  PatientNotFoundType,
  PracticeRefusedType,
  problem,
  SETTLES_AT,
  unknownFields,
} from "./problems.type.js";
import { TemporaryRegistrationType } from "./temporary-registration.type.js";

const DIFFERENCES =
  "Where the practice's record differs from PDS, with both values. Show them: it may be another person.";

@ObjectType("PatientRegistered", {
  simpleResolvers: true,
  description: "The patient is registered at the practice for the time being.",
})
export class PatientRegisteredType {
  @Field(() => PracticeType, { nullable: true, description: "The practice." })
  practice!: PracticeType;

  @Field(() => TemporaryRegistrationType, { description: "The registration that was made." })
  registration!: TemporaryRegistrationType;

  @Field(() => [DemographicDifferenceType], { description: DIFFERENCES })
  differences!: DemographicDifferenceType[];
}

@ObjectType("PatientAlreadyRegistered", {
  implements: ProblemType,
  simpleResolvers: true,
  description: "The practice knows the patient already: nothing was changed, and nothing stands in the way.",
})
export class PatientAlreadyRegisteredType extends ProblemType {
  @Field(() => PracticeType, { nullable: true, description: "The practice." })
  practice!: PracticeType;

  @Field(() => TemporaryRegistrationType, {
    description: "The registration as it is, which may be a regular one.",
  })
  registration!: TemporaryRegistrationType;

  @Field(() => [DemographicDifferenceType], { description: DIFFERENCES })
  differences!: DemographicDifferenceType[];
}

@ObjectType("RegistrationOutcomeUnknown", {
  implements: ProblemType,
  simpleResolvers: true,
  description:
    "The practice's response was lost or unclear, and the registration may or may not have been made. Send the same registration again after `settlesAt`: the patient is found first, and nobody is registered twice.",
})
export class RegistrationOutcomeUnknownType extends ProblemType {
  @Field(() => ID, {
    description: "Names this registration. The same registration has the same handle.",
  })
  handle!: string;

  @Field(() => DateTime, { description: SETTLES_AT })
  settlesAt!: string;
}

export const RegisterPatientResult = createUnionType({
  name: "RegisterPatientResult",
  description: "What came of a registration. Every member but the first is a `SpineProblem`.",
  types: () =>
    [
      PatientRegisteredType,
      PatientAlreadyRegisteredType,
      PatientNotFoundType,
      PatientNotEligibleType,
      PatientNotAtPracticeType,
      PracticeRefusedType,
      RegistrationOutcomeUnknownType,
    ] as const,
});

/** Maps the outcome of the journey to the schema. */
export function toRegisterPatientResult(outcome: RegistrationOutcome): PatientRegisteredType | ProblemType {
  switch (outcome.kind) {
    case "registered":
      return Object.assign(new PatientRegisteredType(), registrationFields(outcome));
    case "already-registered": {
      const message = "The practice knows this patient already.";
      const known = problem(PatientAlreadyRegisteredType, "PATIENT_ALREADY_REGISTERED", message);
      return Object.assign(known, registrationFields(outcome));
    }
    case "patient-not-found":
      return problem(PatientNotFoundType, "PATIENT_NOT_FOUND", "No patient has this NHS number.");
    case "patient-not-eligible":
      return problem(PatientNotEligibleType, outcome.code, outcome.message);
    case "patient-not-at-practice":
      return problem(
        PatientNotAtPracticeType,
        "PATIENT_NOT_AT_PRACTICE",
        "The practice neither shows this patient nor registers them. Please ring the practice.",
      );
    case "practice-refused":
      return problem(PracticeRefusedType, outcome.code, outcome.message);
    case "outcome-unknown":
      return Object.assign(
        problem(
          RegistrationOutcomeUnknownType,
          "REGISTRATION_OUTCOME_UNKNOWN",
          "It is not known yet whether the patient was registered. Try again later.",
        ),
        unknownFields(outcome),
      );
  }
}

type Found = Extract<RegistrationOutcome, { readonly odsCode: unknown }>;

function registrationFields({ odsCode, patient, differences }: Found) {
  return {
    practice: new PracticeType(odsCode),
    registration: new TemporaryRegistrationType(patient),
    differences: differences.map((each) => Object.assign(new DemographicDifferenceType(), each)),
  };
}
