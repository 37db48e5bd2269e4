import { createHmac, randomUUID } from "node:crypto";
import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { Caller } from "../../domain/caller.js";
import type { Clock } from "../clock.js";

/** How an attempt ended (assurance notes, 0.2): we refused, they refused, a fault, a write whose end is not known, done. */
export type AuditOutcome = "BLOCKED" | "REFUSED" | "FAILED" | "UNKNOWN" | "SUCCEEDED";

/** One attempt: a call to an upstream, or a closed gate where no call was made. */
export interface AuditEvent {
  /** `PDS Patient.read`, `SSP urn:nhs:…`, or the operation a gate stopped. */
  readonly operation: string;
  readonly outcome: AuditOutcome;
  /** Only in this store, never in a log. */
  readonly nhsNumber?: string | undefined;
  readonly odsCode?: string | undefined;
  /** `G9`, when a gate was closed. */
  readonly gate?: string | undefined;
  readonly reason?: string | undefined;
  readonly httpStatus?: number | undefined;
  /** What the upstream wrote of a failure, in its own words, for support staff. Only in this store, never in a log. */
  readonly diagnostics?: string | undefined;
  readonly sspTraceId?: string | undefined;
  readonly sspFrom?: string | undefined;
  readonly sspTo?: string | undefined;
}

/** Where the attempts of one request are written. */
export interface AuditTrail {
  record(event: AuditEvent): void;
}

export interface AuditStoreOptions {
  readonly clock: Clock;
  /** Keys the hash by which one patient's records can be found without the number. */
  readonly hashKey: Buffer;
  /** Receives each finished line, newline included. */
  readonly write: (line: string) => void;
}

/**
 * Append-only record of every attempt: who, for which organisation, what, about whom, how it ended. A plain
 * line of JSON each; the sequence number is gapless per writer and not derived from the clock (assurance
 * notes, 2.2). Written before the answer goes out: a line that cannot be written fails the request.
 */
export class AuditStore {
  readonly #writer = randomUUID();
  #sequence = 0;

  constructor(private readonly options: AuditStoreOptions) {}

  trailFor(caller: Caller, correlationId: string): AuditTrail {
    return { record: (event) => this.#append(caller, correlationId, event) };
  }

  #append(caller: Caller, correlationId: string, event: AuditEvent): void {
    const { person, organisation } = caller;
    const line = {
      writer: this.#writer,
      sequence: ++this.#sequence,
      time: new Date(this.options.clock.now()).toISOString(),
      user: person,
      organisation: { odsCode: organisation.odsCode, name: organisation.name },
      correlationId,
      patient: event.nhsNumber === undefined ? undefined : this.#hash(event.nhsNumber),
      ...event,
    };
    this.options.write(`${JSON.stringify(line)}\n`);
  }

  #hash(nhsNumber: string): string {
    return createHmac("sha256", this.options.hashKey).update(nhsNumber).digest("base64url");
  }
}

/** Opens a file for appending; several processes may share it, since each line is one write. */
export function openAuditFile(path: string): { write: (line: string) => void; close: () => void } {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, "a", 0o600);
  return { write: (line) => void writeSync(file, line), close: () => closeSync(file) };
}
