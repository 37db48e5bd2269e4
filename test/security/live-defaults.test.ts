import { request } from "undici";
import { createSubgraphSchema } from "../../src/graph/schema.js";
import { type Config, readConfig } from "../../src/platform/config/config.js";
import { createLog } from "../../src/platform/telemetry/log.js";
import { createServer } from "../../src/server/create-server.js";
import { createDependencies } from "../../src/server/dependencies.js";
import { openStores } from "../../src/server/open-stores.js";
import { ALL_SCOPES, MAJA, startIssuer, type TestIssuer } from "../server/support/issuer.js";
import { TestClock } from "../support/call-context.js";

/** What is open in the sandbox and closed in live mode, with no setting given. */
const NOWHERE = "http://127.0.0.1:9";

let issuer: TestIssuer;
const closers: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  issuer = await startIssuer();
  closers.push(() => issuer.close());
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** The server in live mode with an issuer on loopback, which the rules about addresses would refuse in earnest. */
async function start(environment: Config["SPINE_ENV"]) {
  const config: Config = {
    ...readConfig({ PORT: "0", AUDIT_SINKS: "none", ...issuer.environment }),
    SPINE_ENV: environment,
  };
  const clock = new TestClock();
  const log = createLog("silent");
  const stores = await openStores({ ...config, SPINE_ENV: "sandbox" }, clock, log);
  const urls = { pds: NOWHERE, sds: NOWHERE, ssp: NOWHERE };
  const dependencies = createDependencies({ config, urls, clock, log, ...stores });
  const app = await createServer(dependencies, (await createSubgraphSchema()).schema, {
    assetsDir: __dirname,
    operations: [],
    personas: { patients: [], practices: [] },
  });
  closers.push(async () => {
    await app.close();
    await dependencies.close();
    await stores.close();
  });
  return { url: await app.listen({ host: "127.0.0.1", port: 0 }), dependencies };
}

async function query(url: string, text: string, scope: string) {
  const { headers, body } = await request(`${url}/graphql`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "spine-trace": "1",
      authorization: `Bearer ${await issuer.sign({ ...MAJA, scope })}`,
    },
    body: JSON.stringify({ query: text }),
  });
  const json = (await body.json()) as { data?: unknown; errors?: unknown[]; extensions?: object };
  return { headers, ...json };
}

test("in live mode the call log is shown with the scope call-log only, in the sandbox to everybody", async () => {
  const live = await start("live");
  const sandbox = await start("sandbox");
  const without = ALL_SCOPES.replace("call-log", "");

  expect((await query(live.url, "{ __typename }", without)).extensions).toBeUndefined();
  expect((await query(live.url, "{ __typename }", ALL_SCOPES)).extensions).toHaveProperty("spine.calls");
  expect((await query(sandbox.url, "{ __typename }", without)).extensions).toHaveProperty("spine.calls");
});

test("in live mode commands need verified details, in the sandbox they do not", async () => {
  const rulesOf = async (mode: Config["SPINE_ENV"]) => (await start(mode)).dependencies.commands.rules;

  expect(await rulesOf("live")).toMatchObject({ requireVerifiedDetails: true });
  expect(await rulesOf("sandbox")).toMatchObject({ requireVerifiedDetails: false });
});

test("in live mode introspection, queries by GET and the explorer are off", async () => {
  const { url } = await start("live");
  const byGet = await request(`${url}/graphql?query={__typename}`, {
    headers: { "apollo-require-preflight": "1" },
  });
  await byGet.body.dump();
  const page = await request(`${url}/`);
  await page.body.dump();

  const introspected = await query(url, "{ __schema { queryType { name } } }", ALL_SCOPES);
  expect(introspected.data).toBeUndefined();
  expect(introspected.errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT" } }]);
  expect(byGet.statusCode).toBe(405);
  expect(page.statusCode).toBe(404);
});

test("in live mode a query is refused when its audit cannot be confirmed", async () => {
  const { url, dependencies } = await start("live");
  dependencies.auditWriter.commit = () => Promise.reject(new Error("the disk is full"));

  const answer = await query(url, '{ patient(nhsNumber: "9990000000") { nhsNumber } }', ALL_SCOPES);

  expect(answer).toMatchObject({
    errors: [{ extensions: { code: "UPSTREAM_UNAVAILABLE", service: "STORE", retryable: true } }],
  });
  expect(answer.data).toBeUndefined();
});

test("no response of the API may be stored by a cache, whatever its status", async () => {
  const { url } = await start("live");
  const refused = await request(`${url}/graphql`, { method: "POST", body: "{" });
  await refused.body.dump();
  const answered = await query(url, "{ __typename }", ALL_SCOPES);

  expect(refused.statusCode).toBeGreaterThanOrEqual(400);
  for (const { headers } of [refused, answered]) expect(headers["cache-control"]).toBe("no-store");
});
