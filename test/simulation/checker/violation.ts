/** An invariant that does not hold. */
export interface Violation {
  readonly rule:
    | "two creates outstanding for one slot"
    | "too many creates"
    | "two appointments for one slot"
    | "two appointments for one key"
    | "two registrations of one patient"
    | "reported booked, but is not"
    | "reported booked before, but is not"
    | "attributed to another key"
    | "reported not booked, but is"
    | "reported cancelled, but is not"
    | "reported not cancelled, but is"
    | "reported amended, but is not"
    | "reported not amended, but is"
    | "reported registered, but is not"
    | "reported not registered, but is"
    | "reported not sent, but was"
    | "reply covers earlier requests"
    | "settlesAt is too early"
    | "settlesAt is not kept"
    | "not reconciled"
    | "late duplicate not noticed"
    | "audit"
    | "crash";
  readonly what: string;
  /** The requests that it concerns. */
  readonly correlationIds: readonly string[];
}

/** One violation, as a list for `flatMap`. */
export function violation(
  rule: Violation["rule"],
  what: string,
  ...correlationIds: readonly string[]
): Violation[] {
  return [{ rule, what, correlationIds }];
}
