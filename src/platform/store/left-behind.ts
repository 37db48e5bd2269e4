import { type RawBuilder, sql } from "kysely";

/** Condition: the intent that the row belongs to is gone, or its time is over. */
export function isLeftBehind(table: "slot_claims" | "result_owners", now: number): RawBuilder<boolean> {
  const intentKey = sql.ref(`${table}.intent_key`);
  return sql<boolean>`not exists (
    select 1 from intents where intents.key = ${intentKey} and intents.expires_at > ${now}
  )`;
}
