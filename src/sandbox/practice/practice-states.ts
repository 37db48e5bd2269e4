import { type Practice, practiceByCode } from "../personas/practices.js";
import type { SupplierProfile } from "../suppliers/supplier-profile.js";
import { createPracticeState } from "./create-practice-state.js";
import type { PracticeState } from "./practice-state.js";
import type { Consumer } from "./timetable.js";

/** The states of all practices. Each is created on first use, for the day on which the sandbox started. */
export class PracticeStates {
  readonly #states = new Map<string, PracticeState>();

  constructor(
    private readonly today: string,
    private readonly consumer: Consumer,
    private readonly profileOf: (practice: Practice) => SupplierProfile,
  ) {}

  /** The state of a practice, or undefined for an unknown ODS code. */
  get(odsCode: string): PracticeState | undefined {
    const known = this.#states.get(odsCode);
    if (known) return known;
    const practice = practiceByCode(odsCode);
    if (!practice) return undefined;
    const state = createPracticeState(practice, this.profileOf(practice), this.today, this.consumer);
    this.#states.set(odsCode, state);
    return state;
  }
}
