import type { Clock } from "../platform/clock.js";
import { type ClaimedIntent, type Intent, isOpen, lastOpenSend } from "./command-intent.js";
import { type CommandOrigin, withoutSignIn } from "./command-origin.js";
import type { CommandStore } from "./command-store.js";
import { InFlight } from "./in-flight.js";
import { Observations } from "./observations.js";

/** What the deployment has configured for commands. */
export interface CommandRules {
  /** Nothing sent longer ago than this can still take effect: `LATE_COMMIT_BOUND_MS`. */
  readonly lateCommitBoundMs: number;
  /** The lease of a process that works on an intent. Longer than sending twice and reading back twice. */
  readonly leaseMs: number;
  /** Gate G6: a bare NHS number does not suffice for a command. */
  readonly requireVerifiedDetails: boolean;
  /** Gate G10: a patient without a registered practice may be booked elsewhere. */
  readonly allowBookingWithoutPractice: boolean;
}

export interface CommandCoordinatorOptions {
  readonly store: CommandStore;
  readonly clock: Clock;
  /** Milliseconds that only ever grow. Unlike the clock, nobody sets it. */
  readonly stopwatch: Clock;
  readonly rules: CommandRules;
  /** Makes the key of a command that came without one. Must be unguessable. */
  readonly newKey: () => string;
}

type StoredIntent = Intent<CommandOrigin>;

/** What another process sent under the key in the meantime may still take effect. */
function withLaterSends(intent: StoredIntent, { intent: { sends } }: ClaimedIntent): StoredIntent {
  return { ...intent, sends: [...intent.sends, ...sends.slice(intent.sends.length)] };
}

/** States that say what became of a command. */
const FINAL = new Set(["done", "refused"]);

/**
 * The state of commands that this process shares: the store, the commands in flight, and when each send and each lease
 * was first observed.
 */
export class CommandCoordinator {
  readonly inFlight = new InFlight();
  readonly store: CommandStore;
  readonly rules: CommandRules;
  readonly newKey: () => string;
  readonly #clock: Clock;
  readonly #observations: Observations;
  /** Without the store no command is claimed, so these are no more than were in flight when it failed. */
  readonly #unsaved = new Map<
    string,
    { readonly claimed: ClaimedIntent<StoredIntent>; readonly outcome: StoredIntent }
  >();

  constructor({ store, clock, stopwatch, rules, newKey }: CommandCoordinatorOptions) {
    this.store = store;
    this.rules = rules;
    this.newKey = newKey;
    this.#clock = clock;
    this.#observations = new Observations(stopwatch);
  }

  /** When the lease of a process that sends now ends. */
  leaseEnd(): number {
    return this.#clock.now() + this.rules.leaseMs;
  }

  /** Whether the process that worked on it must be considered dead. Work of this process is known to be alive. */
  isLeaseExpired({ key, revision, intent }: ClaimedIntent): boolean {
    if (intent.state.name !== "sending" || this.inFlight.get(key)) return false;
    const unchangedMs = this.#observations.since(`${key} work`, String(revision));
    return intent.state.until <= this.#clock.now() || unchangedMs >= this.rules.leaseMs;
  }

  /** Starts the measurement of an intent's lease and bound, unless it has started. */
  observe(claimed: ClaimedIntent): void {
    this.isLeaseExpired(claimed);
    this.areSendsExpired(claimed);
  }

  /** A send has ended and its outcome is not known: its bound starts now. */
  startBound({ key, intent }: ClaimedIntent): void {
    const last = lastOpenSend(intent);
    if (last) this.#observations.start(`${key} send ${last.index}`, String(last.at));
  }

  /**
   * True once no send can still take effect; only then does absence prove that the command was not carried out.
   * Measured by this process's stopwatch, from the end of the send or from when this process first observed it.
   */
  areSendsExpired({ key, intent }: ClaimedIntent): boolean {
    const last = lastOpenSend(intent);
    if (last === undefined) return true;
    const since = this.#observations.since(`${key} send ${last.index}`, String(last.at));
    return since > this.rules.lateCommitBoundMs;
  }

  /**
   * Saves what became of a command. `done` is the truth whatever else was written meanwhile; any other state yields to
   * what another process wrote. A store that fails now loses nothing: it still says that the outcome is not known, and
   * the sweeper reconciles it. A final outcome is kept until it can be saved, see {@link saveUnsaved}.
   *
   * @returns whether it is saved.
   */
  async save<I extends Intent<CommandOrigin>>(claimed: ClaimedIntent<I>, outcome: I): Promise<boolean> {
    const intent = isOpen(outcome) ? outcome : withoutSignIn(outcome);
    try {
      const saved = await this.#write(claimed, intent);
      this.#unsaved.delete(claimed.key);
      return saved;
    } catch {
      if (FINAL.has(intent.state.name)) this.#unsaved.set(claimed.key, { claimed, outcome: intent });
      return false;
    }
  }

  /** Saves again what the store did not take. Nothing knows these outcomes better than this process. */
  async saveUnsaved(): Promise<void> {
    for (const { claimed, outcome } of [...this.#unsaved.values()]) await this.save(claimed, outcome);
  }

  async #write(claimed: ClaimedIntent, intent: StoredIntent): Promise<boolean> {
    let based: ClaimedIntent | undefined = claimed;
    for (let tries = 0; tries < 3 && based; tries += 1) {
      const written: ClaimedIntent | undefined = await this.store.replace(
        based,
        withLaterSends(intent, based),
      );
      if (written) return this.#forgetClosed(written);
      if (intent.state.name !== "done") return false;
      based = await this.store.get(claimed.key);
      if (based?.intent.state.name === "done") return true;
    }
    if (based || intent.state.name !== "done") return false;
    return (await this.store.claim(claimed.key, intent)).kind === "claimed";
  }

  #forgetClosed({ key, intent }: ClaimedIntent): true {
    if (!isOpen(intent)) {
      this.#observations.forget(`${key} work`);
      for (const index of intent.sends.keys()) this.#observations.forget(`${key} send ${index}`);
    }
    return true;
  }
}
