/**
 * Measures the processor time and the allocated bytes of an operation in this process, and prints them as JSON. It runs in
 * a process of its own: its collector must not run in between, and nothing else may allocate.
 *
 *     node --expose-gc --max-semi-space-size=256 measure.js <folder of the compiled server> [slow]
 *
 * With `slow`, each request does what the guard must notice.
 */
require("reflect-metadata");
const { join } = require("node:path");
const { PerformanceObserver } = require("node:perf_hooks");
const { ApolloServer } = require("@apollo/server");
const { fastifyApolloHandler } = require("@as-integrations/fastify");
const fastify = require("fastify");

const [, , compiled, plant] = process.argv;
const load = (path) => require(join(compiled, path));

const QUERY =
  "query Patient($nhsNumber: ID!) { patient(nhsNumber: $nhsNumber) { nhsNumber name { display } dateOfBirth gender } }";
const CARD =
  "query Card($nhsNumber: ID!) { patient(nhsNumber: $nhsNumber) { name { display } chargeableStatus { recorded } practice { odsCode freeSlots(first: 5) { id start type } } } }";
const VARIABLES = { nhsNumber: "9000000009" };
const ROUNDS = 7;
const OPERATIONS = 150;

const toRequest = (query) => ({
  method: "POST",
  url: "/graphql",
  headers: { "content-type": "application/json", "spine-session": "one encounter" },
  payload: JSON.stringify({ query, variables: VARIABLES }),
});

async function startOurs() {
  const { createServer } = load("server/create-server.js");
  const { createDependencies } = load("server/dependencies.js");
  const { openStores } = load("server/open-stores.js");
  const { readConfig } = load("platform/config/config.js");
  const { systemClock } = load("platform/clock.js");
  const { createLog } = load("platform/telemetry/log.js");
  const { createSubgraphSchema } = load("graph/schema.js");
  const config = readConfig({ AUDIT_SINKS: "none", ...JSON.parse(process.env.UPSTREAMS) });
  const log = createLog("info", () => {});
  const stores = await openStores(config, systemClock, log);
  const urls = { pds: config.PDS_URL, sds: config.SDS_URL, ssp: config.SSP_URL };
  const dependencies = createDependencies({ config, urls, clock: systemClock, log, ...stores });
  const app = await createServer(dependencies, (await createSubgraphSchema()).schema);
  if (plant === "slow") app.addHook("onRequest", async () => doTooMuch());
  await app.ready();
  return app;
}

const kept = [];
function doTooMuch() {
  const end = performance.now() + 3;
  while (performance.now() < end) Math.sqrt(end);
  kept.push(Array.from({ length: 40_000 }, (_, index) => ({ index })));
  if (kept.length > 3) kept.shift();
}

/** What Apollo Server takes by itself: the same query, with a resolver that has the patient at hand. */
async function startBare() {
  const patient = {
    nhsNumber: VARIABLES.nhsNumber,
    name: { display: "Ms Rosalind May ASHCOMBE" },
    dateOfBirth: "1985-06-21",
    gender: "female",
  };
  const apollo = new ApolloServer({
    typeDefs: `type Query { patient(nhsNumber: ID!): Patient }
      type Patient { nhsNumber: ID! name: HumanName dateOfBirth: String gender: String }
      type HumanName { display: String! }`,
    resolvers: { Query: { patient: () => patient } },
  });
  await apollo.start();
  const app = fastify();
  app.post("/graphql", fastifyApolloHandler(apollo));
  await app.ready();
  return app;
}

async function run(app, request, times) {
  for (let done = 0; done < times; done += 1) {
    const { statusCode, body } = await app.inject(request);
    if (statusCode !== 200 || body.includes('"errors"'))
      throw new Error(`${statusCode} ${body.slice(0, 500)}`);
  }
}

/** Processor milliseconds of one operation. */
async function cpuMs(app, request) {
  const before = process.cpuUsage();
  await run(app, request, OPERATIONS);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / OPERATIONS;
}

const collections = [];
new PerformanceObserver((list) => {
  collections.push(...list.getEntries().map(({ startTime }) => startTime));
}).observe({ entryTypes: ["gc"] });

/** Bytes that one operation allocates. The first stretch without a collection counts. */
async function allocatedBytes(app, request) {
  for (let tries = 0; tries < 10; tries += 1) {
    global.gc();
    const begunAt = performance.now();
    const before = process.memoryUsage().heapUsed;
    await run(app, request, 20);
    const after = process.memoryUsage().heapUsed;
    const endedAt = performance.now();
    // The observer hears of a collection later.
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (!collections.some((at) => at >= begunAt && at <= endedAt)) return (after - before) / 20;
  }
  throw new Error("the collector ran in every stretch");
}

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function main() {
  const [ours, bare] = [await startOurs(), await startBare()];
  const [patient, card] = [toRequest(QUERY), toRequest(CARD)];
  await run(ours, patient, 600);
  await run(bare, patient, 600);
  await run(ours, card, 60);
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    rounds.push({ ours: await cpuMs(ours, patient), bare: await cpuMs(bare, patient) });
  }
  const result = {
    timesBareApollo: median(rounds.map(({ ours: own, bare: theirs }) => own / theirs)),
    patientCpuMs: median(rounds.map(({ ours: own }) => own)),
    bareCpuMs: median(rounds.map(({ bare: theirs }) => theirs)),
    patientBytes: await allocatedBytes(ours, patient),
    cardBytes: await allocatedBytes(ours, card),
  };
  process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`, () => process.exit(1));
});
