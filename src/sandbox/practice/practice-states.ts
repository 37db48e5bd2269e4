import type { Practice } from "../personas/practices.js";
import type { SupplierProfile } from "../suppliers/supplier-profile.js";
import { createPracticeState, type PracticeWorld } from "./create-practice-state.js";
import type { PracticeState } from "./practice-state.js";

/** The states of all practices. Each is created on first use. */
export class PracticeStates {
  readonly #states = new Map<string, PracticeState>();

  constructor(
    private readonly world: PracticeWorld,
    private readonly profileOf: (practice: Practice) => SupplierProfile,
  ) {}

  /** Discards all states, so that each is created again on its next use. */
  reset(): void {
    this.#states.clear();
  }

  /** The state of a practice, or undefined for an unknown ODS code. */
  get(odsCode: string): PracticeState | undefined {
    const known = this.#states.get(odsCode);
    if (known) return known;
    const practice = this.world.population.practiceByCode(odsCode);
    if (!practice) return undefined;
    const state = createPracticeState(practice, this.profileOf(practice), this.world);
    this.#states.set(odsCode, state);
    return state;
  }
}
