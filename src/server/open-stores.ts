import type { AuditFile } from "../platform/audit/index.js";
import { createAuditLines, openAuditFile } from "../platform/audit/index.js";
import { connectRedis } from "../platform/cache/redis-connection.js";
import type { Clock } from "../platform/clock.js";
import type { Config } from "../platform/config/config.js";
import type { ScriptRunner } from "../platform/resilience/shared-rate-limit.js";
import { openStore, type Store, type StoreKeys } from "../platform/store/index.js";
import type { Log } from "../platform/telemetry/log.js";

/** A store of synthetic people in a file of their own needs no secret; live, `STORE_KEY` is compulsory. */
const SANDBOX_STORE_KEY = "the sandbox's store key, which protects nothing";

export interface Stores {
  /** Intents, slot claims and the audit. */
  readonly store: Store;
  /** Where audit records go beside the store. */
  readonly auditCopies: readonly AuditFile[];
  /** Counts the calls of all instances together. Undefined with one instance. */
  readonly sharedScripts: ScriptRunner | undefined;
  close(): Promise<void>;
}

/**
 * Opens what outlives a request, and waits until the store is ready.
 *
 * @throws StoreStartError with one message when the store cannot be used.
 */
export async function openStores(config: Config, clock: Clock, log: Log): Promise<Stores> {
  const store = await openConfiguredStore(config, clock);
  const redis = config.CACHE_URL === undefined ? undefined : connectRedis({ url: config.CACHE_URL, log });
  const auditCopies = openCopies(config, store.keys);
  return {
    store,
    auditCopies,
    sharedScripts: redis?.scripts,
    async close() {
      await redis?.close();
      for (const copy of auditCopies) copy.close();
      await store.close();
    },
  };
}

/** @throws StoreStartError */
export function openConfiguredStore(config: Config, clock: Clock): Promise<Store> {
  const { DATABASE_URL: url, STORE_KEY, SPINE_ENV: mode, PDS_URL, SDS_URL, SSP_URL } = config;
  return openStore({
    url,
    secrets: STORE_KEY ?? (url === undefined ? undefined : [SANDBOX_STORE_KEY]),
    poolSize: config.DATABASE_POOL_SIZE,
    statementTimeoutMs: config.DATABASE_STATEMENT_TIMEOUT_MS,
    environment: { mode, pdsUrl: PDS_URL, sdsUrl: SDS_URL, sspUrl: SSP_URL },
    clock,
  });
}

function openCopies({ AUDIT_SINKS: sinks, AUDIT_FILE: file }: Config, keys: StoreKeys): AuditFile[] {
  return [
    ...(sinks.includes("file") ? [openAuditFile(file, keys)] : []),
    ...(sinks.includes("stdout")
      ? [createAuditLines({ keys, write: (lines) => void process.stdout.write(lines) })]
      : []),
  ];
}
