/** Version of the schema that this program writes and reads; see {@link Tables.schema_migrations}. */
export interface SchemaMigrationRow {
  readonly version: number;
  readonly applied_at: number;
}

/** Facts of the store as a whole: the environment that it belongs to. */
export interface StoreFactRow {
  readonly name: string;
  readonly value: string;
}

/** A random data key, encrypted under one secret of `STORE_KEY`. The same key has one row for each secret. */
export interface StoreKeyRow {
  readonly secret_id: string;
  readonly wrapped: string;
}

/** One command intent. Only its flags can be read; `text` is encrypted, `key` and `result` are keyed hashes. */
export interface IntentRow {
  readonly key: string;
  readonly revision: number;
  readonly text: string;
  /** 1 while the outcome must still be reconciled. */
  readonly open: number;
  readonly expires_at: number;
  readonly result: string | null;
}

/** One slot that a live intent claims. The primary key keeps every other intent off it. */
export interface SlotClaimRow {
  readonly claim: string;
  readonly intent_key: string;
}

/** Which intent brought a result, an appointment for instance, about. */
export interface ResultOwnerRow {
  readonly result: string;
  readonly intent_key: string;
}

/** One record of a writer's hash chain. */
export interface AuditRecordRow {
  readonly writer: string;
  /** Gapless for each writer, from 1. */
  readonly sequence: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly attempt: string;
  readonly phase: string;
  readonly outcome: string;
  /** Keyed hashes, so that records can be found without a readable identifier. */
  readonly patient: string | null;
  readonly person: string | null;
  readonly smartcard: string | null;
  readonly organisation: string | null;
  readonly correlation: string | null;
  /** The whole record, encrypted. */
  readonly body: string;
  /** HMAC over the preceding record's hash and all columns of this one. */
  readonly hash: string;
}

/** A command whose audit record was opened and is not closed yet. */
export interface AuditOpenRow {
  readonly attempt: string;
  readonly writer: string;
  readonly sequence: number;
}

/** A process that writes audit records. `beats` grows while it is alive and has open records. */
export interface AuditWriterRow {
  readonly writer: string;
  readonly beats: number;
}

/** A signed statement of where a writer's chain ended. */
export interface AuditCheckpointRow {
  readonly writer: string;
  readonly sequence: number;
  readonly text: string;
}

/** A signed statement of where a writer's chain begins after retention removed its older records. */
export interface AuditStartRow {
  readonly writer: string;
  readonly text: string;
}

/** Every table of the store, as Kysely types its queries. */
export interface Tables {
  readonly schema_migrations: SchemaMigrationRow;
  readonly store_facts: StoreFactRow;
  readonly store_keys: StoreKeyRow;
  readonly intents: IntentRow;
  readonly slot_claims: SlotClaimRow;
  readonly result_owners: ResultOwnerRow;
  readonly audit_records: AuditRecordRow;
  readonly audit_open: AuditOpenRow;
  readonly audit_writers: AuditWriterRow;
  readonly audit_checkpoints: AuditCheckpointRow;
  readonly audit_starts: AuditStartRow;
}
