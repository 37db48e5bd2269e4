import type { AskRecord, BookLine, History } from "../history.js";
import { checkAudit } from "./check-audit.js";

/** A promise that was broken. */
export interface Violation {
  readonly rule:
    | "two for one slot"
    | "two for one key"
    | "booked and does not stand"
    | "booked already and is not"
    | "not booked and appears"
    | "cancelled and stands"
    | "not cancelled and is"
    | "not settled"
    | "audit"
    | "crash";
  readonly what: string;
  /** The asks that it is about. */
  readonly asks: readonly string[];
}

export interface Verdict {
  readonly violations: readonly Violation[];
  /**
   * Appointments that appeared after "the slot is taken", because whoever had it gave it up within the bound while an
   * earlier request was still on its way: the one case that section 9 leaves open.
   */
  readonly givenUp: number;
  /** "Booked already" or "not booked", where the request of this very key had made it and reading back gave it to another. */
  readonly misattributed: number;
}

/**
 * Compares what callers were told with the practice's own book and with the audit. It knows the promises and nothing of
 * how they are kept.
 */
export function checkHistory(history: History): Verdict {
  const checks = new Checks(history);
  const violations = [...checks.all(), ...checkAudit(history)];
  return { violations, givenUp: checks.givenUp, misattributed: checks.misattributed };
}

class Checks {
  givenUp = 0;
  misattributed = 0;
  readonly #booked: readonly BookLine[];
  readonly #correlations: ReadonlyMap<string, string>;
  readonly #sent: ReadonlyMap<string, number>;

  constructor(private readonly history: History) {
    const { attempts, book } = history;
    this.#booked = book.filter(({ kind }) => kind === "booked");
    this.#correlations = new Map(attempts.map(({ traceId, correlationId }) => [traceId, correlationId]));
    this.#sent = new Map(attempts.map(({ traceId, sentAt }) => [traceId, sentAt]));
  }

  all(): Violation[] {
    const { asks, unsettled, open } = this.history;
    const settled: Violation[] =
      unsettled === 0 && open === 0
        ? []
        : [{ rule: "not settled", what: `${unsettled} after a minute, ${open} open later`, asks: [] }];
    return [...this.#slots(), ...this.#keys(), ...asks.flatMap((ask) => this.#ask(ask)), ...settled];
  }

  #slots(): Violation[] {
    const holders = new Map<string, BookLine>();
    return this.history.book.flatMap((line): Violation[] => {
      const clashes = line.slotIds.filter((slot) => {
        const holder = holders.get(slot);
        if (line.kind === "booked") holders.set(slot, line);
        else if (holder?.appointmentId === line.appointmentId) holders.delete(slot);
        return line.kind === "booked" && holder !== undefined;
      });
      if (clashes.length === 0) return [];
      return [{ rule: "two for one slot", what: clashes.join(" "), asks: this.#askOf(line) }];
    });
  }

  #keys(): Violation[] {
    const made = new Map<string, BookLine[]>();
    for (const line of this.#booked) {
      const [correlationId] = this.#askOf(line);
      const ask = this.history.asks.find((one) => one.correlationId === correlationId);
      if (ask === undefined) continue;
      const name = keyOf(ask) ?? ask.correlationId;
      made.set(name, [...(made.get(name) ?? []), line]);
    }
    return [...made].flatMap(([key, lines]): Violation[] =>
      lines.length < 2
        ? []
        : [
            {
              rule: "two for one key",
              what: `${key}: ${lines.map(({ appointmentId }) => appointmentId).join(", ")}`,
              asks: lines.flatMap((line) => this.#askOf(line)),
            },
          ],
    );
  }

  #ask(ask: AskRecord): Violation[] {
    const { told, correlationId } = ask;
    const broken = (rule: Violation["rule"], what: string): Violation[] => [
      { rule, what, asks: [correlationId] },
    ];
    switch (told.kind) {
      case "crash":
        return broken("crash", told.why);
      case "booked":
        return this.#stands(ask, told) ? [] : broken("booked and does not stand", told.appointmentId);
      case "booked-already":
        if (this.#madeFor(ask, true).length > 0) this.misattributed += 1;
        return this.#booked.some((line) => this.#isWished(line, ask))
          ? []
          : broken("booked already and is not", ask.slotIds.join(" "));
      case "not-booked":
      case "not-sent": {
        const lies = this.#madeFor(ask, told.kind === "not-booked").filter(
          (line) => !this.#isGivenUp(line, ask) && !this.#isAnothers(line, ask),
        );
        return lies.flatMap((line) =>
          broken("not booked and appears", `${line.appointmentId} (${told.why})`),
        );
      }
      case "cancelled": {
        const at = this.#cancelledAt(told.appointmentId);
        return at !== undefined && at <= ask.toldAt ? [] : broken("cancelled and stands", told.appointmentId);
      }
      case "not-cancelled": {
        const done = this.history.book.find(
          (line) => line.kind === "cancelled" && this.#askOf(line)[0] === correlationId,
        );
        return done ? broken("not cancelled and is", `${done.appointmentId} (${told.why})`) : [];
      }
      default:
        return [];
    }
  }

  /** The right appointment, that nobody had cancelled before the caller asked. */
  #stands(ask: AskRecord, told: { readonly appointmentId: string; readonly status: string }): boolean {
    const line = this.#booked.find(({ appointmentId }) => appointmentId === told.appointmentId);
    if (line === undefined) return false;
    const gone = this.#cancelledAt(told.appointmentId);
    const isTrue =
      told.status === "cancelled" ? gone !== undefined && gone <= ask.toldAt : !(gone && gone < ask.askedAt);
    return this.#isWished(line, ask) && isTrue;
  }

  #isWished(line: BookLine, ask: AskRecord, until = ask.toldAt): boolean {
    return (
      line.at <= until &&
      line.patientId === ask.patientId &&
      line.organisation === ask.organisation &&
      [...line.slotIds].sort().join() === [...ask.slotIds].sort().join()
    );
  }

  /** What this ask's own requests made, and those that had left under its key before it was asked. */
  #madeFor(ask: AskRecord, alsoEarlier: boolean): BookLine[] {
    const earlier = new Set(
      this.history.asks
        .filter((one) => alsoEarlier && ask.key !== undefined && isSameWish(one, ask))
        .map(({ correlationId }) => correlationId),
    );
    return this.#booked.filter((line) => {
      const [correlationId] = this.#askOf(line);
      if (correlationId === undefined) return false;
      if (correlationId === ask.correlationId) return true;
      return earlier.has(correlationId) && (this.#sent.get(line.traceId ?? "") ?? 0) < ask.askedAt;
    });
  }

  #isGivenUp(line: BookLine, { told, toldAt }: AskRecord): boolean {
    if (told.kind !== "not-booked" || !told.why.startsWith("slot-unavailable") || line.at <= toldAt)
      return false;
    const wasFreed = this.history.book.some(
      (other) =>
        other.kind === "cancelled" &&
        other.at <= line.at &&
        other.slotIds.some((slot) => line.slotIds.includes(slot)),
    );
    if (wasFreed) this.givenUp += 1;
    return wasFreed;
  }

  /** Known and open: two keys with other words for one patient and slot; reading back gave it to the other one. */
  #isAnothers(line: BookLine, ask: AskRecord): boolean {
    const isOther = this.history.asks.some(
      (one) =>
        one.kind === "book" &&
        one.toldAt <= ask.toldAt &&
        keyOf(one) !== keyOf(ask) &&
        this.#isWished(line, one, ask.toldAt),
    );
    if (isOther) this.misattributed += 1;
    return isOther;
  }

  #cancelledAt(id: string): number | undefined {
    return this.history.book.find((line) => line.kind === "cancelled" && line.appointmentId === id)?.at;
  }

  #askOf({ traceId }: BookLine): string[] {
    const correlationId = traceId === undefined ? undefined : this.#correlations.get(traceId);
    return correlationId === undefined ? [] : [correlationId];
  }
}

function keyOf({ organisation, key, kind }: AskRecord): string | undefined {
  return key === undefined ? undefined : `${kind} ${organisation} ${key}`;
}

function isSameWish(one: AskRecord, other: AskRecord): boolean {
  return keyOf(one) === keyOf(other) && one.told.kind !== "not-sent";
}
