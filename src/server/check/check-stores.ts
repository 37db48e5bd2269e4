import { sql } from "kysely";
import { loadRedis } from "../../platform/cache/load-redis.js";
import type { Store } from "../../platform/store/index.js";
import type { CheckOutcome } from "./outcomes.js";

/** Reads the schema version, which proves that the store responds and that its tables can be read. */
export async function checkStore(store: Store, isInMemory: boolean): Promise<CheckOutcome> {
  const { database } = store;
  const kind = database.isPostgres ? "PostgreSQL" : "SQLite";
  const { rows } = await database.read((queries) =>
    sql<{ version: number | string | null }>`select max(version) as version from schema_migrations`.execute(
      queries,
    ),
  );
  const details = `${kind}, schema version ${Number(rows[0]?.version ?? 0)}`;
  return isInMemory ? { result: "OK", details: `${details}, in memory` } : { result: "OK", details };
}

/**
 * Signs in to Redis and reads its eviction policy. Without an eviction of all keys, a full Redis refuses writes: nothing
 * is lost, and nothing is cached any more.
 */
export async function checkRedis(url: string, timeoutMs: number): Promise<CheckOutcome> {
  const client = loadRedis().createClient({
    url,
    disableOfflineQueue: true,
    socket: { connectTimeout: timeoutMs, reconnectStrategy: false },
  });
  // The rejection of `connect` has the same reason.
  client.on("error", () => {});
  try {
    await client.connect();
    const memory = String(await client.sendCommand(["INFO", "memory"]));
    const policy = /^maxmemory_policy:([a-z-]+)/m.exec(memory)?.[1] ?? "unknown";
    const isBounded = /^maxmemory:[1-9]/m.test(memory);
    if (isBounded && policy.startsWith("allkeys-"))
      return { result: "OK", details: `signed in, evicts by ${policy}` };
    const limit = isBounded ? "with a limit" : "without maxmemory";
    return { result: "WARN", details: `signed in, evicts by ${policy}, ${limit}` };
  } catch (error) {
    return { result: "FAIL", details: `not usable: ${codeOf(error)}` };
  } finally {
    if (client.isOpen) client.destroy();
  }
}

/** Redis's errors begin with a code in upper case. Nothing else of them is printed. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  return code ?? /^[A-Z]{4,12}\b/.exec(error.message)?.[0] ?? "unknown";
}
