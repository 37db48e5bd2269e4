import type { Clock } from "../platform/clock.js";
import { remainingMs } from "../platform/resilience/deadline.js";
import type { AlertListener, CommandAlert, OutcomeListener, UnsettledCommand } from "./command-events.js";
import { type ClaimedIntent, type Intent, isOpen, lastOpenSend } from "./command-intent.js";
import { type CommandOrigin, withoutSignIn } from "./command-origin.js";
import type { CommandStore } from "./command-store.js";
import { InFlight } from "./in-flight.js";
import { Observations } from "./observations.js";

/** What the deployment has configured for commands. */
export interface CommandRules {
  /** Nothing whose send ended longer ago than this can still take effect: `LATE_COMMIT_BOUND_MS`. */
  readonly lateCommitBoundMs: number;
  /** The lease of a process that sends. Longer than the wait for a permit, one send and one read-back. */
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
  /** Resolves after so many milliseconds of the stopwatch, or when the signal aborts. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

type StoredIntent = Intent<CommandOrigin>;

/** When a practice that could not be read is worth reading again. */
const READ_AGAIN_MS = 5_000;

/** States that say what became of a command. */
const FINAL = new Set(["done", "refused"]);

/**
 * The state of commands that this process shares: the store, the commands in flight, and when each lease was last
 * renewed and each bound started, as this process has observed it.
 */
export class CommandCoordinator {
  readonly inFlight = new InFlight();
  readonly store: CommandStore;
  readonly rules: CommandRules;
  readonly newKey: () => string;
  readonly wait: CommandCoordinatorOptions["wait"];
  readonly #clock: Clock;
  readonly #alertListeners: AlertListener[] = [];
  readonly #outcomeListeners: OutcomeListener[] = [];
  /** As the sweeper saw them last. */
  unsettled: readonly UnsettledCommand[] = [];
  readonly #observations: Observations;
  /** Without the store no command is claimed, so these are no more than were in flight when it failed. */
  readonly #unsaved = new Map<
    string,
    {
      readonly claimed: ClaimedIntent<StoredIntent>;
      readonly outcome: StoredIntent;
      readonly isKeyFreed: boolean;
    }
  >();

  constructor({ store, clock, stopwatch, rules, newKey, wait }: CommandCoordinatorOptions) {
    this.store = store;
    this.rules = rules;
    this.newKey = newKey;
    this.wait = wait;
    this.#clock = clock;
    this.#observations = new Observations(stopwatch);
  }

  onAlert(listener: AlertListener): void {
    this.#alertListeners.push(listener);
  }

  /** Calls people to look at a command of this kind. */
  alert(alert: CommandAlert, { kind }: Pick<Intent, "kind">): void {
    for (const listener of this.#alertListeners) listener(alert, kind);
  }

  onOutcome(listener: OutcomeListener): void {
    this.#outcomeListeners.push(listener);
  }

  /** A request's command has ended, as its caller is told. */
  noteOutcome(kind: string, outcome: string): void {
    for (const listener of this.#outcomeListeners) listener(kind, outcome);
  }

  /** When the lease of a process that sends now ends. */
  leaseEnd(): number {
    return this.#clock.now() + this.rules.leaseMs;
  }

  /** Whether the process that sends it must be considered dead. Work of this process is known to be alive. */
  isLeaseExpired({ key, revision, intent }: ClaimedIntent): boolean {
    if (intent.state.name !== "sending" || this.inFlight.get(key)) return false;
    const unchangedMs = this.#observations.since("lease", key, String(revision));
    return intent.state.until <= this.#clock.now() || unchangedMs >= this.rules.leaseMs;
  }

  /** Starts the measurement of an intent's lease or bound, unless it has started. */
  observe(claimed: ClaimedIntent): void {
    if (claimed.intent.state.name === "sending") this.isLeaseExpired(claimed);
    else this.boundLeftMs(claimed);
  }

  /** Forgets what was observed of other keys: another process has settled or freed them. */
  forgetUnless(open: ReadonlySet<string>): void {
    this.#observations.retain((key) => open.has(key) || this.inFlight.get(key) !== undefined);
  }

  /** A send has ended, or its lease has, and its outcome is not known: its bound starts now. */
  startBound({ key, intent }: ClaimedIntent): void {
    const last = lastOpenSend(intent);
    if (last) this.#observations.start("bound", key, boundMark(last));
  }

  /**
   * The lease of another process has expired by the clocks, which may differ: the process can be alive, and still send.
   * Its send has ended when this process has seen the lease unchanged for its whole length, and the bound starts then.
   */
  startBoundAfterLease({ key, revision, intent }: ClaimedIntent): void {
    const last = lastOpenSend(intent);
    const unchangedMs = this.#observations.since("lease", key, String(revision));
    const leaseLeftMs = Math.max(0, this.rules.leaseMs - unchangedMs);
    if (last) this.#observations.start("bound", key, boundMark(last), leaseLeftMs);
  }

  /**
   * How long a send may still take effect; 0 once none can. Only then does absence prove that the command was not
   * carried out. Measured by this process's stopwatch, from the end of the send or, for another process's send, from
   * when this process first observed its end: that can only be later.
   */
  boundLeftMs(claimed: ClaimedIntent): number {
    const { key, intent } = claimed;
    const last = lastOpenSend(intent);
    if (last === undefined) return 0;
    if (intent.state.name === "sending") return Number.POSITIVE_INFINITY;
    const since = this.#observations.since("bound", key, boundMark(last));
    return Math.max(0, this.rules.lateCommitBoundMs + 1 - since);
  }

  /** When the outcome of a command can be stated at the latest, if the practice can be read then. */
  settlesAt(claimed: ClaimedIntent): number {
    const { state } = claimed.intent;
    switch (state.name) {
      case "sending":
        return Math.max(state.until, this.#clock.now()) + this.rules.lateCommitBoundMs + 1;
      case "unknown":
        // The stored time may have passed, or a restart may have started the bound again.
        return Math.max(state.settlesAt, this.earliestSettlesAt(claimed));
      default:
        // What was requested is known. What has become of it since could not be read.
        return this.#clock.now() + READ_AGAIN_MS;
    }
  }

  /** The end of the bound; once it is over and the practice could not be read, the time of the next attempt to read it. */
  earliestSettlesAt(claimed: ClaimedIntent): number {
    return this.#clock.now() + (this.boundLeftMs(claimed) || READ_AGAIN_MS);
  }

  /** When the outcome of a command that another request is about to send can be stated at the latest. */
  latestSettlesAt(): number {
    return this.leaseEnd() + this.rules.lateCommitBoundMs + 1;
  }

  /** Whether a request has the time to wait so long before it must respond. */
  canWait(ms: number, signal: AbortSignal): boolean {
    return !signal.aborted && remainingMs(signal) > ms;
  }

  /**
   * Saves what became of a command. `done` is the truth whatever else was written meanwhile; any other state yields to
   * what another process wrote. A store that fails now loses nothing: it still says that the outcome is not known, and
   * the sweeper reconciles it. A final outcome is kept until it can be saved, see {@link saveUnsaved}.
   *
   * @param isKeyFreed whether the outcome frees the key. An intent that is gone then has its outcome from another process,
   *   which has closed its audit record as well.
   * @returns the intent as it is stored now; undefined when it is not.
   */
  async save<I extends StoredIntent>(
    claimed: ClaimedIntent<I>,
    outcome: I,
    isKeyFreed = false,
  ): Promise<ClaimedIntent<I> | undefined> {
    const intent = isOpen(outcome) ? outcome : withoutSignIn(outcome);
    try {
      const saved = await this.#write(claimed, intent, isKeyFreed);
      this.#unsaved.delete(claimed.key);
      return saved;
    } catch {
      if (FINAL.has(intent.state.name)) {
        this.#unsaved.set(claimed.key, { claimed, outcome: intent, isKeyFreed });
      }
      return undefined;
    }
  }

  /** Saves again what the store did not take. Nothing knows these outcomes better than this process. */
  async saveUnsaved(): Promise<void> {
    for (const { claimed, outcome, isKeyFreed } of [...this.#unsaved.values()]) {
      await this.save(claimed, outcome, isKeyFreed);
    }
  }

  async #write<I extends StoredIntent>(
    claimed: ClaimedIntent,
    intent: I,
    isKeyFreed: boolean,
  ): Promise<ClaimedIntent<I> | undefined> {
    let based: ClaimedIntent | undefined = claimed;
    for (let tries = 0; tries < 3 && based; tries += 1) {
      const written = await this.store.replace(
        based,
        based === claimed ? intent : onLatest(intent, based.intent),
      );
      if (written.kind === "claimed") return this.#forgetClosed(written.claimed);
      if (intent.state.name !== "done") return undefined;
      based = await this.store.get(claimed.key);
      if (based?.intent.state.name === "done") return based as ClaimedIntent<I>;
    }
    if (based || intent.state.name !== "done" || isKeyFreed) return undefined;
    // The process that removed it has closed its audit record.
    const claim = await this.store.claim(claimed.key, { ...intent, attempt: undefined });
    return claim.kind === "claimed" ? claim.claimed : undefined;
  }

  #forgetClosed<I extends Intent>(claimed: ClaimedIntent<I>): ClaimedIntent<I> {
    if (!isOpen(claimed.intent)) this.#observations.forget(claimed.key);
    return claimed;
  }
}

/**
 * An outcome for an intent that another request has changed meanwhile, perhaps by sending again: that send stays open until
 * its own bound is over, and its audit record is the one to close.
 */
function onLatest<I extends Intent>(outcome: I, { sends, attempt }: Intent): I {
  const known = outcome.sends.length;
  return { ...outcome, attempt, sends: [...outcome.sends, ...sends.slice(known)] };
}

function boundMark({ index, at }: { readonly index: number; readonly at: number }): string {
  return `${index} ${at}`;
}
