import { Field, InterfaceType } from "type-graphql";

/** Codes after which the same request may succeed: the practice or our own reconciliation needs a moment. */
const RETRYABLE = new Set([
  "SLOT_BEING_BOOKED",
  "TRACE_TOO_OLD",
  "BOOKING_OUTCOME_UNKNOWN",
  "CHANGE_OUTCOME_UNKNOWN",
  "REGISTRATION_OUTCOME_UNKNOWN",
]);

@InterfaceType("SpineProblem", {
  description:
    "What all unsuccessful results of a command have in common. A caller with a default branch on it survives a new member.",
})
export abstract class ProblemType {
  @Field(() => String, {
    description: "For programs: the type's name in UPPER_SNAKE, or a finer code where there is one.",
  })
  code!: string;

  @Field(() => String, { description: "Plain words, safe to show to the person at the screen." })
  message!: string;

  @Field(() => Boolean, {
    description: "Whether the same request may succeed later, with nothing changed in it.",
  })
  get retryable(): boolean {
    return RETRYABLE.has(this.code);
  }
}
