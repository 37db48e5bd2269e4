import { practiceByCode } from "../personas/practices.js";
import type { PracticeState } from "./practice-state.js";
import { createPracticeState } from "./create-practice-state.js";
import type { Consumer } from "./timetable.js";

/** The states of all practices, each built when it is first looked at, for the day on which the sandbox began. */
export class PracticeStates {
  readonly #states = new Map<string, PracticeState>();

  constructor(
    private readonly today: string,
    private readonly consumer: Consumer,
  ) {}

  /** The book of a practice; undefined when there is no such practice. */
  get(odsCode: string): PracticeState | undefined {
    const known = this.#states.get(odsCode);
    if (known) return known;
    const practice = practiceByCode(odsCode);
    if (!practice) return undefined;
    const state = createPracticeState(practice, this.today, this.consumer);
    this.#states.set(odsCode, state);
    return state;
  }
}
