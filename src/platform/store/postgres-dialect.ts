import { PostgresDialect } from "kysely";
import { Pool, types } from "pg";

export interface PostgresOptions {
  /** With `sslmode`, `sslrootcert` and the like, as `libpq` understands them. */
  readonly url: string;
  /** Connections of this process at most. */
  readonly poolSize: number;
  /** Longest that a statement, a lock or a free connection is waited for. */
  readonly statementTimeoutMs: number;
}

const INT8 = 20;
/** Beyond the server's own limit, for a server that no longer responds at all. */
const CLIENT_SLACK_MS = 500;

/** PostgreSQL through a pool. Nothing is connected until the first query. */
export function createPostgresDialect({
  url,
  poolSize,
  statementTimeoutMs,
}: PostgresOptions): PostgresDialect {
  const pool = new Pool({
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: statementTimeoutMs,
    query_timeout: statementTimeoutMs + CLIENT_SLACK_MS,
    statement_timeout: statementTimeoutMs,
    lock_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: 2 * statementTimeoutMs,
    keepAlive: true,
    application_name: "spine-graph",
    // Our integers of eight bytes are times and counters, far below 2^53.
    types: {
      getTypeParser: (oid: number, format?: "text" | "binary") =>
        oid === INT8 ? Number : types.getTypeParser(oid, format as "text"),
    } as typeof types,
  });
  // A connection that breaks while nobody waits for a query would otherwise end the process.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  return new PostgresDialect({ pool });
}
