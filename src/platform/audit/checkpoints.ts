import { createHmac, timingSafeEqual } from "node:crypto";
import { appendFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { Clock } from "../clock.js";
import type { Store } from "../store/index.js";
import type { Log } from "../telemetry/log.js";

/** Where a writer's chain ended at a time. Kept outside the database too, it shows when the end was cut off. */
export interface Checkpoint {
  readonly writer: string;
  readonly sequence: number;
  readonly hash: string;
  /** ISO 8601, UTC. */
  readonly time: string;
  /** The process ended: no record follows. */
  readonly isLast: boolean;
}

export interface SignedCheckpoint extends Checkpoint {
  /** HMAC under the store's chain key. */
  readonly signature: string;
}

export interface CheckpointOptions {
  readonly store: Pick<Store, "chain" | "database" | "keys">;
  readonly clock: Clock;
  readonly log: Pick<Log, "info">;
  /** `AUDIT_CHECKPOINT_FILE`. */
  readonly file?: string | undefined;
}

const toText = ({ writer, sequence, hash, time, isLast }: Checkpoint) =>
  JSON.stringify(["checkpoint", writer, sequence, hash, time, isLast]);

export function signCheckpoint(chainKey: Buffer, checkpoint: Checkpoint): SignedCheckpoint {
  const signature = createHmac("sha256", chainKey).update(toText(checkpoint)).digest("base64url");
  return { ...checkpoint, signature };
}

export function isGenuine(chainKey: Buffer, checkpoint: SignedCheckpoint): boolean {
  const expected = Buffer.from(signCheckpoint(chainKey, checkpoint).signature);
  const given = Buffer.from(checkpoint.signature);
  return expected.length === given.length && timingSafeEqual(expected, given);
}

/** States where this process's chain ends: in the log, in a file where one is set, and in the database. */
export class Checkpoints {
  #written = 0;

  constructor(private readonly options: CheckpointOptions) {}

  /** @param isLast the process ends. */
  async write(isLast = false): Promise<void> {
    const { store, clock, log, file } = this.options;
    const { writer, head } = store.chain;
    if (head.sequence === 0 || (head.sequence === this.#written && !isLast)) return;
    const time = new Date(clock.now()).toISOString();
    const checkpoint = signCheckpoint(store.keys.chainKey, { writer, ...head, time, isLast });
    // Outside first: the database is what it must bear witness about.
    log.info({ auditCheckpoint: checkpoint }, "audit checkpoint");
    if (file !== undefined) {
      mkdirSync(dirname(file), { recursive: true });
      appendFileSync(file, `${JSON.stringify({ auditCheckpoint: checkpoint })}\n`, { mode: 0o600 });
    }
    this.#written = head.sequence;
    await store.database.write(async (transaction) => {
      const row = { writer, sequence: head.sequence, text: JSON.stringify(checkpoint) };
      await transaction
        .insertInto("audit_checkpoints")
        .values(row)
        .onConflict((conflict) => conflict.columns(["writer", "sequence"]).doUpdateSet({ text: row.text }))
        .execute();
    });
  }
}

/** The checkpoints in lines of a log or of a checkpoint file; other lines are left out. */
export function readCheckpoints(text: string): SignedCheckpoint[] {
  return text.split("\n").flatMap((line) => {
    if (!line.includes('"auditCheckpoint"')) return [];
    try {
      const { auditCheckpoint } = JSON.parse(line) as { auditCheckpoint?: SignedCheckpoint };
      return auditCheckpoint === undefined ? [] : [auditCheckpoint];
    } catch {
      return [];
    }
  });
}
