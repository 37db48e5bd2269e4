import type { Clock } from "../../platform/clock.js";
import type { Held, Intent } from "../../platform/intents/index.js";
import type { Log } from "../../platform/telemetry/log.js";
import { asBooking } from "../book/booking-intent.js";
import { asChange } from "../change/change-intent.js";
import type { AskedBy } from "../commands/asked-by.js";
import type { CommandDesk } from "../commands/command-desk.js";
import type { JourneyContext } from "../journey-context.js";
import { settleBooking } from "./settle-booking.js";
import { settleChange } from "./settle-change.js";
import type { Settlement } from "./settlement.js";

export interface SweeperOptions {
  readonly desk: CommandDesk;
  /** Milliseconds that only ever grow. */
  readonly stopwatch: Clock;
  /** A context of its own for the person who sent the command: a fresh trace, a fresh look-up. */
  readonly contextFor: (asked: AskedBy) => JourneyContext;
  readonly log?: Pick<Log, "warn" | "error"> | undefined;
}

/** How often it is looked whether there is anything to do. */
const STEP_MS = 5_000;
/** Between two looks at one intent, first and longest: all is settled within a minute of the practice's return. */
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 20_000;
/** A practice that comes back is not asked everything at once. */
const SIDE_BY_SIDE = 8;

/** Settles, one step after the other, what was sent and nobody asks after (design section 9). */
export class Sweeper {
  readonly #pauses = new Map<string, { readonly until: number; readonly length: number }>();
  #timer: NodeJS.Timeout | undefined;
  #step: Promise<void> | undefined;

  constructor(private readonly options: SweeperOptions) {}

  /** Keeps no process alive. */
  start(): void {
    this.#timer ??= setInterval(() => void this.step(), STEP_MS).unref();
  }

  /** Once the step under way has ended. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#step;
  }

  /** Looks once after everything that is due. One step at a time: who asks during one is given that one. */
  step(): Promise<void> {
    this.#step ??= this.#sweep().finally(() => {
      this.#step = undefined;
    });
    return this.#step;
  }

  async #sweep(): Promise<void> {
    const { desk, log } = this.options;
    let open: readonly Held[];
    await desk.writeAgain();
    try {
      open = await desk.intents.open();
    } catch {
      log?.warn("the intents cannot be read; nothing is settled until they can");
      return;
    }
    const keys = new Set(open.map(({ key }) => key));
    for (const key of this.#pauses.keys()) if (!keys.has(key)) this.#pauses.delete(key);
    for (const held of open) desk.see(held);
    const due = open.filter((held) => this.#isDue(held));
    const next = due[Symbol.iterator]();
    await Promise.all(
      Array.from({ length: SIDE_BY_SIDE }, async () => {
        for (const held of { [Symbol.iterator]: () => next }) await this.#settle(held);
      }),
    );
  }

  #isDue(held: Held): boolean {
    const { desk, stopwatch } = this.options;
    if (desk.background.under(held.key)) return false;
    if (held.intent.state.name === "sending" && !desk.isAbandoned(held)) return false;
    return (this.#pauses.get(held.key)?.until ?? 0) <= stopwatch.now();
  }

  async #settle(held: Held): Promise<void> {
    const { contextFor, log } = this.options;
    try {
      const context = contextFor((held.intent as Intent<AskedBy>).asked);
      const settlement: Settlement = await (held.intent.kind === "book"
        ? settleBooking(asBooking(held), context)
        : settleChange(asChange(held), context));
      if (settlement === "LOST") log?.warn("a command could not be settled: its day is over");
      if (settlement === "DOUBLED") log?.error("one booking stands twice at a practice: see the audit");
      this.#pause(held.key);
    } catch (error) {
      // Whatever is wrong with one must not keep the others from being looked after.
      log?.warn({ error: error instanceof Error ? error.name : "unknown" }, "an intent could not be settled");
      this.#pause(held.key);
    }
  }

  #pause(key: string): void {
    const before = this.#pauses.get(key)?.length;
    const length = before === undefined ? FIRST_PAUSE_MS : Math.min(2 * before, LONGEST_PAUSE_MS);
    this.#pauses.set(key, { length, until: this.options.stopwatch.now() + length });
  }
}
