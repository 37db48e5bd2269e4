import { LimitError } from "../platform/errors.js";

/** Two hundred practices with 2,000 free slots each stay within it. */
export const MAX_LISTED_ITEMS = 400_000;

/** Characters of JSON, as far as they are counted here. */
export const MAX_RESPONSE_CHARACTERS = 128 * 1024 * 1024;

/** A response with fewer listed items is not measured: it cannot come near the limit. */
const MEASURED_FROM_ITEMS = 20_000;

/**
 * Limits the size of one response. A longer list is never cut: the whole response is refused, because a part of it could be
 * taken for the whole.
 */
export class ResponseSize {
  #items = 0;

  constructor(
    private readonly maxItems = MAX_LISTED_ITEMS,
    private readonly maxCharacters = MAX_RESPONSE_CHARACTERS,
  ) {}

  /**
   * Counts the items of a list while the response is built.
   *
   * @throws LimitError `ANSWER_TOO_LARGE`.
   */
  addItems(count: number): void {
    this.#items += count;
    if (this.#items > this.maxItems) throw tooLarge();
  }

  /** Whether it takes noticeable time to send the response. */
  get isLarge(): boolean {
    return this.#items >= Math.min(MEASURED_FROM_ITEMS, this.maxItems);
  }

  /** Whether the response must be refused: a list went over the limit, or all of it together is too long. */
  isExceededBy(data: unknown): boolean {
    if (this.#items > this.maxItems) return true;
    return this.isLarge && isLonger(data, this.maxCharacters);
  }
}

export function tooLarge(): LimitError {
  return new LimitError(
    "ANSWER_TOO_LARGE",
    "The response would be too large. Request fewer practices, a shorter range or fewer fields.",
  );
}

/** Stops as soon as it is certain. */
function isLonger(data: unknown, limit: number): boolean {
  let left = limit;
  const rest: unknown[] = [data];
  while (rest.length > 0 && left >= 0) {
    const value = rest.pop();
    if (typeof value === "string") left -= value.length + 3;
    else if (Array.isArray(value)) for (const item of value) rest.push(item);
    else if (typeof value === "object" && value !== null) {
      for (const [name, member] of Object.entries(value)) {
        left -= name.length + 4;
        rest.push(member);
      }
    } else left -= 6;
  }
  return left < 0;
}
