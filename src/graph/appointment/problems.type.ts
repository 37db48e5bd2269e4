import { Field, ID, ObjectType } from "type-graphql";
import { ProblemType } from "../shared/problem.type.js";
import { DateTime } from "../shared/scalars.js";

export const SETTLES_AT =
  "The earliest moment at which it can be stated that nothing was done. Until then the practice may still carry it out.";

@ObjectType("SlotUnavailable", {
  implements: ProblemType,
  simpleResolvers: true,
  description:
    "Nothing was booked. `code` says why: `SLOT_UNAVAILABLE` (taken), `SLOT_IN_PAST`, `SLOT_CHANGED` (the practice has moved, changed or removed it), `ALREADY_BOOKED_FOR_PATIENT`, or `SLOT_BEING_BOOKED`: another booking of the slot is under way, so try again in a moment. Otherwise search again.",
})
export class SlotUnavailableType extends ProblemType {}

@ObjectType("SlotsNotBookableTogether", {
  implements: ProblemType,
  simpleResolvers: true,
  description: "The slots do not make one appointment; `code` names the rule. The practice was not called.",
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
    "The practice has no active record of this patient, and no registration was requested or possible.",
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
    "The practice's response was lost or unclear, and the booking may or may not stand. Never treat it as a failure. It is reconciled without further requests. Poll `bookingOutcome(handle)`, or send the same booking again with `handle` as its `idempotencyKey` after `settlesAt`.",
})
export class BookingOutcomeUnknownType extends ProblemType {
  @Field(() => ID, {
    description: "The key to send again: your own, or one that was made for this booking.",
  })
  handle!: string;

  @Field(() => DateTime, { description: SETTLES_AT })
  settlesAt!: string;
}

@ObjectType("ChangeOutcomeUnknown", {
  implements: ProblemType,
  simpleResolvers: true,
  description:
    "The practice's response was lost or unclear, and the change may or may not have been made. Never treat it as a failure. Send the same change again with `handle` as its `idempotencyKey` after `settlesAt`.",
})
export class ChangeOutcomeUnknownType extends ProblemType {
  @Field(() => ID, {
    description: "The key to send again: your own, or one that was made for this change.",
  })
  handle!: string;

  @Field(() => DateTime, { description: SETTLES_AT })
  settlesAt!: string;
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

/** What the unknown outcomes of all commands have in common. */
export function unknownFields({
  handle,
  settlesAt,
}: {
  readonly handle: string;
  readonly settlesAt: number;
}) {
  return { handle, settlesAt: new Date(settlesAt).toISOString() };
}
