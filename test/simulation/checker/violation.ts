/** A promise that was broken. */
export interface Violation {
  readonly rule:
    | "two for one slot"
    | "two for one key"
    | "two for one patient"
    | "booked and does not stand"
    | "booked already and is not"
    | "given to another key"
    | "not booked and appears"
    | "cancelled and stands"
    | "not cancelled and is"
    | "amended and is not"
    | "not amended and is"
    | "registered and is not"
    | "not registered and is"
    | "not sent and was"
    | "speaks for other asks"
    | "not settled"
    | "audit"
    | "crash";
  readonly what: string;
  /** The asks that it is about. */
  readonly asks: readonly string[];
}

/** One broken promise about one ask. */
export function broken(rule: Violation["rule"], what: string, ...asks: readonly string[]): Violation[] {
  return [{ rule, what, asks }];
}
