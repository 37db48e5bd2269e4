import type { Caller } from "../../domain/caller.js";
import type { Clock } from "../clock.js";
import type { AuditEntry, AuditPhase } from "../store/index.js";
import { createAttemptId } from "./attempt-id.js";
import type { AuditEvent, AuditTrail } from "./audit-event.js";
import type { AuditWriter } from "./audit-writer.js";

/** Beyond so many unconfirmed records the oldest are given up, so that a store that stays away does not fill the memory. */
const MAX_PENDING = 20_000;

export interface AuditStoreOptions {
  readonly clock: Clock;
  readonly writer: AuditWriter;
}

/**
 * Every attempt of every caller: who, for which organisation, what, about whom, how it ended (assurance notes, 2.2).
 * The caller is copied into each record as they were then.
 */
export class AuditStore {
  /** Trails with records that are not confirmed yet. */
  readonly #pending = new Map<object, AuditEntry[]>();
  /** Records that were given up. */
  lost = 0;

  constructor(private readonly options: AuditStoreOptions) {}

  /** When the oldest record was made that is not confirmed yet; undefined when there is none. */
  get oldestPendingAt(): number | undefined {
    const times = [...this.#pending.values()].flatMap(([first]) => first?.time ?? []);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  trailFor(caller: Caller, correlationId: string): AuditTrail {
    const trail = {};
    let hasOpened = false;
    const newAttempt = () => createAttemptId(this.options.clock.now());
    const toEntry = (attempt: string, phase: AuditPhase, event: AuditEvent) =>
      this.#toEntry(caller, correlationId, attempt, phase, event);
    return {
      record: (event) => this.#add(trail, toEntry(newAttempt(), "single", event)),
      open(event) {
        hasOpened = true;
        return toEntry(newAttempt(), "opened", { ...event, outcome: "UNKNOWN" });
      },
      close: (attempt, event) => toEntry(attempt, "closed", event),
      toEntry: (event) => toEntry(newAttempt(), "single", event),
      get hasOpened() {
        return hasOpened;
      },
      commit: () => this.#commit(trail),
    };
  }

  /** Confirms what no request waits for: records of work that goes on after its response, and of earlier failures. */
  async flush(): Promise<void> {
    await Promise.allSettled([...this.#pending.keys()].map((trail) => this.#commit(trail)));
    await this.options.writer.copyBack();
  }

  #add(trail: object, entry: AuditEntry): void {
    const entries = this.#pending.get(trail);
    if (entries) entries.push(entry);
    else this.#pending.set(trail, [entry]);
  }

  async #commit(trail: object): Promise<void> {
    const entries = this.#pending.get(trail);
    if (entries === undefined) return;
    this.#pending.delete(trail);
    try {
      await this.options.writer.commit(entries);
    } catch (error) {
      this.#putBack(trail, entries);
      throw error;
    }
  }

  #putBack(trail: object, entries: AuditEntry[]): void {
    this.#pending.set(trail, [...entries, ...(this.#pending.get(trail) ?? [])]);
    let count = 0;
    for (const pending of this.#pending.values()) count += pending.length;
    for (const [oldest, pending] of this.#pending) {
      if (count <= MAX_PENDING) return;
      this.#pending.delete(oldest);
      this.lost += pending.length;
      count -= pending.length;
    }
  }

  #toEntry(
    { person, organisation }: Caller,
    correlationId: string,
    attempt: string,
    phase: AuditPhase,
    event: AuditEvent,
  ): AuditEntry {
    const time = this.options.clock.now();
    return {
      attempt,
      phase,
      time,
      outcome: event.outcome,
      nhsNumber: event.nhsNumber,
      userId: person.localId,
      smartcardId: person.sdsUserId,
      odsCode: organisation.odsCode,
      correlationId,
      record: {
        time: new Date(time).toISOString(),
        user: person,
        organisation: { odsCode: organisation.odsCode, name: organisation.name },
        correlationId,
        ...event,
      },
    };
  }
}
