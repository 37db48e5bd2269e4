import type { Clock } from "../clock.js";
import type { ErrorCode } from "../errors.js";

export type CallOutcome = "OK" | "NOT_FOUND" | ErrorCode;

/** What a request is, apart from its content. Nothing in it identifies a patient. */
export interface CallDescription {
  /** The service that the request is sent to (design, section 5). */
  readonly service: string;
  /** A full interaction URN, else a short name such as `Patient.read` or `search`. */
  readonly interaction: string;
  /** ODS code of the organisation addressed; null when there is none or several. */
  readonly target: string | null;
}

/** One request sent, attempts included. */
export interface CallRecord extends CallDescription {
  readonly startedMs: number;
  readonly durationMs: number;
  readonly outcome: CallOutcome;
}

export interface CacheCounts {
  hits: number;
  misses: number;
  /** Answers taken from a call that was already under way. */
  shared: number;
}

/** A call of which the end is not known yet. */
export interface OpenCall {
  /** Its answer is here: what follows, such as reading it, does not count to its duration. */
  noteResponse(): void;
  /** Call it once. */
  end(outcome: CallOutcome): void;
}

interface Entry {
  readonly description: CallDescription;
  readonly startedMs: number;
  durationMs?: number;
  outcome?: CallOutcome;
}

/** Records the calls of one GraphQL request, in order of start. */
export class CallLog {
  readonly #entries: Entry[] = [];
  readonly #cache = new Map<string, CacheCounts>();
  /** Kept, not counted anew: it is asked at every answer, and one request may make a thousand calls. */
  #underWay = 0;
  readonly #startedAt: number;

  constructor(
    private readonly clock: Clock,
    private readonly onCall: (record: CallRecord) => void = () => {},
  ) {
    this.#startedAt = clock.now();
  }

  /** Notes that a request leaves now. */
  begin(description: CallDescription): OpenCall {
    const entry: Entry = { description, startedMs: this.clock.now() - this.#startedAt };
    this.#entries.push(entry);
    this.#underWay += 1;
    const noteResponse = () => {
      entry.durationMs ??= this.clock.now() - this.#startedAt - entry.startedMs;
      return entry.durationMs;
    };
    return {
      noteResponse,
      end: (outcome) => {
        if (entry.outcome !== undefined) return;
        entry.outcome = outcome;
        this.#underWay -= 1;
        this.onCall({ ...description, startedMs: entry.startedMs, durationMs: noteResponse(), outcome });
      },
    };
  }

  countCache(name: string, what: keyof CacheCounts): void {
    const counts = this.#cache.get(name) ?? { hits: 0, misses: 0, shared: 0 };
    counts[what] += 1;
    this.#cache.set(name, counts);
  }

  /** How many calls have begun and not ended. */
  get underWay(): number {
    return this.#underWay;
  }

  /** How many calls have ended. */
  get ended(): number {
    return this.#entries.length - this.#underWay;
  }

  /** The calls that have ended, in order of start. */
  get calls(): CallRecord[] {
    return this.#entries.flatMap(({ description, startedMs, durationMs, outcome }) =>
      durationMs === undefined || outcome === undefined
        ? []
        : [{ ...description, startedMs, durationMs, outcome }],
    );
  }

  get cache(): Record<string, CacheCounts> {
    return Object.fromEntries(this.#cache);
  }
}
