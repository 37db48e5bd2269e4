import type { CommandCoordinator } from "../commands/command-coordinator.js";
import type { Sweeper } from "../commands/sweeper.js";
import type { ConsumerSystem } from "../domain/caller.js";
import type { RelationshipCheck } from "../domain/relationship-check.js";
import type { RelationshipGuard } from "../journeys/journey-context.js";
import type { LoaderSources } from "../loaders/create-loaders.js";
import { type AuditFile, AuditStore, AuditUpkeep, AuditWriter } from "../platform/audit/index.js";
import { ScopedCache } from "../platform/cache/scoped-cache.js";
import { Sessions } from "../platform/cache/sessions.js";
import type { Clock } from "../platform/clock.js";
import type { Config } from "../platform/config/config.js";
import { createKeyrings } from "../platform/crypto/keyring.js";
import { type AppointmentIds, createAppointmentIds } from "../platform/ids/appointment-id.js";
import { createSlotIds, type SlotIds } from "../platform/ids/slot-id.js";
import { createResiliencePipeline, type ObservedPipeline } from "../platform/resilience/index.js";
import { type ScriptRunner, SharedRateLimiter } from "../platform/resilience/shared-rate-limit.js";
import type { Store } from "../platform/store/index.js";
import type { Log } from "../platform/telemetry/log.js";
import { NO_TRACING, type Tracing } from "../platform/telemetry/tracing.js";
import type { TlsSource } from "../platform/tls/tls-source.js";
import { createPdsClient, type PdsAccess } from "../upstreams/pds/index.js";
import { servicePolicies } from "../upstreams/policies.js";
import { createGpConnectClient } from "../upstreams/ssp/index.js";
import { createVisitorsAndMigrantsClient } from "../upstreams/visitors-and-migrants/index.js";
import { createRedisCounter } from "./admission/request-counter.js";
import { RequestRates } from "./admission/request-rates.js";
import { type CheckIdToken, createIdTokenCheck } from "./auth/check-id-token.js";
import { createIdentify, type Identify } from "./auth/identify.js";
import { createRelationshipGuard, loadRelationshipCheck } from "./auth/relationship-guard.js";
import { createCache } from "./create-cache.js";
import { createCommandCoordinator, createSweeper } from "./create-commands.js";
import { createDirectory } from "./create-directory.js";
import { createHttpClients } from "./create-http-clients.js";
import { createPdsAccess } from "./create-pds-access.js";
import { createSpineTls } from "./create-spine-tls.js";
import type { PrimaryShare } from "./primary-share.js";
import type { ProcessFaults } from "./process-faults.js";
import { calledAddressRules, spineEndpointSource } from "./spine-addresses.js";
import type { WorkerGroup } from "./worker-group.js";

const HOUR_MS = 60 * 60_000;

/** The addresses of the upstreams, from the settings or from the embedded sandbox. */
export interface UpstreamUrls {
  readonly pds: string;
  /** Undefined when PDS requires no token. */
  readonly pdsToken?: string | undefined;
  readonly sds: string;
  readonly ssp: string;
  /** All addresses of the embedded sandbox by name. Undefined without it. */
  readonly sandbox?:
    | (Readonly<Record<string, string>> & { readonly gateway: string; readonly ldap: string })
    | undefined;
}

/** All objects that live as long as the process. */
export interface Dependencies {
  readonly config: Config;
  readonly urls: UpstreamUrls;
  readonly clock: Clock;
  readonly log: Log;
  /** Identifies the caller of a request. */
  readonly identify: Identify;
  /** Checks that an ID token belongs to the caller. */
  readonly checkIdToken: CheckIdToken;
  /** The deployment's own check of callers' relationships to patients. Undefined when there is none. */
  readonly relationshipGuard: RelationshipGuard | undefined;
  /** Counts requests against the limits of callers. */
  readonly requestRates: RequestRates;
  readonly sources: LoaderSources;
  readonly sessions: Sessions;
  readonly audit: AuditStore;
  /** Writes the audit records of requests to the store. */
  readonly auditWriter: AuditWriter;
  /** Flushes, checkpoints and retention of the store, once it is started. */
  readonly upkeep: AuditUpkeep;
  /** Intents, slot claims and the audit. */
  readonly store: Store;
  /** Limits, retries and circuit breakers of this process for the upstreams. */
  readonly resilience: ObservedPipeline;
  readonly slotIds: SlotIds;
  readonly appointmentIds: AppointmentIds;
  /** Persists each command before it is sent. */
  readonly commands: CommandCoordinator;
  /** Reconciles commands with an unknown outcome, once it is started. */
  readonly sweeper: Sweeper;
  /** Source of PDS access tokens. Undefined when PDS needs no token. */
  readonly pdsAccess: PdsAccess | undefined;
  /** Our client certificate for Spine. Undefined when none is set. */
  readonly tls: TlsSource | undefined;
  /** Errors of this process that nothing handled, for the metrics. Undefined where nobody watches for them. */
  readonly faults?: ProcessFaults | undefined;
  /** Records traces. */
  readonly tracing: Tracing;
  /** The worker processes of which this is one. Left out: there is one process. */
  readonly workers?: WorkerGroup | undefined;
  close(): Promise<void>;
}

export interface DependencyOptions {
  readonly config: Config;
  readonly urls: UpstreamUrls;
  readonly clock: Clock;
  readonly log: Log;
  /** Intents, slot claims and the audit. Its user closes it, after these. */
  readonly store: Store;
  /** Where audit records go beside the store. */
  readonly auditCopies?: readonly AuditFile[] | undefined;
  /** Counts calls for all instances together. Without it, each process has budgets of its own. */
  readonly sharedScripts?: ScriptRunner | undefined;
  /** What the primary process shares with its workers. Undefined when there is one process. */
  readonly primary?: PrimaryShare | undefined;
  /** Records traces; its user closes it, after these. Left out: nothing is traced. */
  readonly tracing?: Tracing | undefined;
  /** Replaces the check that the settings name. */
  readonly relationshipCheck?: RelationshipCheck | undefined;
}

type UpkeepParts = Pick<Dependencies, "store" | "audit" | "clock" | "log" | "config">;

/** Creates all clients and stores. Opens no connection except the shared cache's, and waits for none. */
export function createDependencies({
  config,
  urls,
  clock,
  log,
  store,
  auditCopies = [],
  sharedScripts,
  primary,
  tracing = NO_TRACING,
  relationshipCheck = loadRelationshipCheck(config),
}: DependencyOptions): Dependencies {
  const tls = createSpineTls(config, clock, log);
  const http = createHttpClients(config, tls);
  const system: ConsumerSystem = {
    url: config.CONSUMER_SYSTEM_URL,
    product: config.CONSUMER_PRODUCT,
    version: config.CONSUMER_PRODUCT_VERSION,
  };
  // Instances must read each other's ids, so the cache key is used when there is no id key.
  const keyrings = createKeyrings(
    config.ID_SIGNING_KEY ?? config.CACHE_ENCRYPTION_KEY ?? (primary && [primary.idSecret]),
  );
  const cache = createCache(config, log, primary);
  const requestCounter = sharedScripts ? createRedisCounter(sharedScripts) : primary?.requests;
  const scopedCache = new ScopedCache({
    store: cache.values,
    hashKey: cache.keyring.derive("cache keys"),
    clock,
  });
  const sds = createDirectory({ config, url: urls.sds, http: http.sds, clock, log, tls });
  const pdsAccess = createPdsAccess({ config, tokenUrl: urls.pdsToken, http: http.token, clock });
  const auditWriter = new AuditWriter({ store, copies: auditCopies, log });
  const audit = new AuditStore({ clock, writer: auditWriter });
  const commands = createCommandCoordinator({ log, config, clock, store, audit });
  const parts = {
    config,
    urls,
    clock,
    log,
    pdsAccess,
    tls,
    identify: createIdentify({ config, clock, log }),
    relationshipGuard:
      relationshipCheck &&
      createRelationshipGuard(relationshipCheck, { timeoutMs: config.RELATIONSHIP_CHECK_TIMEOUT_MS, log }),
    checkIdToken: createIdTokenCheck(config, { clock, log }),
    requestRates: new RequestRates({
      clock,
      hashKey: cache.keyring.derive("request rates"),
      shared: requestCounter,
      callerLimit: config.CALLER_MAX_RPS,
      organisationLimit: config.ORGANISATION_MAX_RPS,
      anonymousLimit: config.ANONYMOUS_MAX_RPS,
    }),
    sources: {
      pds: createPdsClient({
        url: urls.pds,
        http: http.pds,
        clock,
        timeoutMs: config.PDS_TIMEOUT_MS,
        access: pdsAccess,
      }),
      directory: sds.directory,
      gpConnect: createGpConnectClient({
        url: urls.ssp,
        http: http.ssp,
        clock,
        system,
        timeoutMs: config.SSP_TIMEOUT_MS,
        writeTimeoutMs: config.SSP_WRITE_TIMEOUT_MS ?? config.SSP_TIMEOUT_MS,
        serviceFiltering: config.GP_CONNECT_SERVICE_FILTERING,
      }),
      visitorsAndMigrants: createVisitorsAndMigrantsClient({
        http: http.vm,
        clock,
        system,
        timeoutMs: config.VM_TIMEOUT_MS,
        addresses: calledAddressRules(config),
      }),
      cache: scopedCache,
      spine: spineEndpointSource(config),
      timeToLive: {
        patientMs: config.PDS_CACHE_SECONDS * 1000,
        capabilitiesMs: config.CAPABILITIES_CACHE_HOURS * HOUR_MS,
      },
    },
    sessions: new Sessions({ store: cache.values, hashKey: cache.keyring.derive("sessions"), clock }),
    store,
    audit,
    auditWriter,
    upkeep: createUpkeep({ store, audit, clock, log, config }),
    resilience: createResiliencePipeline({
      services: servicePolicies(config),
      log,
      createRateLimiter: sharedScripts
        ? (name, rateLimit) => new SharedRateLimiter({ runner: sharedScripts, name, rateLimit, log })
        : primary?.createRateLimiter,
    }),
    slotIds: createSlotIds(...keyrings),
    appointmentIds: createAppointmentIds(...keyrings),
    commands,
    tracing,
  };
  const sweeper = createSweeper(parts);
  return {
    ...parts,
    sweeper,
    async close() {
      await sweeper.stop();
      // Sent commands are completed while the clients are still open.
      await commands.inFlight.idle();
      await scopedCache.close();
      await Promise.all([...Object.values(http), sds].map((client) => client.close()));
      await cache.close();
      // Last, since everything before it may still record.
      await parts.upkeep.stop();
    },
  };
}

/** The store's regular work, with the settings of this deployment. */
function createUpkeep({ store, audit, clock, log, config }: UpkeepParts): AuditUpkeep {
  return new AuditUpkeep({
    store,
    audit,
    clock,
    stopwatch: { now: () => performance.now() },
    log,
    checkpointFile: config.AUDIT_CHECKPOINT_FILE,
    retentionDays: config.AUDIT_RETENTION_DAYS,
  });
}
