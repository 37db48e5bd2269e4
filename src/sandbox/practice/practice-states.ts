import type { Practice } from "../personas/practices.js";
import { type JsonObject, textOf } from "../shared/json.js";
import type { SupplierProfile } from "../suppliers/supplier-profile.js";
import { createPracticeState, type PracticeWorld } from "./create-practice-state.js";
import { type PracticeSnapshot, restoreSnapshot, toSnapshot } from "./practice-snapshot.js";
import type { PracticeState } from "./practice-state.js";

/** The states of all practices. Each is created on first use. */
export class PracticeStates {
  readonly #states = new Map<string, PracticeState>();

  constructor(
    private world: PracticeWorld,
    private readonly profileOf: (practice: Practice) => SupplierProfile,
  ) {}

  /** Discards all states, so that each is created again on its next use. */
  reset(): void {
    this.#states.clear();
  }

  /** Discards all states and generates other slots from now on. */
  reseed(seed: string): void {
    this.world = { ...this.world, seed };
    // The slots of the other seed must not come back from the cache.
    this.world.dayCache.clear();
    this.reset();
  }

  /** The snapshots of all practices that have been used. */
  snapshots(): PracticeSnapshot[] {
    return [...this.#states.values()].map(toSnapshot);
  }

  /**
   * Replaces all states by those of the snapshots. Nothing changes when one of them is refused.
   *
   * @throws RangeError for a snapshot that does not fit this sandbox
   */
  restore(snapshots: readonly JsonObject[]): void {
    const restored = snapshots.map((snapshot) => {
      const odsCode = textOf(snapshot.odsCode) ?? "";
      const state = this.#create(odsCode);
      if (!state) throw new RangeError(`There is no practice ${odsCode}`);
      restoreSnapshot(state, snapshot);
      return [odsCode, state] as const;
    });
    this.#states.clear();
    for (const [odsCode, state] of restored) this.#states.set(odsCode, state);
  }

  /** The state of a practice, or undefined for an unknown ODS code. */
  get(odsCode: string): PracticeState | undefined {
    const known = this.#states.get(odsCode);
    if (known) return known;
    const state = this.#create(odsCode);
    if (state) this.#states.set(odsCode, state);
    return state;
  }

  #create(odsCode: string): PracticeState | undefined {
    const practice = this.world.population.practiceByCode(odsCode);
    return practice && createPracticeState(practice, this.profileOf(practice), this.world);
  }
}
