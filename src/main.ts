import "reflect-metadata";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createSubgraphSchema } from "./graph/schema.js";
import { systemClock } from "./platform/clock.js";
import { type Config, ConfigError, readConfig } from "./platform/config/config.js";
import { hostRules } from "./platform/config/host-rules.js";
import { StoreStartError } from "./platform/store/index.js";
import { createTracing } from "./platform/telemetry/create-tracing.js";
import { createLog, type Log } from "./platform/telemetry/log.js";
import { checkUpstreams } from "./server/check/check-upstreams.js";
import { createServer, GRAPHQL_PATH } from "./server/create-server.js";
import { createDependencies } from "./server/dependencies.js";
import { openStores } from "./server/open-stores.js";
import { loadOperations } from "./server/operations.js";
import { OperatorError } from "./server/operator/operator-context.js";
import { ProcessFaults } from "./server/process-faults.js";

/** Orchestrators kill a process after 30 s. */
const SHUTDOWN_LIMIT_MS = 29_000;

/** Settings → sandbox for upstreams without an address → dependencies → server → listen. With `--check`: checks the upstreams and ends. With `audit` or `bookings`: an operator's command. */
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
  const stores = await openStores(config, systemClock, log);
  const sandbox = await openSandbox(config, log);
  const urls = {
    pds: config.PDS_URL ?? sandbox?.pdsUrl ?? "",
    sds: config.SDS_URL ?? sandbox?.sdsUrl ?? "",
    ssp: config.SSP_URL ?? sandbox?.sspUrl ?? "",
  };
  const dependencies = createDependencies({
    config,
    urls,
    clock: systemClock,
    log,
    ...stores,
  });
  const close = async () => {
    await dependencies.close();
    await sandbox?.close();
    await stores.close();
  };
  if (process.argv.includes("--check")) {
    const { table, isGood } = await checkUpstreams({ dependencies, urls });
    process.stdout.write(table);
    process.exitCode = isGood ? 0 : 1;
    return close();
  }

  const { schema } = await createSubgraphSchema();
  const tracing = await createTracing({
    endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT,
    serviceName: config.OTEL_SERVICE_NAME,
    log,
  });
  const app = await createServer({ ...dependencies, faults, tracing }, schema, {
    assetsDir: join(__dirname, "explorer"),
    operations: loadOperations(join(__dirname, "operations")),
    personas: sandbox?.personas,
  });
  const closeAll = () =>
    app
      .close()
      .then(close)
      .finally(() => tracing.close());
  faults.shutDownWith(closeAll);
  await app.listen({ host: config.HOST, port: config.PORT });
  dependencies.sweeper.start();
  dependencies.upkeep.start();

  const { port } = app.server.address() as AddressInfo;
  process.stdout.write(
    config.SPINE_ENV === "live" ? liveBanner(config.HOST, port) : banner(`http://localhost:${port}`),
  );

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      // Commands whose outcome is still unknown then are reconciled by the next process.
      setTimeout(() => process.exit(0), SHUTDOWN_LIMIT_MS).unref();
      void closeAll().then(() => process.exit(0));
    });
  }
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
  });
  return { ...sandbox, personas: PERSONAS };
}

function liveBanner(host: string, port: number): string {
  return `spine-graph is ready: http://${host}:${port}${GRAPHQL_PATH}\n`;
}

function banner(base: string): string {
  return `
spine-graph is ready.

  GraphQL    ${base}${GRAPHQL_PATH}
  Explorer   ${base}/

Try it:

  curl -s ${base}${GRAPHQL_PATH} -H 'content-type: application/json' \\
    -d '{"query":"{ patient(nhsNumber: \\"9000000009\\") { name { display } chargeableStatus { status { display } } practice { odsCode freeSlots(first: 3) { start type } } } }"}'

Ctrl-C stops it.
`;
}

main().catch((error: unknown) => {
  const isForOperators =
    error instanceof ConfigError || error instanceof StoreStartError || error instanceof OperatorError;
  const message = isForOperators ? error.message : String(error);
  // Connections that are already open would keep the process alive.
  process.stderr.write(`${message}\n`, () => process.exit(1));
});
