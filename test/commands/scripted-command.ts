import type { CommandCoordinator, CommandRules } from "../../src/commands/command-coordinator.js";
import type {
  CommandDefinition,
  CommandTypes,
  DoubleFinding,
  Finding,
  SendEnd,
} from "../../src/commands/command-definition.js";
import { runCommand } from "../../src/commands/command-engine.js";
import type { ClaimedIntent, Intent, IntentState, Send } from "../../src/commands/command-intent.js";
import type { CommandOrigin } from "../../src/commands/command-origin.js";
import { type Reconciliation, reconcile } from "../../src/commands/reconcile.js";
import type { AuditEvent } from "../../src/platform/audit/index.js";
import { UpstreamError } from "../../src/platform/errors.js";
import { withDeadline } from "../../src/platform/resilience/deadline.js";
import type { IntentStore } from "../../src/platform/store/index.js";
import { recordingTrail, TestClock, testContext } from "../support/call-context.js";
import { createMemoryIntentStore } from "../support/memory-intent-store.js";
import { createTestCoordinator } from "../support/test-coordinator.js";

export const BOUND_MS = 30_000;
export const LEASE_MS = 37_000;

export interface Details extends CommandOrigin {
  readonly subject: string;
}
interface Found {
  readonly id: string;
  /** The open send can have no further effect. */
  readonly isSpent?: boolean;
}
export interface Result {
  readonly id: string;
  readonly isRecovered: boolean;
}
interface Refusal {
  readonly kind: "taken";
}
interface Ready {
  readonly kind: "ready";
  readonly address: string;
}
type Outcome =
  | { readonly kind: "done" | "replayed"; readonly result: Result }
  | { readonly kind: "taken" | "replayed-taken" | "claimed-by-another" | "closed-gate" }
  | { readonly kind: "unknown"; readonly handle: string; readonly settlesAt: number };

export interface ScriptedTypes extends CommandTypes {
  readonly ready: Ready;
  readonly details: Details;
  readonly found: Found;
  readonly result: Result;
  readonly refusal: Refusal;
  readonly outcome: Outcome;
}
type StoredIntent = Intent<Details, Result, Refusal>;

export const PRESENT: Finding<ScriptedTypes> = { kind: "present", found: { id: "a1" } };
export const SPENT: Finding<ScriptedTypes> = { kind: "present", found: { id: "a1", isSpent: true } };
export const ABSENT: Finding<ScriptedTypes> = { kind: "absent" };
export const UNREADABLE: Finding<ScriptedTypes> = { kind: "unreadable" };
export const MISMATCH: Finding<ScriptedTypes> = { kind: "mismatch" };
export const EXCLUDED: Finding<ScriptedTypes> = {
  kind: "excluded",
  refusal: { kind: "taken" },
  outcome: { kind: "taken" },
};
export const CONFIRMED: SendEnd<Found> = { kind: "confirmed", found: { id: "a1" } };

/** The error of a refused send. */
export function refusedBy(practice: { readonly retryable: boolean }): UpstreamError {
  return new UpstreamError("The practice refused it.", {
    service: "PROVIDER",
    code: "UPSTREAM_REFUSED",
    ...practice,
  });
}

type Step<T> = () => T | Promise<T>;
type Scripted<T> = T | Step<T>;

/**
 * The engine over a command that is a script: what each send and each read-back says is queued before, and what the
 * engine did is in `log`. A step that was not queued fails the test in {@link verify}.
 */
export class ScriptedCommand {
  readonly clock = new TestClock();
  readonly stopwatch = new TestClock(0);
  readonly log: string[] = [];
  readonly alerts: string[] = [];
  readonly outcomes: string[] = [];
  readonly events: AuditEvent[] = [];
  readonly waits: number[] = [];
  readonly store: IntentStore = createMemoryIntentStore(this.clock);
  commands: CommandCoordinator;

  readonly sends: Scripted<SendEnd<Found>>[] = [];
  readonly readBacks: Scripted<Finding<ScriptedTypes>>[] = [];
  readonly lookUps: Scripted<Finding<ScriptedTypes>>[] = [];
  /** Undefined: the command has no such look-up. */
  doubles: Scripted<DoubleFinding<ScriptedTypes>>[] | undefined;
  /** What a send after one that never left needs. */
  resend: Ready | undefined;
  /** Whether a definite refusal is an outcome, and not an error. */
  isRefusalAnOutcome = false;
  isKeyFreedByOutcome = false;
  kind = "test";
  resources: readonly string[] = [];
  /** How time passes for a request that waits. */
  onWait: (ms: number) => void = (ms) => this.advance(ms);
  readonly #unscripted: string[] = [];

  constructor(readonly rules: Partial<CommandRules> = {}) {
    this.commands = this.#createCoordinator();
  }

  /** Another process over the same store, which has observed nothing. */
  restart(): void {
    this.commands = this.#createCoordinator();
  }

  advance(ms: number): void {
    this.clock.advance(ms);
    this.stopwatch.advance(ms);
  }

  /** The outcome of the first key when it is not known and can be stated in so many milliseconds. */
  unknownIn(ms: number) {
    return { kind: "unknown", handle: "key-1", settlesAt: this.clock.now() + ms };
  }

  /** The whole script was played, and nothing beyond it. */
  verify(): void {
    expect(this.#unscripted).toEqual([]);
    const left = [this.sends, this.readBacks, this.lookUps, this.doubles ?? []];
    expect(left.map(({ length }) => length)).toEqual([0, 0, 0, 0]);
  }

  /** @param deadlineMs how long the request has; longer than the bound unless it says so. */
  context({ deadlineMs = 90_000, signal = new AbortController().signal } = {}) {
    return {
      call: testContext({ audit: recordingTrail(this.events), signal: withDeadline(deadlineMs, signal) }),
      clock: this.clock,
      commands: this.commands,
    };
  }

  run(options: RunOptions = {}): Promise<Outcome> {
    const { key = "key-1", content = ["content"], prepare, ...request } = options;
    return runCommand<ScriptedTypes>(
      this.definition,
      {
        idempotencyKey: key ?? undefined,
        content,
        prepare: prepare ?? (async () => ({ kind: "ready", address: "first" })),
      },
      this.context(request),
    );
  }

  /** Puts an intent into the store, as an earlier request has left it. */
  async leave(state: StoredIntent["state"], sends: readonly Send["end"][] = ["open"], key = "key-1") {
    const { caller, correlationId } = testContext();
    const intent: StoredIntent = {
      kind: this.kind,
      content: this.commands.store.contentOf(["content"]),
      resources: this.resources,
      details: { handle: key, caller, correlationId, subject: "subject" },
      sends: sends.map((end) => ({ at: this.clock.now(), end })),
      state,
    };
    const claim = await this.commands.store.claim(this.keyOf(key), intent);
    if (claim.kind !== "claimed") throw new Error(`the key is ${claim.kind}`);
    return claim.claimed;
  }

  keyOf(key: string): string {
    return this.commands.store.keyFor(this.kind, testContext().caller.organisation.odsCode, key);
  }

  async stored(key = "key-1"): Promise<ClaimedIntent<StoredIntent> | undefined> {
    return (await this.commands.store.get(this.keyOf(key))) as ClaimedIntent<StoredIntent> | undefined;
  }

  async stateOf(key = "key-1"): Promise<IntentState<Result, Refusal> | undefined> {
    return (await this.stored(key))?.intent.state;
  }

  async endsOf(key = "key-1"): Promise<readonly string[] | undefined> {
    return (await this.stored(key))?.intent.sends.map(({ end }) => end);
  }

  /** As the sweeper reconciles the stored command. */
  async reconcile(key = "key-1"): Promise<Reconciliation> {
    const claimed = await this.stored(key);
    if (claimed === undefined) throw new Error("nothing is stored under the key");
    return reconcile<ScriptedTypes>(this.definition, claimed, this.context());
  }

  get definition(): CommandDefinition<ScriptedTypes> {
    const note = (text: string) => void this.log.push(text);
    return {
      kind: this.kind,
      reconciledAs: "BOOKED",
      ...(this.isKeyFreedByOutcome && { isKeyFreedByOutcome: true }),
      toDetails: (_ready, origin, previous) => ({
        ...origin,
        subject: previous === undefined ? "subject" : `${previous.subject} again`,
      }),
      toResources: () => this.resources,
      prepareResend: async (_ready, error) => {
        note(`prepare resend after ${error.code}`);
        return this.resend;
      },
      send: async (ready, claimed) => {
        note(`send to ${ready.address}`);
        // Each send is stored before it leaves.
        expect((await this.stored(claimed.intent.details.handle))?.intent).toMatchObject(claimed.intent);
        return this.#next("send", this.sends);
      },
      readBack: async (_ready, _claimed, end, { call }) => {
        note(`read back after ${end}`);
        expect(call.signal.aborted).toBe(false);
        return this.#next("read-back", this.readBacks);
      },
      lookUp: async () => {
        note("look up");
        return this.#next("look-up", this.lookUps);
      },
      ...(this.doubles && {
        findDouble: async () => this.#next("look-up of a double", this.doubles ?? []),
      }),
      toResult: ({ id }, isRecovered) => ({ id, isRecovered }),
      isSendSpentBy: ({ isSpent }) => isSpent === true,
      toOutcome: ({ intent }, result) => {
        expect(intent.state).toEqual({ name: "done", result });
        return { kind: "done", result };
      },
      toRefusal: async () => (this.isRefusalAnOutcome ? { kind: "taken" } : undefined),
      toResourceConflict: () => ({ kind: "claimed-by-another" }),
      replayDone: async (_claimed, result) => ({ kind: "replayed", result }),
      replayRefused: async () => ({ kind: "replayed-taken" }),
      toUnknown: (handle, settlesAt) => ({ kind: "unknown", handle, settlesAt }),
      auditSubject: () => ({ odsCode: "T81001" }) as Pick<AuditEvent, "odsCode">,
    };
  }

  async #next<T>(what: string, queue: Scripted<T>[]): Promise<T> {
    const step = queue.shift();
    if (step === undefined) {
      this.#unscripted.push(what);
      throw new Error(`a ${what} that no step was queued for`);
    }
    return typeof step === "function" ? (step as Step<T>)() : step;
  }

  #createCoordinator(): CommandCoordinator {
    const commands = createTestCoordinator({
      clock: this.clock,
      stopwatch: this.stopwatch,
      store: this.store,
      rules: { lateCommitBoundMs: BOUND_MS, leaseMs: LEASE_MS, ...this.rules },
      wait: async (ms) => {
        this.waits.push(ms);
        this.onWait(ms);
      },
    });
    commands.onAlert((alert) => void this.alerts.push(alert));
    commands.onOutcome((kind, outcome) => void this.outcomes.push(`${kind} ${outcome}`));
    return commands;
  }
}

export interface RunOptions {
  /** Null: the request has none. */
  readonly key?: string | null;
  readonly content?: readonly unknown[];
  readonly prepare?: () => Promise<Ready | Outcome>;
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
}
