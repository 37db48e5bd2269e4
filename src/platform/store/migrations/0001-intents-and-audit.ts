/** Intents with their slot claims and results, and the audit. */
export const createIntentsAndAudit: readonly string[] = [
  "create table store_facts (name text primary key, value text not null)",
  "create table store_keys (secret_id text primary key, wrapped text not null)",
  `create table intents (
    key text primary key,
    revision integer not null,
    text text not null,
    open integer not null,
    expires_at bigint not null,
    result text
  )`,
  "create index intents_open on intents (open) where open = 1",
  "create index intents_expiry on intents (expires_at)",
  "create table slot_claims (claim text primary key, intent_key text not null)",
  "create index slot_claims_by_intent on slot_claims (intent_key)",
  "create table result_owners (result text primary key, intent_key text not null)",
  "create index result_owners_by_intent on result_owners (intent_key)",
  `create table audit_records (
    writer text not null,
    sequence bigint not null,
    time bigint not null,
    attempt text not null,
    phase text not null,
    outcome text not null,
    patient text,
    person text,
    smartcard text,
    organisation text,
    correlation text,
    body text not null,
    hash text not null,
    primary key (writer, sequence)
  )`,
  "create index audit_records_by_patient on audit_records (patient, time)",
  "create index audit_records_by_person on audit_records (person, time)",
  "create index audit_records_by_smartcard on audit_records (smartcard, time)",
  "create index audit_records_by_time on audit_records (time)",
  "create index audit_records_by_attempt on audit_records (attempt)",
  "create table audit_open (attempt text primary key, writer text not null, sequence bigint not null)",
  "create table audit_writers (writer text primary key, beats bigint not null)",
  `create table audit_checkpoints (
    writer text not null, sequence bigint not null, text text not null, primary key (writer, sequence)
  )`,
  "create table audit_starts (writer text primary key, text text not null)",
];
