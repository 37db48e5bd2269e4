import pLimit from "p-limit";
import type { Clock } from "../platform/clock.js";
import type { Log } from "../platform/telemetry/log.js";
import type { CommandCoordinator } from "./command-coordinator.js";
import type { ClaimedIntent, Intent } from "./command-intent.js";
import type { CommandOrigin } from "./command-origin.js";

export interface SweeperOptions {
  readonly commands: CommandCoordinator;
  /** Milliseconds that only ever grow. */
  readonly stopwatch: Clock;
  /** Reconciles one intent, whichever command it is of, in the name of the person who sent it. */
  readonly reconcile: (claimed: ClaimedIntent<Intent<CommandOrigin>>) => Promise<unknown>;
  readonly log?: Pick<Log, "warn"> | undefined;
}

/** How often the sweeper looks for open intents. */
const STEP_MS = 5_000;
/** The pauses between two read-backs of one intent: all are reconciled within a minute of the practice's return. */
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 20_000;
/** Bounds the load on a practice that has just come back. */
const CONCURRENCY = 8;

interface Pause {
  readonly until: number;
  readonly length: number;
  /** Whether the bound was over before the last read-back. */
  readonly isBoundOver: boolean;
}

/** Reconciles, step by step, what was sent and no request waits for (design section 9). */
export class Sweeper {
  readonly #pauses = new Map<string, Pause>();
  #timer: NodeJS.Timeout | undefined;
  #step: Promise<void> | undefined;
  #isLeader = () => true;

  constructor(private readonly options: SweeperOptions) {}

  /**
   * Does not keep the process alive.
   *
   * @param isLeader whether this process reconciles. Of several processes that share a store on one machine, one does;
   *   the others only save and observe, so that any of them can take over.
   */
  start(isLeader = this.#isLeader): void {
    this.#isLeader = isLeader;
    this.#timer ??= setInterval(() => void this.step(), STEP_MS).unref();
  }

  /** Resolves once the current step has ended. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#step;
  }

  /** Reconciles everything that is due. One step at a time: a call during a step shares it. */
  step(): Promise<void> {
    this.#step ??= this.#sweep().finally(() => {
      this.#step = undefined;
    });
    return this.#step;
  }

  async #sweep(): Promise<void> {
    const { commands, log } = this.options;
    let open: readonly ClaimedIntent[];
    await commands.saveUnsaved();
    try {
      open = await commands.store.open();
    } catch {
      log?.warn("the intents cannot be read; nothing is reconciled until they can");
      return;
    }
    const isLeader = this.#isLeader();
    const unsettled = isLeader ? open : [];
    commands.unsettled = unsettled
      .filter(({ key }) => !commands.inFlight.get(key))
      .map(({ intent: { kind, sends } }) => ({ kind, since: sends[0]?.at ?? 0 }));
    const keys = new Set(open.map(({ key }) => key));
    for (const key of this.#pauses.keys()) if (!keys.has(key)) this.#pauses.delete(key);
    commands.forgetUnless(keys);
    for (const claimed of open) commands.observe(claimed);
    if (!isLeader) return;
    const due = open.filter((claimed) => this.#isDue(claimed));
    const limit = pLimit(CONCURRENCY);
    await limit.map(due, (claimed) => this.#reconcile(claimed));
  }

  #isDue(claimed: ClaimedIntent): boolean {
    const { commands, stopwatch } = this.options;
    if (commands.inFlight.get(claimed.key)) return false;
    if (claimed.intent.state.name === "sending" && !commands.isLeaseExpired(claimed)) return false;
    const pause = this.#pauses.get(claimed.key);
    if (pause === undefined || pause.until <= stopwatch.now()) return true;
    // What was read before the bound could not settle it.
    return !pause.isBoundOver && commands.boundLeftMs(claimed) === 0;
  }

  async #reconcile(claimed: ClaimedIntent): Promise<void> {
    const { commands, log, reconcile } = this.options;
    const isBoundOver = commands.boundLeftMs(claimed) === 0;
    try {
      await reconcile(claimed as ClaimedIntent<Intent<CommandOrigin>>);
    } catch (error) {
      // A fault of one intent must not keep the others from being reconciled.
      log?.warn(
        { error: error instanceof Error ? error.name : "unknown" },
        "an intent could not be reconciled",
      );
    } finally {
      this.#pause(claimed.key, isBoundOver);
    }
  }

  #pause(key: string, isBoundOver: boolean): void {
    const before = this.#pauses.get(key)?.length;
    const length = before === undefined ? FIRST_PAUSE_MS : Math.min(2 * before, LONGEST_PAUSE_MS);
    this.#pauses.set(key, { length, isBoundOver, until: this.options.stopwatch.now() + length });
  }
}
