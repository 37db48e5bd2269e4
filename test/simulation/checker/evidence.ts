import type { AskRecord, AttemptRecord, BookLine, History } from "../history.js";

/** A line that a request of ours may have written. */
interface Traced {
  readonly at: number;
  readonly traceId?: string | undefined;
}

/** Who sent what under which key: the history, put in order for questions. */
export class Evidence {
  readonly booked: readonly BookLine[];
  readonly #attempts: ReadonlyMap<string, AttemptRecord>;
  readonly #asks: ReadonlyMap<string, AskRecord>;

  constructor(readonly history: History) {
    this.booked = history.book.filter(({ kind }) => kind === "booked");
    this.#attempts = new Map(history.attempts.map((attempt) => [attempt.traceId, attempt]));
    this.#asks = new Map(history.asks.map((ask) => [ask.correlationId, ask]));
  }

  /** The journey that a line is the work of; undefined for the practice's own staff. */
  correlationOf({ traceId }: Traced): string | undefined {
    return traceId === undefined ? undefined : this.#attempts.get(traceId)?.correlationId;
  }

  askOf(line: Traced): AskRecord | undefined {
    const correlationId = this.correlationOf(line);
    return correlationId === undefined ? undefined : this.#asks.get(correlationId);
  }

  sentAt({ traceId }: Traced): number {
    return this.#attempts.get(traceId ?? "")?.sentAt ?? Number.NEGATIVE_INFINITY;
  }

  /** The asks of one key, this one included; only this one where it has none. */
  underKeyOf(ask: AskRecord): AskRecord[] {
    const name = keyOf(ask);
    return name === undefined ? [ask] : this.history.asks.filter((one) => keyOf(one) === name);
  }

  /** What this ask's own requests wrote, and those that had left under its key before it was asked. */
  madeFor<L extends Traced>(ask: AskRecord, lines: readonly L[]): L[] {
    const underKey = new Set(this.underKeyOf(ask).map(({ correlationId }) => correlationId));
    return lines.filter((line) => {
      const correlationId = this.correlationOf(line);
      if (correlationId === undefined || !underKey.has(correlationId)) return false;
      return correlationId === ask.correlationId || this.sentAt(line) < ask.askedAt;
    });
  }

  /** Since when the answer may have been found out: an ask may be told what an earlier one under its key is waiting for. */
  since(ask: AskRecord): number {
    const joined = this.underKeyOf(ask).filter(
      ({ askedAt, toldAt }) => askedAt <= ask.askedAt && toldAt >= ask.askedAt,
    );
    return Math.min(ask.askedAt, ...joined.map(({ askedAt }) => askedAt));
  }

  bookingOf(id: string): BookLine | undefined {
    return this.booked.find(({ appointmentId }) => appointmentId === id);
  }

  cancellationOf(id: string): BookLine | undefined {
    return this.history.book.find((line) => line.kind === "cancelled" && line.appointmentId === id);
  }

  /** Whether the audit has a settlement of this key with that end. */
  wasNoted(ask: AskRecord, reason: string): boolean {
    const underKey = new Set(this.underKeyOf(ask).map(({ correlationId }) => correlationId));
    return this.history.audit.some(
      (line) => line.operation === "settlement" && line.reason === reason && underKey.has(line.correlationId),
    );
  }
}

/** Keys belong to one organisation and one kind of command. */
export function keyOf({ organisation, key, kind }: AskRecord): string | undefined {
  return key === undefined ? undefined : `${kind} ${organisation} ${key}`;
}

export function sameSlots(one: readonly string[], other: readonly string[]): boolean {
  return [...one].sort().join() === [...other].sort().join();
}
