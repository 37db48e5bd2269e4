import { Field, ID, ObjectType } from "type-graphql";
import { ProblemType } from "../shared/problem.type.js";

@ObjectType("SlotUnavailable", {
  implements: ProblemType,
  simpleResolvers: true,
  description: "The slot has been taken, or has started. Nothing was booked; search again.",
})
export class SlotUnavailableType extends ProblemType {}

@ObjectType("SlotsNotBookableTogether", {
  implements: ProblemType,
  simpleResolvers: true,
  description:
    "The slots do not make one appointment; `code` names the rule. Nothing was asked of the practice.",
})
export class SlotsNotBookableTogetherType extends ProblemType {}

@ObjectType("PatientNotFound", {
  implements: ProblemType,
  simpleResolvers: true,
  description: "PDS knows no patient with this NHS number.",
})
export class PatientNotFoundType extends ProblemType {}

@ObjectType("PatientNotEligible", {
  implements: ProblemType,
  simpleResolvers: true,
  description:
    "Nothing can be booked for this patient here; `code` says why as far as it may be told: `DECEASED`, `ACCESS_NOT_AVAILABLE`, `NOT_VERIFIED`, `NHS_NUMBER_INVALID`, `INSUFFICIENT_DEMOGRAPHICS`, `SEVERAL_RECORDS_AT_PRACTICE`, …",
})
export class PatientNotEligibleType extends ProblemType {}

@ObjectType("PatientNotAtPractice", {
  implements: ProblemType,
  simpleResolvers: true,
  description:
    "The practice has no active record of this patient, and no registration was asked for or possible.",
})
export class PatientNotAtPracticeType extends ProblemType {}

@ObjectType("PracticeRefused", {
  implements: ProblemType,
  simpleResolvers: true,
  description:
    "The practice cannot be used this way; `code` says why: `NOT_ON_GP_CONNECT`, `NO_SHARING_AGREEMENT`, `NOT_ENABLED`, …",
})
export class PracticeRefusedType extends ProblemType {}

@ObjectType("BookingOutcomeUnknown", {
  implements: ProblemType,
  simpleResolvers: true,
  description:
    "The practice's answer was lost and reading back has not settled it yet: the booking may or may not stand. Never take it for a failure. It is looked after; send the same booking again with `handle` as its `idempotencyKey` to learn what became of it.",
})
export class BookingOutcomeUnknownType extends ProblemType {
  @Field(() => ID, {
    description: "The key to ask again with: your own, or one that was made for this booking.",
  })
  handle!: string;
}

@ObjectType("ChangeOutcomeUnknown", {
  implements: ProblemType,
  simpleResolvers: true,
  description:
    "The practice's answer was lost and reading the appointment again did not settle it: the change may or may not have been made. Send the same change again with `handle` as its `idempotencyKey` to learn what became of it.",
})
export class ChangeOutcomeUnknownType extends ProblemType {
  @Field(() => ID, {
    description: "The key to ask again with: your own, or one that was made for this change.",
  })
  handle!: string;
}

@ObjectType("AppointmentNotFound", {
  implements: ProblemType,
  simpleResolvers: true,
  description: "The practice has no such appointment any more.",
})
export class AppointmentNotFoundType extends ProblemType {}

/** Makes a problem of one of the types above. */
export function problem<T extends ProblemType>(type: new () => T, code: string, message: string): T {
  return Object.assign(new type(), { code, message });
}
