import { randomUUID } from "node:crypto";
import { hasherOf } from "../crypto/hmac.js";
import { type AuditEntry, jsonOf } from "./audit-entry.js";
import type { Database, StoreTransaction } from "./database.js";
import { insertAuditRecords } from "./insert-audit-records.js";
import type { StoreKeys } from "./store-keys.js";
import type { AuditRecordRow } from "./tables.js";

/** Where a chain ends. */
export interface ChainHead {
  readonly sequence: number;
  readonly hash: string;
}

export const CHAIN_START: ChainHead = { sequence: 0, hash: "" };

const MAX_USER_HASHES = 1_000;

/** The columns that a record's hash covers, in this order. */
type Hashed = Omit<AuditRecordRow, "hash">;

/** HMAC over the preceding hash and every column, so that no record can be removed, altered, moved or inserted unseen. */
export function chainHash(key: Buffer, preceding: string, row: Hashed): string {
  const { writer, sequence, time, attempt, phase, outcome, patient, person, smartcard } = row;
  const { organisation, correlation, body } = row;
  const parts = [preceding, writer, sequence, time, attempt, phase, outcome, patient, person, smartcard];
  return hasherOf(key).base64url(JSON.stringify([...parts, organisation, correlation, body]));
}

/** What records are found by, without a readable identifier. */
export const auditLookups = (keys: Pick<StoreKeys, "hash">) => ({
  patient: (nhsNumber: string) => keys.hash("audit patient", nhsNumber),
  user: (id: string) => keys.hash("audit user", id),
});

const patientHashes = new WeakMap<AuditEntry, string>();

/** The keyed hash of the patient that a record is about, computed once for the database and its copies. */
export function patientHashOf(entry: AuditEntry, keys: Pick<StoreKeys, "hash">): string | undefined {
  if (entry.nhsNumber === undefined) return undefined;
  const known = patientHashes.get(entry) ?? auditLookups(keys).patient(entry.nhsNumber);
  patientHashes.set(entry, known);
  return known;
}

/** What a record's body is bound to: copied to another place it does not open. */
export const bodyPlace = (writer: string, sequence: number) => `audit ${writer} ${sequence}`;

/** Each writer's bodies are encrypted under a key of their own. */
export const bodyCipher = (keys: StoreKeys, writer: string) => keys.cipher(`audit ${writer}`);

/**
 * This process's hash chain in the database. Its transactions run one after the other, since each record names the one
 * before it; the caller puts much into one.
 */
export class AuditChain {
  readonly writer = randomUUID();
  #head: ChainHead = CHAIN_START;
  /** A transaction failed, so that it may or may not be in the database. */
  #isHeadUnsure = false;
  #last: Promise<unknown> = Promise.resolve();
  readonly #userHashes = new Map<string, string>();
  readonly #observers: ((entries: readonly AuditEntry[]) => void)[] = [];

  constructor(
    private readonly database: Database,
    private readonly keys: StoreKeys,
  ) {}

  /** Where the chain ended after the latest confirmed transaction. */
  get head(): ChainHead {
    return this.#head;
  }

  /** Calls for every entry that was confirmed, in order. */
  onAppended(observer: (entries: readonly AuditEntry[]) => void): void {
    this.#observers.push(observer);
  }

  /**
   * One transaction that may append to the chain.
   *
   * @param work appends with the function given, at most once and last; what it throws undoes all of it.
   */
  write<T>(
    work: (
      transaction: StoreTransaction,
      append: (entries: readonly AuditEntry[]) => Promise<void>,
    ) => Promise<T>,
  ): Promise<T> {
    return this.inTurn(() => this.#write(work));
  }

  /**
   * Work that begins once every earlier transaction of this process has ended and its caller has been told: a read finds
   * nothing whose writer does not know yet that it is written.
   */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #write<T>(
    work: (
      transaction: StoreTransaction,
      append: (entries: readonly AuditEntry[]) => Promise<void>,
    ) => Promise<T>,
  ): Promise<T> {
    if (this.#isHeadUnsure) await this.#readHead();
    let head = this.#head;
    let appended: readonly AuditEntry[] = [];
    try {
      const result = await this.database.write(async (transaction) => {
        head = this.#head;
        appended = [];
        return work(transaction, async (entries) => {
          head = await this.#append(transaction, entries);
          appended = entries;
        });
      });
      this.#head = head;
      if (appended.length > 0) for (const observe of this.#observers) observe(appended);
      return result;
    } catch (error) {
      this.#isHeadUnsure = true;
      throw error;
    }
  }

  async #append(transaction: StoreTransaction, entries: readonly AuditEntry[]): Promise<ChainHead> {
    let head = this.#head;
    const rows = entries.map((entry) => {
      const row = this.#toRow(entry, head);
      head = { sequence: row.sequence, hash: row.hash };
      return row;
    });
    await insertAuditRecords(transaction, rows, this.database.isPostgres);
    await this.#noteOpen(transaction, rows);
    return head;
  }

  async #noteOpen(transaction: StoreTransaction, rows: readonly AuditRecordRow[]): Promise<void> {
    const opened = rows.filter(({ phase }) => phase === "opened");
    const closed = rows.filter(({ phase }) => phase === "closed").map(({ attempt }) => attempt);
    if (opened.length > 0) {
      const open = opened.map(({ attempt, writer, sequence }) => ({ attempt, writer, sequence }));
      await transaction.insertInto("audit_open").values(open).execute();
    }
    if (closed.length > 0)
      await transaction.deleteFrom("audit_open").where("attempt", "in", closed).execute();
  }

  #toRow(entry: AuditEntry, { sequence: before, hash: preceding }: ChainHead): AuditRecordRow {
    const { writer, keys } = this;
    const sequence = before + 1;
    const row = {
      writer,
      sequence,
      time: entry.time,
      attempt: entry.attempt,
      phase: entry.phase,
      outcome: entry.outcome,
      patient: patientHashOf(entry, keys) ?? null,
      person: this.#userHash(entry.userId),
      smartcard: this.#userHash(entry.smartcardId),
      organisation: entry.odsCode ?? null,
      correlation: entry.correlationId ?? null,
      body: bodyCipher(keys, writer).seal(jsonOf(entry), bodyPlace(writer, sequence)),
    };
    return { ...row, hash: chainHash(keys.chainKey, preceding, row) };
  }

  /** Users are few and make many records. */
  #userHash(id: string | undefined): string | null {
    if (id === undefined) return null;
    const known = this.#userHashes.get(id);
    if (known !== undefined) return known;
    if (this.#userHashes.size >= MAX_USER_HASHES) this.#userHashes.clear();
    const computed = auditLookups(this.keys).user(id);
    this.#userHashes.set(id, computed);
    return computed;
  }

  /** After a failure: a commit whose confirmation was lost may stand. */
  async #readHead(): Promise<void> {
    const there = await this.database.read((queries) =>
      queries
        .selectFrom("audit_records")
        .select(["sequence", "hash"])
        .where("writer", "=", this.writer)
        .orderBy("sequence", "desc")
        .limit(1)
        .executeTakeFirst(),
    );
    // Records that were confirmed and are gone must leave a gap, which the verification names.
    if (there !== undefined && there.sequence > this.#head.sequence) this.#head = there;
    this.#isHeadUnsure = false;
  }
}
