import {
  type AuditRecordRow,
  bodyCipher,
  bodyPlace,
  CHAIN_START,
  type ChainHead,
  chainHash,
  type Store,
} from "../store/index.js";
import { type ChainBeginning, signBeginning } from "./audit-retention.js";
import { isGenuine, type SignedCheckpoint } from "./checkpoints.js";

/** What somebody has done to the audit. */
export interface AuditFault {
  readonly kind: "removed" | "altered" | "reordered" | "cut off" | "checkpoint altered" | "beginning altered";
  readonly writer: string;
  /** First and last record concerned. */
  readonly from: number;
  readonly to: number;
  readonly words: string;
}

export interface AuditReport {
  readonly writers: number;
  readonly records: number;
  readonly checkpoints: number;
  readonly faults: readonly AuditFault[];
}

type VerifiedStore = Pick<Store, "database" | "keys">;

const PAGE = 1_000;
/** Among so many faulty records those that changed places are looked for. */
const MAX_COMPARED = 200;

/**
 * Checks every record of every writer, and each chain's end against the checkpoints.
 *
 * @param outside checkpoints that were kept outside the database. Without them somebody who can write to the database can
 *   cut off the end of a chain together with its checkpoints.
 */
export async function verifyAudit(
  store: VerifiedStore,
  outside: readonly SignedCheckpoint[],
): Promise<AuditReport> {
  const { database, keys } = store;
  const checkpoints = [...(await loadCheckpoints(store)), ...outside];
  const beginnings = await loadBeginnings(store);
  const stored = await database.read((queries) =>
    queries.selectFrom("audit_records").select("writer").distinct().orderBy("writer").execute(),
  );
  const writers = new Set([
    ...stored.map(({ writer }) => writer),
    ...checkpoints.map(({ writer }) => writer),
    ...beginnings.keys(),
  ]);
  const faults: AuditFault[] = [];
  let records = 0;
  for (const writer of writers) {
    const beginning = beginnings.get(writer);
    if (beginning !== undefined && !isSigned(keys.chainKey, beginning)) {
      faults.push(fault("beginning altered", writer, beginning.sequence, beginning.sequence));
    }
    const own = checkpoints.filter((checkpoint) => checkpoint.writer === writer);
    const chain = new ChainCheck(store, writer, beginning ?? CHAIN_START, own);
    records += await chain.run();
    faults.push(...chain.faults);
  }
  return { writers: writers.size, records, checkpoints: checkpoints.length, faults };
}

/** The check of one writer's chain, record by record. */
class ChainCheck {
  readonly faults: AuditFault[] = [];
  readonly #faulty: { readonly row: AuditRecordRow }[] = [];
  /** Hashes that the next record may name: as stored, and as computed. */
  #preceding: readonly string[];
  #last: ChainHead;

  constructor(
    private readonly store: VerifiedStore,
    private readonly writer: string,
    beginning: ChainHead,
    private readonly checkpoints: readonly SignedCheckpoint[],
  ) {
    this.#last = beginning;
    this.#preceding = [beginning.hash];
  }

  /** @returns how many records there are. */
  async run(): Promise<number> {
    const begin = this.#last.sequence;
    let count = 0;
    for (let page = await this.#page(); page.length > 0; page = await this.#page()) {
      for (const row of page) this.#check(row);
      count += page.length;
    }
    this.#nameReordered();
    this.#checkEnd(begin);
    return count;
  }

  #page(): Promise<AuditRecordRow[]> {
    return this.store.database.read((queries) =>
      queries
        .selectFrom("audit_records")
        .selectAll()
        .where("writer", "=", this.writer)
        .where("sequence", ">", this.#last.sequence)
        .orderBy("sequence")
        .limit(PAGE)
        .execute(),
    );
  }

  #check(row: AuditRecordRow): void {
    const { keys } = this.store;
    const isGap = row.sequence !== this.#last.sequence + 1;
    if (isGap) {
      this.faults.push(fault("removed", this.writer, this.#last.sequence + 1, row.sequence - 1));
    }
    const computed = this.#preceding.map((preceding) => chainHash(keys.chainKey, preceding, row));
    const opens =
      bodyCipher(keys, this.writer).open(row.body, bodyPlace(this.writer, row.sequence)) !== undefined;
    // What the record after a gap was chained to is gone, so only its body can be checked, and a checkpoint.
    const isSound = opens && (isGap || computed.includes(row.hash));
    if (!isSound) this.#faulty.push({ row });
    this.#preceding = [...new Set([row.hash, ...computed])];
    this.#last = { sequence: row.sequence, hash: row.hash };
    for (const checkpoint of this.checkpoints) {
      if (checkpoint.sequence !== row.sequence || !isGenuine(keys.chainKey, checkpoint)) continue;
      if (isSound && checkpoint.hash !== row.hash) this.#faulty.push({ row });
    }
  }

  /** A faulty record that is sound in the place of another one has changed places. */
  #nameReordered(): void {
    const { keys } = this.store;
    const cipher = bodyCipher(keys, this.writer);
    const compared = this.#faulty.slice(0, MAX_COMPARED);
    for (const { row } of this.#faulty) {
      // The record that it follows has changed places; it has not.
      const follows = compared.some(({ row: { hash } }) => chainHash(keys.chainKey, hash, row) === row.hash);
      if (follows) continue;
      const other = compared.find(
        ({ row: { sequence } }) =>
          sequence !== row.sequence && cipher.open(row.body, bodyPlace(this.writer, sequence)) !== undefined,
      );
      const kind = other ? "reordered" : "altered";
      const words =
        other && `stands in the place of record ${row.sequence} and belongs to ${other.row.sequence}`;
      this.faults.push(fault(kind, this.writer, row.sequence, row.sequence, words));
    }
  }

  #checkEnd(begin: number): void {
    const { chainKey } = this.store.keys;
    let furthest = 0;
    for (const checkpoint of this.checkpoints) {
      if (isGenuine(chainKey, checkpoint)) furthest = Math.max(furthest, checkpoint.sequence);
      else
        this.faults.push(fault("checkpoint altered", this.writer, checkpoint.sequence, checkpoint.sequence));
    }
    if (furthest > this.#last.sequence && furthest > begin) {
      this.faults.push(fault("cut off", this.writer, this.#last.sequence + 1, furthest));
    }
  }
}

function fault(
  kind: AuditFault["kind"],
  writer: string,
  from: number,
  to: number,
  words?: string,
): AuditFault {
  const records = from === to ? `record ${from}` : `records ${from} to ${to}`;
  return { kind, writer, from, to, words: `${records} of writer ${writer}: ${words ?? kind}` };
}

function isSigned(chainKey: Buffer, { writer, sequence, hash, signature }: ChainBeginning): boolean {
  return signBeginning(chainKey, writer, { sequence, hash }).signature === signature;
}

async function loadCheckpoints({ database }: VerifiedStore): Promise<SignedCheckpoint[]> {
  const rows = await database.read((queries) =>
    queries.selectFrom("audit_checkpoints").selectAll().execute(),
  );
  return rows.map(({ writer, sequence, text }) => {
    const checkpoint = JSON.parse(text) as SignedCheckpoint;
    const isSame = checkpoint.writer === writer && checkpoint.sequence === sequence;
    return isSame ? checkpoint : { ...checkpoint, writer, sequence, signature: "" };
  });
}

async function loadBeginnings({ database }: VerifiedStore): Promise<Map<string, ChainBeginning>> {
  const rows = await database.read((queries) => queries.selectFrom("audit_starts").selectAll().execute());
  return new Map(
    rows.map(({ writer, text }) => {
      const beginning = JSON.parse(text) as ChainBeginning;
      return [writer, beginning.writer === writer ? beginning : { ...beginning, writer, signature: "" }];
    }),
  );
}
