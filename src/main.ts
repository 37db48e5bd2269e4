import "reflect-metadata";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createSubgraphSchema } from "./graph/schema.js";
import { systemClock } from "./platform/clock.js";
import { type Config, ConfigError, readConfig } from "./platform/config/config.js";
import { hostRules } from "./platform/config/host-rules.js";
import { pdsApplicationOf } from "./platform/config/pds-settings.js";
import { workerCount } from "./platform/config/worker-settings.js";
import { StoreStartError } from "./platform/store/index.js";
import { createTracing } from "./platform/telemetry/create-tracing.js";
import { createLog, type Log } from "./platform/telemetry/log.js";
import { NO_TRACING } from "./platform/telemetry/tracing.js";
import { toSettingsTable } from "./server/check/settings-table.js";
import { createServer, GRAPHQL_PATH } from "./server/create-server.js";
import { createDependencies, type UpstreamUrls } from "./server/dependencies.js";
import { openStores } from "./server/open-stores.js";
import { loadOperations } from "./server/operations.js";
import { OperatorError } from "./server/operator/operator-context.js";
import { ProcessFaults } from "./server/process-faults.js";
import type { JoinedWorker } from "./server/workers/worker.js";

/** Orchestrators kill a process after 30 s. */
const SHUTDOWN_LIMIT_MS = 29_000;
/** What the primary needs of it to kill a worker that does not end. */
const KILL_SLACK_MS = 500;

/**
 * Settings → sandbox for upstreams without an address → dependencies → server → listen. With `WORKERS`, the primary process
 * has the sandbox and each worker has the rest. With `--check`: checks the upstreams and ends. With `audit` or `bookings`:
 * an operator's command.
 */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const log = createLog(config.LOG_LEVEL);
  const [, , command, ...line] = process.argv;
  if (command === "audit" || command === "bookings") {
    const { runOperatorCommand } = await import("./server/operator/run-operator-command.js");
    const print = (text: string) => void process.stdout.write(`${text}\n`);
    process.exitCode = await runOperatorCommand(command, line, { config, log, print });
    return;
  }
  const faults = new ProcessFaults({ log });
  faults.watch();
  const isCheck = process.argv.includes("--check");
  if (isCheck || workerCount(config) === 1) return serve({ config, log, faults, isCheck });
  const workers = await import("./server/workers/index.js");
  if (!workers.isWorker) return supervise(workers, { config, log, faults });
  const joined = await workers.joinPrimary(config);
  return serve({ config: joined.config, log, faults, isCheck, joined });
}

interface Program {
  readonly config: Config;
  readonly log: Log;
  readonly faults: ProcessFaults;
}

interface ServerProgram extends Program {
  readonly isCheck: boolean;
  /** What this worker has from its primary. Undefined when there is one process. */
  readonly joined?: JoinedWorker | undefined;
}

/** Runs the server in this process. */
async function serve({ config, log, faults, isCheck, joined }: ServerProgram): Promise<void> {
  const stores = await openStores(config, systemClock, log);
  const sandbox = joined ? undefined : await openSandbox(config, log);
  const urls = joined?.setup.urls ?? upstreamUrls(config, sandbox);
  const tracing = isCheck ? NO_TRACING : await createTracing(config, log);
  const dependencies = createDependencies({
    config,
    urls,
    clock: systemClock,
    log,
    ...stores,
    primary: joined?.share,
    tracing,
  });
  const close = async () => {
    await dependencies.close();
    await sandbox?.close();
    await stores.close();
  };
  if (isCheck) {
    const { checkUpstreams } = await import("./server/check/check-upstreams.js");
    const { table, isGood } = await checkUpstreams({ dependencies, urls });
    process.stdout.write(table);
    process.exitCode = isGood ? 0 : 1;
    return close();
  }

  const { schema } = await createSubgraphSchema();
  const app = await createServer({ ...dependencies, faults, workers: joined?.group }, schema, {
    assetsDir: join(__dirname, "explorer"),
    operations: loadOperations(join(__dirname, "operations")),
    personas: joined ? joined.setup.personas : sandbox?.personas,
  });
  const closeAll = () =>
    app
      .close()
      .then(close)
      .finally(() => tracing.close());
  faults.shutDownWith(closeAll);
  // Commands whose outcome is still unknown at the limit are reconciled by the next process.
  endOnSignal(closeAll);
  await app.listen({ host: config.HOST, port: joined ? await joined.takePort() : config.PORT });
  const isLeader = joined && (() => joined.group.isLeader);
  dependencies.sweeper.start(isLeader);
  dependencies.upkeep.start(isLeader);

  if (joined) joined.ready();
  else printBanner(config, (app.server.address() as AddressInfo).port, urls.sandbox);
}

/** Runs the sandbox in this process and the servers in workers. */
async function supervise(
  workers: typeof import("./server/workers/index.js"),
  program: Program,
): Promise<void> {
  const { config, log, faults } = program;
  let sandbox: Awaited<ReturnType<typeof openSandbox>>;
  const starting = workers.startPrimary({
    config,
    log,
    prepare: async () => {
      sandbox = await openSandbox(config, log);
      return { urls: upstreamUrls(config, sandbox), personas: sandbox?.personas };
    },
    onFailed: exitWith,
  });
  const close = async () => {
    const primary = await starting;
    await primary.close(SHUTDOWN_LIMIT_MS - KILL_SLACK_MS);
    await sandbox?.close();
  };
  faults.shutDownWith(close);
  const { port } = await starting;
  endOnSignal(close);
  printBanner(config, port, upstreamUrls(config, sandbox).sandbox);
}

/** Ends the process in order at the first of these signals. Further ones change nothing. */
function endOnSignal(close: () => Promise<void>): void {
  let isEnding = false;
  const end = () => {
    if (isEnding) return;
    isEnding = true;
    setTimeout(() => process.exit(0), SHUTDOWN_LIMIT_MS).unref();
    void close().then(() => process.exit(0));
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, end);
}

function upstreamUrls(config: Config, sandbox: Awaited<ReturnType<typeof openSandbox>>): UpstreamUrls {
  return {
    pds: config.PDS_URL ?? sandbox?.pdsUrl ?? "",
    pdsToken: config.PDS_TOKEN_URL ?? sandbox?.pdsTokenUrl,
    sds: config.SDS_URL ?? sandbox?.sdsUrl ?? "",
    ssp: config.SSP_URL ?? sandbox?.sspUrl ?? "",
    sandbox: sandbox && { ...sandbox.urls },
  };
}

/** Starts the sandbox when at least one upstream needs it. In live mode its code is not loaded. */
async function openSandbox(config: Config, log: Log) {
  if (config.SPINE_ENV === "live") return undefined;
  for (const warning of hostRules(config).warnings) log.warn(warning);
  if (config.PDS_URL && config.SDS_URL && config.SSP_URL) return undefined;
  const { PERSONAS, startSandbox } = await import("./sandbox/index.js");
  const [consumer, ...others] = config.organisations;
  const sandbox = await startSandbox({
    log,
    ...(consumer && {
      consumer: {
        asid: consumer.asid,
        odsCode: consumer.odsCode,
        organisationType: consumer.type ?? "gp-practice",
      },
    }),
    alsoAccredited: others.map(({ asid }) => asid),
    pdsApplication: pdsApplicationOf(config),
  });
  return { ...sandbox, personas: PERSONAS };
}

function printBanner(config: Config, port: number, sandbox: UpstreamUrls["sandbox"]): void {
  process.stdout.write(
    config.SPINE_ENV === "live" ? liveBanner(config.HOST, port) : banner(`http://localhost:${port}`, sandbox),
  );
}

function liveBanner(host: string, port: number): string {
  return `spine-graph is ready: http://${host}:${port}${GRAPHQL_PATH}\n`;
}

function banner(base: string, sandbox: UpstreamUrls["sandbox"]): string {
  return `
spine-graph is ready.

  GraphQL    ${base}${GRAPHQL_PATH}
  Explorer   ${base}/
${sandbox === undefined ? "" : sandboxBanner(sandbox)}
Try it:

  curl -s ${base}${GRAPHQL_PATH} -H 'content-type: application/json' \\
    -d '{"query":"{ patient(nhsNumber: \\"9000000009\\") { name { display } chargeableStatus { status { display } } practice { odsCode freeSlots(first: 3) { start type } } } }"}'

Ctrl-C stops it.
`;
}

function sandboxBanner({ gateway, ldap }: NonNullable<UpstreamUrls["sandbox"]>): string {
  return `
  Sandbox    ${gateway}/ (console)
             ${gateway}/pds, /token, /sds, /ssp, /vm and /__sandbox; ${ldap}
`;
}

function exitWith(error: unknown): void {
  if (error instanceof ConfigError && process.argv.includes("--check")) {
    process.stdout.write(toSettingsTable(error.faults), () => process.exit(1));
    return;
  }
  const isForOperators =
    error instanceof ConfigError || error instanceof StoreStartError || error instanceof OperatorError;
  const message = isForOperators ? error.message : String(error);
  // Connections that are already open would keep the process alive.
  process.stderr.write(`${message}\n`, () => process.exit(1));
}

main().catch(exitWith);
