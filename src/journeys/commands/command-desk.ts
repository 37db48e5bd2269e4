import type { Clock } from "../../platform/clock.js";
import { type Held, type Intent, type Intents, isOpen, lastOpenSend } from "../../platform/intents/index.js";
import { type AskedBy, withoutSignIn } from "./asked-by.js";
import { Background } from "./background.js";
import { Sightings } from "./sightings.js";

/** What the deployment has decided about commands. */
export interface CommandRules {
  /** Nothing that was sent longer ago than this can be carried out any more: `LATE_COMMIT_BOUND_MS`. */
  readonly lateCommitBoundMs: number;
  /** Whoever works on an intent is taken for dead after this. Longer than sending twice and reading back twice. */
  readonly leaseMs: number;
  /** Gate G6: a bare NHS number does not suffice for a command. */
  readonly requireVerifiedDetails: boolean;
  /** Gate G10: a patient who has no registered practice may be booked elsewhere. */
  readonly allowBookingWithoutPractice: boolean;
}

export interface CommandDeskOptions {
  readonly intents: Intents;
  readonly clock: Clock;
  /** Milliseconds that only ever grow: unlike the clock, nobody sets it. */
  readonly stopwatch: Clock;
  readonly rules: CommandRules;
  /** Makes the key of a command that came without one. Nobody may be able to guess it. */
  readonly newKey: () => string;
}

type AskedIntent = Intent<AskedBy>;

/** What somebody else has sent under the key in the meantime may still come in. */
function withLaterSends(intent: AskedIntent, { intent: { sends } }: Held): AskedIntent {
  return { ...intent, sends: [...intent.sends, ...sends.slice(intent.sends.length)] };
}

/** States that say what became of a command. */
const ENDS = new Set(["done", "refused"]);

/** What commands share as long as the process lives: what was sent, who is at work on it, and what is certain of it. */
export class CommandDesk {
  readonly background = new Background();
  readonly intents: Intents;
  readonly rules: CommandRules;
  readonly newKey: () => string;
  readonly #clock: Clock;
  readonly #sightings: Sightings;
  /** As long as the store is gone no command is taken up, so these are no more than were under way. */
  readonly #unwritten = new Map<
    string,
    { readonly held: Held<AskedIntent>; readonly outcome: AskedIntent }
  >();

  constructor({ intents, clock, stopwatch, rules, newKey }: CommandDeskOptions) {
    this.intents = intents;
    this.rules = rules;
    this.newKey = newKey;
    this.#clock = clock;
    this.#sightings = new Sightings(stopwatch);
  }

  /** Until when whoever sends now must be done. */
  lease(): number {
    return this.#clock.now() + this.rules.leaseMs;
  }

  /** Whether whoever was at work on it must be taken for dead. Works of this process are known to live. */
  isAbandoned({ key, revision, intent }: Held): boolean {
    if (intent.state.name !== "sending" || this.background.under(key)) return false;
    const unheardOf = this.#sightings.since(`${key} work`, String(revision));
    return intent.state.until <= this.#clock.now() || unheardOf >= this.rules.leaseMs;
  }

  /** Has it counted from now on, if it is not yet, how long ago an intent was written. */
  see(held: Held): void {
    this.isAbandoned(held);
    this.isSpent(held);
  }

  /** A send has ended without telling what came of it: from now on its bound counts. */
  noteUnclearEnd({ key, intent }: Held): void {
    const last = lastOpenSend(intent);
    if (last) this.#sightings.note(`${key} send ${last.index}`, String(last.at));
  }

  /**
   * Whether nothing can come any more of what was sent: only then does its absence say that it was not done. Counted
   * by this process's own stopwatch from the end of the send, or from when this process first heard of it.
   */
  isSpent({ key, intent }: Held): boolean {
    const last = lastOpenSend(intent);
    if (last === undefined) return true;
    const since = this.#sightings.since(`${key} send ${last.index}`, String(last.at));
    return since > this.rules.lateCommitBoundMs;
  }

  /**
   * Writes down what became of a command. What was done is the truth whatever else has been written in the meantime; of
   * anything else the other one's word stands. A store that fails now loses nothing: what it holds says that the end is
   * not known, and it will be looked after. An end that is known is kept until it can be written, see {@link writeAgain}.
   *
   * @returns whether it is written.
   */
  async record<I extends Intent<AskedBy>>(held: Held<I>, outcome: I): Promise<boolean> {
    const intent = isOpen(outcome) ? outcome : withoutSignIn(outcome);
    try {
      const written = await this.#write(held, intent);
      this.#unwritten.delete(held.key);
      return written;
    } catch {
      if (ENDS.has(intent.state.name)) this.#unwritten.set(held.key, { held, outcome: intent });
      return false;
    }
  }

  /** Once more what the store did not take: nobody could tell it as surely as whoever was told it. */
  async writeAgain(): Promise<void> {
    for (const { held, outcome } of [...this.#unwritten.values()]) await this.record(held, outcome);
  }

  async #write(held: Held, intent: AskedIntent): Promise<boolean> {
    let based: Held | undefined = held;
    for (let tries = 0; tries < 3 && based; tries += 1) {
      const written: Held | undefined = await this.intents.replace(based, withLaterSends(intent, based));
      if (written) return this.#close(written);
      if (intent.state.name !== "done") return false;
      based = await this.intents.get(held.key);
      if (based?.intent.state.name === "done") return true;
    }
    if (based || intent.state.name !== "done") return false;
    return (await this.intents.claim(held.key, intent)).kind === "claimed";
  }

  #close({ key, intent }: Held): true {
    if (!isOpen(intent)) {
      this.#sightings.forget(`${key} work`);
      for (const index of intent.sends.keys()) this.#sightings.forget(`${key} send ${index}`);
    }
    return true;
  }
}
