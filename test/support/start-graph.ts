import { join } from "node:path";
import type { GraphQLSchema } from "graphql";
import { type Dispatcher, request } from "undici";
import { createSubgraphSchema } from "../../src/graph/schema.js";
import { createAuditLines } from "../../src/platform/audit/index.js";
import type { Clock } from "../../src/platform/clock.js";
import { readConfig } from "../../src/platform/config/config.js";
import { pdsApplicationOf } from "../../src/platform/config/pds-settings.js";
import { createTracing } from "../../src/platform/telemetry/create-tracing.js";
import { createLog } from "../../src/platform/telemetry/log.js";
import {
  DEFAULT_PROFILE,
  isSupplierProfileName,
  PERSONAS,
  type Sandbox,
  SUPPLIER_PROFILES,
  type SupplierProfile,
  type SupplierProfileName,
  startSandbox,
} from "../../src/sandbox/index.js";
import { createServer } from "../../src/server/create-server.js";
import { createDependencies } from "../../src/server/dependencies.js";
import { openStores } from "../../src/server/open-stores.js";
import { loadOperations } from "../../src/server/operations.js";
import type { PrimaryShare } from "../../src/server/primary-share.js";
import { TestClock } from "./call-context.js";
import { IS_COMPILED } from "./engine.js";

export interface GraphAnswer<T> {
  readonly data: T;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: Record<string, unknown>;
  }[];
  readonly extensions?: {
    readonly spine?: {
      readonly calls: readonly {
        readonly service: string;
        readonly interaction: string;
        readonly target: string | null;
        readonly startedMs: number;
        readonly durationMs: number;
        readonly outcome: string;
      }[];
      readonly cache: Record<string, { hits: number; misses: number; shared: number }>;
    };
  };
}

export interface RunningGraph {
  readonly url: string;
  readonly sandbox: Sandbox;
  readonly clock: TestClock;
  /** Every line of the operational log and of the audit so far. */
  readonly logLines: string[];
  readonly auditLines: string[];
  /** One step of the reconciliation of commands, which `npm start` takes every few seconds. */
  sweep(): Promise<void>;
  query<T = Record<string, never>>(
    query: string,
    variables?: Record<string, unknown>,
    headers?: Record<string, string>,
  ): Promise<GraphAnswer<T>>;
  /** Posts any body to `/graphql`. */
  post<T = Record<string, never>>(body: object, headers?: Record<string, string>): Promise<GraphAnswer<T>>;
  get(path: string, headers?: Record<string, string>): Promise<Dispatcher.ResponseData>;
  /** "SSP slot-1 T81001" for each call of an answer, in order of start. */
  calls(answer: GraphAnswer<unknown>): string[];
  close(): Promise<void>;
}

/** The supplier profile of suites that name none: `npm run verify:long -- profiles` runs them over each. */
export const SUITE_PROFILE = suiteProfile(process.env.SANDBOX_PROFILE ?? DEFAULT_PROFILE);

function suiteProfile(name: string): SupplierProfile {
  if (!isSupplierProfileName(name)) throw new Error(`SANDBOX_PROFILE: there is no profile ${name}`);
  return SUPPLIER_PROFILES[name];
}

export interface StartOptions {
  readonly environment?: Record<string, string>;
  readonly clock?: TestClock;
  readonly slowMs?: number;
  /** The supplier profile of the sandbox's practices. */
  readonly profile?: SupplierProfileName;
  /** One that another server uses as well; that one closes it. */
  readonly sandbox?: Sandbox;
  /** Starts a directory of the test's own over what the sandbox has, and answers its `SDS_URL`. */
  readonly startDirectory?: (sandbox: Sandbox) => Promise<string>;
  /** What a primary process shares with this one, such as its cache. */
  readonly primary?: PrimaryShare;
  /** Another schema than the product's, for tests of the server itself. */
  readonly schema?: GraphQLSchema;
  /** Folder into which the explorer was built; without it there is no page at `/`. */
  readonly built?: string;
}

/** The whole server on a free port over the embedded sandbox, as `npm start` runs it. */
export async function startGraph(options: StartOptions = {}): Promise<RunningGraph> {
  const clock = options.clock ?? new TestClock();
  const config = readConfig({
    PORT: "0",
    AUDIT_SINKS: "none",
    // The clock of most tests stands still, so that all their requests are in one second.
    CALLER_MAX_RPS: "10000",
    ANONYMOUS_MAX_RPS: "10000",
    COMPILED_EXECUTION: String(IS_COMPILED),
    ...options.environment,
  });
  const sandbox =
    options.sandbox ??
    (await startSandbox({
      clock: clock as Clock,
      ...(options.slowMs !== undefined && { slowMs: options.slowMs }),
      profile: options.profile ?? SUITE_PROFILE.name,
      pdsApplication: pdsApplicationOf(config),
    }));
  const logLines: string[] = [];
  const auditLines: string[] = [];
  const stores = await openStores(config, clock, createLog("silent"));
  const log = createLog("trace", (line) => logLines.push(line));
  const tracing = await createTracing(config, log);
  const dependencies = createDependencies({
    config,
    urls: {
      pds: config.PDS_URL ?? sandbox.pdsUrl,
      pdsToken: config.PDS_TOKEN_URL ?? sandbox.pdsTokenUrl,
      sds: config.SDS_URL ?? (await options.startDirectory?.(sandbox)) ?? sandbox.sdsUrl,
      ssp: config.SSP_URL ?? sandbox.sspUrl,
      sandbox: { ...sandbox.urls },
    },
    clock,
    log,
    tracing,
    ...stores,
    primary: options.primary,
    auditCopies: [
      ...stores.auditCopies,
      createAuditLines({
        keys: stores.store.keys,
        write: (lines) => auditLines.push(...lines.split(/(?<=\n)/)),
      }),
    ],
  });
  const schema = options.schema ?? (await createSubgraphSchema()).schema;
  const { built } = options;
  const explorer = built && {
    assetsDir: join(built, "explorer"),
    operations: loadOperations(join(built, "operations")),
    personas: PERSONAS,
  };
  const closeParts = async () => {
    await dependencies.close();
    await stores.close();
    if (options.sandbox === undefined) await sandbox.close();
  };
  const app = await createServer(dependencies, schema, explorer || undefined).catch(
    async (error: unknown) => {
      await closeParts();
      throw error;
    },
  );
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  const post = async (body: object, headers: Record<string, string> = {}) => {
    const response = await request(`${url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", "spine-trace": "1", ...headers },
      body: JSON.stringify(body),
    });
    return (await response.body.json()) as never;
  };
  return {
    url,
    sandbox,
    clock,
    logLines,
    auditLines,
    sweep: () => dependencies.sweeper.step(),
    query: (query, variables = {}, headers = {}) => post({ query, variables }, headers),
    post,
    get: (path, headers = {}) => request(`${url}${path}`, { headers }),
    calls: (answer) =>
      (answer.extensions?.spine?.calls ?? []).map(({ service, interaction, target }) =>
        [service, interaction.split(":").at(-1), target].filter(Boolean).join(" "),
      ),
    async close() {
      await app.close();
      await closeParts();
      await tracing.close();
    },
  };
}
