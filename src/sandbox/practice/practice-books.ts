import { practiceByCode } from "../cast/practices.js";
import type { PracticeBook } from "./book.js";
import { buildBook } from "./build-book.js";
import type { Consumer } from "./timetable.js";

/** The books of all practices, each built when it is first looked at, for the day on which the sandbox began. */
export class PracticeBooks {
  readonly #books = new Map<string, PracticeBook>();

  constructor(
    private readonly today: string,
    private readonly consumer: Consumer,
  ) {}

  /** The book of a practice; undefined when there is no such practice. */
  get(odsCode: string): PracticeBook | undefined {
    const known = this.#books.get(odsCode);
    if (known) return known;
    const practice = practiceByCode(odsCode);
    if (!practice) return undefined;
    const book = buildBook(practice, this.today, this.consumer);
    this.#books.set(odsCode, book);
    return book;
  }
}
