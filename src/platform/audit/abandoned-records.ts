import { sql } from "kysely";
import type { Clock } from "../clock.js";
import type { AuditEntry, Store } from "../store/index.js";
import { bodyCipher, bodyPlace } from "../store/index.js";

/** A writer with open records that has shown no life for so long is taken for dead. */
export const DEAD_AFTER_MS = 60_000;

export interface AbandonedRecordsOptions {
  readonly store: Pick<Store, "chain" | "database" | "keys">;
  readonly clock: Clock;
  /** Milliseconds that only ever grow; nobody sets it. */
  readonly stopwatch: Clock;
}

/** Closes as `UNKNOWN` the records of commands that a dead process left open, so that every attempt has its end. */
export class AbandonedRecords {
  readonly #seen = new Map<string, { readonly beats: number; readonly at: number }>();

  constructor(private readonly options: AbandonedRecordsOptions) {}

  /** Shows the other processes that this one lives, while it has open records. */
  async beat(): Promise<void> {
    const { chain, database } = this.options.store;
    await database.write(async (transaction) => {
      const open = await transaction
        .selectFrom("audit_open")
        .select("attempt")
        .where("writer", "=", chain.writer)
        .limit(1)
        .execute();
      if (open.length === 0) return;
      await transaction
        .insertInto("audit_writers")
        .values({ writer: chain.writer, beats: 1 })
        .onConflict((conflict) =>
          conflict.column("writer").doUpdateSet({ beats: sql`audit_writers.beats + 1` }),
        )
        .execute();
    });
  }

  /** @returns how many were closed. */
  async close(): Promise<number> {
    const { chain, database } = this.options.store;
    const open = await database.read((queries) =>
      queries
        .selectFrom("audit_open")
        .leftJoin("audit_writers", "audit_writers.writer", "audit_open.writer")
        .select(["audit_open.attempt", "audit_open.writer", "audit_open.sequence", "audit_writers.beats"])
        .where("audit_open.writer", "!=", chain.writer)
        .execute(),
    );
    const writers = new Map(open.map(({ writer, beats }) => [writer, beats ?? 0]));
    for (const known of this.#seen.keys()) if (!writers.has(known)) this.#seen.delete(known);
    const dead = new Set(
      [...writers].filter(([writer, beats]) => this.#isDead(writer, beats)).map(([id]) => id),
    );
    let closed = 0;
    for (const { attempt, writer, sequence } of open) {
      if (dead.has(writer) && (await this.#closeOne(attempt, writer, sequence))) closed += 1;
    }
    return closed;
  }

  #isDead(writer: string, beats: number): boolean {
    const now = this.options.stopwatch.now();
    const seen = this.#seen.get(writer);
    if (seen?.beats !== beats) {
      this.#seen.set(writer, { beats, at: now });
      return false;
    }
    return now - seen.at >= DEAD_AFTER_MS;
  }

  /** @returns false when another process, or a reconciliation, has closed it meanwhile. */
  #closeOne(attempt: string, writer: string, sequence: number): Promise<boolean> {
    const { chain, keys } = this.options.store;
    return chain.write(async (transaction, append) => {
      const taken = await transaction
        .deleteFrom("audit_open")
        .where("attempt", "=", attempt)
        .returning("attempt")
        .execute();
      if (taken.length === 0) return false;
      const opened = await transaction
        .selectFrom("audit_records")
        .selectAll()
        .where("writer", "=", writer)
        .where("sequence", "=", sequence)
        .executeTakeFirst();
      const body = opened && bodyCipher(keys, writer).open(opened.body, bodyPlace(writer, sequence));
      await append([this.#closing(attempt, body)]);
      return true;
    });
  }

  #closing(attempt: string, body: string | undefined): AuditEntry {
    const time = this.options.clock.now();
    const record = (body === undefined ? {} : JSON.parse(body)) as OpenedRecord;
    return {
      attempt,
      phase: "closed",
      time,
      outcome: "UNKNOWN",
      nhsNumber: record.nhsNumber,
      userId: record.user?.localId,
      smartcardId: record.user?.sdsUserId,
      odsCode: record.organisation?.odsCode,
      correlationId: record.correlationId,
      record: {
        ...record,
        time: new Date(time).toISOString(),
        outcome: "UNKNOWN",
        reason: "PROCESS_ENDED",
      },
    };
  }
}

/** What an opened record holds of those parts that are looked up. */
interface OpenedRecord {
  readonly nhsNumber?: string;
  readonly user?: { readonly localId?: string; readonly sdsUserId?: string };
  readonly organisation?: { readonly odsCode?: string };
  readonly correlationId?: string;
}
