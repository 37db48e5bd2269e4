import "reflect-metadata";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createSubgraphSchema } from "./graph/schema.js";
import { openAuditFile } from "./platform/audit.js";
import { systemClock } from "./platform/clock.js";
import { ConfigError, readConfig } from "./platform/config.js";
import { hostRules } from "./platform/config-hosts.js";
import { createLog } from "./platform/log.js";
import { CAST, startSandbox } from "./sandbox/index.js";
import { createServer, GRAPHQL_PATH } from "./server/create-server.js";
import { createDependencies } from "./server/dependencies.js";
import { loadOperations } from "./server/operations.js";

/** Environment → sandbox where no upstream is named → dependencies → server → listen. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const log = createLog(config.LOG_LEVEL);
  for (const warning of hostRules(config).warnings) log.warn(warning);

  const sandbox =
    config.PDS_URL && config.SDS_URL && config.SSP_URL
      ? undefined
      : await startSandbox({
          log,
          consumer: {
            asid: config.CONSUMER_ASID,
            odsCode: config.CONSUMER_ODS_CODE,
            organisationType: config.CONSUMER_TYPE ?? "gp-practice",
          },
        });
  const audit = openAuditFile(config.AUDIT_FILE);
  const dependencies = createDependencies({
    config,
    urls: {
      pds: config.PDS_URL ?? sandbox?.pdsUrl ?? "",
      sds: config.SDS_URL ?? sandbox?.sdsUrl ?? "",
      ssp: config.SSP_URL ?? sandbox?.sspUrl ?? "",
    },
    clock: systemClock,
    log,
    writeAudit: audit.write,
  });
  const { schema } = await createSubgraphSchema();
  const app = await createServer(dependencies, schema, {
    assetsDir: join(__dirname, "explorer"),
    operations: loadOperations(join(__dirname, "operations")),
    cast: sandbox && CAST,
  });
  await app.listen({ host: config.HOST, port: config.PORT });

  const { port } = app.server.address() as AddressInfo;
  process.stdout.write(banner(`http://localhost:${port}`));

  const stop = async () => {
    await app.close();
    await dependencies.close();
    await sandbox?.close();
    audit.close();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void stop().then(() => process.exit(0)));
  }
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
  process.stderr.write(`${error instanceof ConfigError ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
