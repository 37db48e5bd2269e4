/**
 * Starts a whole supergraph: spine-graph with its sandbox, a second subgraph, and Hive Gateway before both.
 *
 *   npm run supergraph
 *
 * Hive Gateway is large, so it is installed with the packages of `test/federation` at the first start. GRAPH_URL names a
 * spine-graph that runs already. PORT, CARE_PLANS_PORT and GATEWAY_PORT are the ports.
 */
const { spawn, spawnSync } = require("node:child_process");
const { existsSync, readFileSync } = require("node:fs");
const { createServer } = require("node:http");
const { createRequire } = require("node:module");
const { join } = require("node:path");
const { composeServices } = require("@theguild/federation-composition");
const { GraphQLError, parse } = require("graphql");
const { SDL, startCarePlans } = require("./care-plans.js");
const { maskError } = require("./mask-errors.js");

const ROOT = join(__dirname, "../..");
const PACKAGES = join(ROOT, "test/federation");
const { GRAPH_URL, PORT = "4000", CARE_PLANS_PORT = "4001", GATEWAY_PORT = "4002" } = process.env;

/** What a gateway has to pass on: who calls, in which encounter, and under which trace. */
const PASSED_HEADERS = ["authorization", "spine-session", "spine-trace", "x-correlation-id", "traceparent"];

function installGateway() {
  if (existsSync(join(PACKAGES, "node_modules"))) return;
  const args = [
    "ci",
    "--prefix",
    PACKAGES,
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
  ];
  if (spawnSync("npm", args, { stdio: "inherit" }).status !== 0)
    throw new Error("Hive Gateway cannot be installed");
}

/** Starts spine-graph as `npm start` does, and waits until it is ready. */
async function startSpineGraph() {
  if (GRAPH_URL) return GRAPH_URL;
  const child = spawn(process.execPath, [join(ROOT, "dist/main.js")], {
    env: { ...process.env, PORT },
    stdio: "inherit",
  });
  process.once("exit", () => child.kill());
  const ended = new Promise((_resolve, reject) => {
    child.once("exit", () => reject(new Error("spine-graph ended")));
  });
  await Promise.race([ended, untilReady(`http://localhost:${PORT}/health/ready`)]);
  return `http://localhost:${PORT}/graphql`;
}

async function untilReady(url) {
  for (;;) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function compose(subgraphs) {
  const { supergraphSdl, errors = [] } = composeServices(
    subgraphs.map(({ sdl, ...subgraph }) => ({ ...subgraph, typeDefs: parse(sdl) })),
  );
  if (!supergraphSdl) throw new Error(errors.map(({ message }) => message).join("\n"));
  return supergraphSdl;
}

function toMasked(error) {
  const { message, ...rest } = maskError(error);
  return new GraphQLError(message, rest);
}

function startGateway(supergraph) {
  const { createGatewayRuntime } = createRequire(join(PACKAGES, "package.json"))(
    "@graphql-hive/gateway-runtime",
  );
  const gateway = createGatewayRuntime({
    supergraph,
    logging: false,
    maskedErrors: { maskError: toMasked },
    propagateHeaders: {
      fromClientToSubgraphs: ({ request }) =>
        Object.fromEntries(PASSED_HEADERS.map((name) => [name, request.headers.get(name) ?? undefined])),
    },
  });
  const server = createServer(gateway);
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(Number(GATEWAY_PORT), "127.0.0.1", () => {
      resolve(`http://127.0.0.1:${server.address().port}/graphql`);
    });
  });
}

async function main() {
  installGateway();
  const [spineUrl, carePlansUrl] = await Promise.all([
    startSpineGraph(),
    startCarePlans(Number(CARE_PLANS_PORT)),
  ]);
  const url = await startGateway(
    compose([
      { name: "spine", url: spineUrl, sdl: readFileSync(join(ROOT, "schema.graphql"), "utf8") },
      { name: "care-plans", url: carePlansUrl, sdl: SDL },
    ]),
  );
  console.log(`gateway: ${url}`);
  console.log(
    `curl -s ${url} -H 'content-type: application/json' -d '{"query":"{ carePlans { title patient { name { display } practice { name parking } } } }"}'`,
  );
}

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(0));
main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
