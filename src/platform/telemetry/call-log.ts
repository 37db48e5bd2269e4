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
  /** Host of the system behind a proxy: whose practice system it is. For metrics only, never in the call log. */
  readonly backendHost?: string | undefined;
  /** The HTTP method, where there is one. For traces only. */
  readonly method?: string | undefined;
}

/** One request sent, attempts included. */
export interface CallRecord extends CallDescription {
  readonly startedMs: number;
  readonly durationMs: number;
  readonly outcome: CallOutcome;
  /** Of the HTTP response, when there was one. For traces only. */
  readonly httpStatus?: number | undefined;
}

export interface CacheCounts {
  hits: number;
  misses: number;
  /** Values that another caller was already loading. */
  shared: number;
}

/** A call that has not ended. */
export interface OpenCall {
  /** The response is here. The duration ends now: reading the response is our own time. */
  noteResponse(): void;
  /** Call it once. */
  end(outcome: CallOutcome, httpStatus?: number): void;
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
  /** A counter, because it is read at every response and one request may make a thousand calls. */
  #inFlight = 0;
  readonly #startedAt: number;

  constructor(
    private readonly clock: Clock,
    private readonly onCall: (record: CallRecord) => void = () => {},
    private readonly onCache: (cache: string, what: keyof CacheCounts) => void = () => {},
  ) {
    this.#startedAt = clock.now();
  }

  /** Records that a request is sent now. */
  begin(description: CallDescription): OpenCall {
    const entry: Entry = { description, startedMs: this.clock.now() - this.#startedAt };
    this.#entries.push(entry);
    this.#inFlight += 1;
    const noteResponse = () => {
      entry.durationMs ??= this.clock.now() - this.#startedAt - entry.startedMs;
      return entry.durationMs;
    };
    return {
      noteResponse,
      end: (outcome, httpStatus) => {
        if (entry.outcome !== undefined) return;
        entry.outcome = outcome;
        this.#inFlight -= 1;
        this.onCall({
          ...description,
          startedMs: entry.startedMs,
          durationMs: noteResponse(),
          outcome,
          httpStatus,
        });
      },
    };
  }

  countCache(name: string, what: keyof CacheCounts): void {
    const counts = this.#cache.get(name) ?? { hits: 0, misses: 0, shared: 0 };
    counts[what] += 1;
    this.#cache.set(name, counts);
    this.onCache(name, what);
  }

  /** The number of calls that have begun and not ended. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** The number of calls that have ended. */
  get ended(): number {
    return this.#entries.length - this.#inFlight;
  }

  /** The calls that have ended, in order of start. */
  get calls(): CallRecord[] {
    return this.#entries.flatMap(({ description, startedMs, durationMs, outcome }) => {
      if (durationMs === undefined || outcome === undefined) return [];
      const { service, interaction, target } = description;
      return [{ service, interaction, target, startedMs, durationMs, outcome }];
    });
  }

  get cache(): Record<string, CacheCounts> {
    return Object.fromEntries(this.#cache);
  }
}
