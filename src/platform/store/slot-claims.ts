import type { Database, StoreQueries, StoreTransaction } from "./database.js";
import type { SlotConflict } from "./intent-store.js";
import { isLeftBehind } from "./left-behind.js";

/**
 * Makes an entry's slot claims exactly those given. One row for each claim, with the claim as its primary key: of two
 * intents that want one slot, the database lets one in.
 *
 * A conflict undoes the whole transaction, which then resolves with the {@link SlotConflict}.
 */
export async function keepSlotClaims(
  transaction: StoreTransaction,
  { key, claims, now }: { readonly key: string; readonly claims: readonly string[]; readonly now: number },
  undo: Database["undo"],
): Promise<void> {
  await transaction
    .deleteFrom("slot_claims")
    .where("intent_key", "=", key)
    .$if(claims.length > 0, (query) => query.where("claim", "not in", claims))
    .execute();
  if (claims.length === 0) return;
  await dropExpiredClaims(transaction, claims, now);
  // In one order everywhere, so that no two transactions wait for each other.
  const rows = [...new Set(claims)].sort().map((claim) => ({ claim, intent_key: key }));
  await transaction
    .insertInto("slot_claims")
    .values(rows)
    .onConflict((conflict) => conflict.column("claim").doNothing())
    .execute();
  const taken = await transaction
    .selectFrom("slot_claims")
    .selectAll()
    .where("claim", "in", claims)
    .where("intent_key", "!=", key)
    .execute();
  const [first] = taken;
  if (first === undefined) return;
  const slotClaims = taken.map(({ claim }) => claim);
  undo({ kind: "conflict", slotClaims, heldBy: first.intent_key } satisfies SlotConflict);
}

/** An expired entry is gone, and so are its claims. */
async function dropExpiredClaims(
  transaction: StoreTransaction,
  claims: readonly string[],
  now: number,
): Promise<void> {
  await transaction
    .deleteFrom("slot_claims")
    .where("claim", "in", claims)
    .where(isLeftBehind("slot_claims", now))
    .execute();
}

/** The claims of each of the keys. */
export async function slotClaimsOf(
  queries: StoreQueries,
  keys: readonly string[],
): Promise<Map<string, string[]>> {
  const claims = new Map<string, string[]>(keys.map((key) => [key, []]));
  if (keys.length === 0) return claims;
  const rows = await queries
    .selectFrom("slot_claims")
    .selectAll()
    .where("intent_key", "in", keys)
    .orderBy("claim")
    .execute();
  for (const { claim, intent_key } of rows) claims.get(intent_key)?.push(claim);
  return claims;
}
