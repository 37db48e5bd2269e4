/** How an attempt ended (assurance notes, 0.2): we refused, they refused, a fault, a write whose end is not known, done. */
export type AuditOutcome = "BLOCKED" | "REFUSED" | "FAILED" | "UNKNOWN" | "SUCCEEDED";

/**
 * `single`: an attempt whose end was known when it was saved. A command's attempt is `opened` before it is sent and `closed`
 * with its outcome.
 */
export type AuditPhase = "single" | "opened" | "closed";

const texts = new WeakMap<AuditEntry, string>();

/** The record as JSON, written once for the database and its copies. */
export function jsonOf(entry: AuditEntry): string {
  const known = texts.get(entry);
  if (known !== undefined) return known;
  const text = JSON.stringify(entry.record);
  texts.set(entry, text);
  return text;
}

/** One record as it is handed to the store, which gives it its place in the writer's hash chain. */
export interface AuditEntry {
  /** The same for the opened and the closed record of one command. */
  readonly attempt: string;
  readonly phase: AuditPhase;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Of an opened record `UNKNOWN`: that is what it means until it is closed. */
  readonly outcome: AuditOutcome;
  /** Found by, and kept encrypted only. */
  readonly nhsNumber?: string | undefined;
  readonly userId?: string | undefined;
  readonly smartcardId?: string | undefined;
  readonly odsCode?: string | undefined;
  readonly correlationId?: string | undefined;
  /** The whole record as people read it; the fields above stand in it too. */
  readonly record: Readonly<Record<string, unknown>>;
}
