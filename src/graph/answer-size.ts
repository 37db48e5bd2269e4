import { LimitError } from "../platform/errors.js";

/** Two hundred practices with 2,000 free slots each stay within it. */
export const MAX_LISTED_ITEMS = 400_000;

/** Characters of JSON, as far as they are counted here. */
export const MAX_ANSWER_CHARACTERS = 128 * 1024 * 1024;

/** An answer with fewer listed items is not measured: it cannot come near the limit. */
const MEASURED_FROM_ITEMS = 20_000;

/**
 * How much one operation may answer. A longer list is never cut: the whole answer is refused, since a part of it would be
 * taken for all of it.
 */
export class AnswerSize {
  #items = 0;

  constructor(
    private readonly maxItems = MAX_LISTED_ITEMS,
    private readonly maxCharacters = MAX_ANSWER_CHARACTERS,
  ) {}

  /**
   * Counts the items of a list while the answer is built.
   *
   * @throws LimitError `ANSWER_TOO_LARGE`.
   */
  addItems(count: number): void {
    this.#items += count;
    if (this.#items > this.maxItems) throw tooLarge();
  }

  /** Whether the answer must be refused: a list went over the limit, or all of it together is too long. */
  isExceededBy(data: unknown): boolean {
    if (this.#items > this.maxItems) return true;
    return this.#items >= Math.min(MEASURED_FROM_ITEMS, this.maxItems) && isLonger(data, this.maxCharacters);
  }
}

export function tooLarge(): LimitError {
  return new LimitError(
    "ANSWER_TOO_LARGE",
    "The answer would be too large. Ask for fewer practices, a shorter range or fewer fields.",
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
