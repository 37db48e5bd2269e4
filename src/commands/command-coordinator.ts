import type { Clock } from "../platform/clock.js";
import { remainingMs } from "../platform/resilience/deadline.js";
import type { AlertListener, CommandAlert, OutcomeListener, UnsettledCommand } from "./command-events.js";
import { type ClaimedIntent, type Intent, lastOpenSend } from "./command-intent.js";
import type { CommandStore } from "./command-store.js";
import { InFlight } from "./in-flight.js";
import { Observations } from "./observations.js";
import { OutcomeSaver } from "./outcome-saver.js";

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

/** When a practice that could not be read is worth reading again. */
const READ_AGAIN_MS = 5_000;

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
  readonly #outcomes: OutcomeSaver;

  constructor({ store, clock, stopwatch, rules, newKey, wait }: CommandCoordinatorOptions) {
    this.store = store;
    this.rules = rules;
    this.newKey = newKey;
    this.wait = wait;
    this.#clock = clock;
    this.#observations = new Observations(stopwatch);
    this.#outcomes = new OutcomeSaver(store, (key) => this.#observations.forget(key));
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

  /** @see OutcomeSaver.save */
  save: OutcomeSaver["save"] = (claimed, outcome, isKeyFreed) =>
    this.#outcomes.save(claimed, outcome, isKeyFreed);

  /** @see OutcomeSaver.saveUnsaved */
  saveUnsaved(): Promise<void> {
    return this.#outcomes.saveUnsaved();
  }
}

function boundMark({ index, at }: { readonly index: number; readonly at: number }): string {
  return `${index} ${at}`;
}
