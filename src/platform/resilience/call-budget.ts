import { LimitError } from "../errors.js";

/**
 * The number of calls that one operation may send. What an operation may cost is checked before it runs; this holds
 * although a list is longer than the price assumes.
 */
export class CallBudget {
  #calls = 0;

  constructor(private readonly maxCalls: number) {}

  /**
   * Counts a call that is about to be made. A write is never refused: by then its journey has made its reads, and must be
   * able to end what it began.
   *
   * @throws LimitError when a read exceeds the budget.
   */
  spend(purpose: "read" | "write"): void {
    this.#calls += 1;
    if (this.#calls <= this.maxCalls || purpose === "write") return;
    throw new LimitError(
      "QUERY_TOO_COSTLY",
      `The operation needs more than ${this.maxCalls} upstream calls. Request fewer items or fewer fields.`,
    );
  }
}
