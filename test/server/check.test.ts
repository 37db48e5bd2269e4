import { generateKeyPairSync } from "node:crypto";
import type { ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { readConfig } from "../../src/platform/config/config.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.js";
import { createTestAuthorities, type TestCertificate } from "../support/certificates.js";
import { sendJson, startLocalServer } from "../support/local-server.js";
import { describeNeeding } from "../support/needs.js";
import { startRedis } from "../support/redis.js";
import { writeTestFile } from "./support/consumers.js";
import { startIssuer } from "./support/issuer.js";
import { runCheck } from "./support/run-check.js";

const DAY_MS = 24 * 60 * 60 * 1000;
const authorities = createTestAuthorities();
const spine = authorities.found("Spine", "rsa");
const ours = spine.issue("consumer.example", {
  usage: "clientAuth",
  validTo: new Date(Date.now() + 100 * DAY_MS + 60_000),
});
const TLS = {
  SPINE_CLIENT_CERT_FILE: ours.certFile,
  SPINE_CLIENT_KEY_FILE: ours.keyFile,
  SPINE_CA_FILE: spine.certFile,
};

let sandbox: Sandbox;
const open: (() => Promise<void> | void)[] = [];
let logLines: string[];

beforeAll(async () => {
  sandbox = await startSandbox();
});
beforeEach(() => {
  logLines = [];
});
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});
afterAll(async () => {
  await sandbox.close();
  authorities.remove();
});

const check = (environment: Record<string, string> = {}) => runCheck(sandbox, environment, logLines);

async function serve(certificate: TestCertificate): Promise<string> {
  const server = createServer({ ...certificate, ca: spine.cert, requestCert: true }, (_request, response) =>
    response.end(),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `https://localhost:${(server.address() as AddressInfo).port}`;
}

const serverCertificate = (days: number) =>
  spine.issue("localhost", {
    usage: "serverAuth",
    names: ["DNS:localhost"],
    algorithm: "rsa",
    validTo: new Date(Date.now() + days * DAY_MS + 60_000),
  });

test("the check passes against the sandbox, without a request about a patient or to a practice", async () => {
  const before = sandbox.requests.length;
  const { lines, isGood, table } = await check();
  expect(isGood).toBe(true);
  expect(lines).toEqual([
    "Our certificate: SKIP not set",
    "Callers' keys: SKIP not set",
    "Their key set: SKIP not set",
    "PDS: OK reachable, clocks agree",
    "PDS API: OK the API responds",
    "Token endpoint: SKIP not set",
    "PDS token: SKIP not set",
    "SDS: OK reachable, clocks agree",
    "SDS API: OK the API responds",
    "Spine in SDS: OK ASID 928942012545",
    "Our entry in SDS: OK ASID 200000000115 at T82000 has all 12 interactions",
    "SSP: OK reachable, clocks agree",
    "V&M: OK reachable, clocks agree",
    "Cache: SKIP not set",
    "Cache memory: SKIP not set",
    "Store: OK SQLite, schema version 1, in memory",
  ]);
  expect(table.split("\n")[0]).toMatch(/^What +Where +Result +Details$/);
  const asked = sandbox.requests.slice(before);
  expect(asked.map(({ service }) => service)).not.toContain("PRACTICE");
  const paths = asked.map(({ path }) => path).filter((path) => !path.endsWith("/Patient/0"));
  for (const path of paths) expect(path).not.toMatch(/Patient|Observation|Appointment|Slot/);
});

test("an unreachable service fails the check, and all other services are checked as well", async () => {
  const { lines, isGood } = await check({
    SSP_URL: "http://127.0.0.1:1",
    CACHE_URL: "redis://127.0.0.1:1",
    CACHE_ENCRYPTION_KEY: "x".repeat(32),
  });
  expect(isGood).toBe(false);
  expect(lines).toContain("SSP: FAIL not reachable: ECONNREFUSED");
  expect(lines).toContain("Cache: FAIL not reachable: ECONNREFUSED");
  expect(lines).toContain("V&M: OK reachable, clocks agree");
});

describe("a wrong path fails the check, with the setting and what it ends with", () => {
  test.each<[string, () => Record<string, string>, string]>([
    ["/Patient appended", () => ({ PDS_URL: `${sandbox.pdsUrl}/Patient` }), "PDS_URL ends with /FHIR/R4"],
    ["/FHIR/R4 twice", () => ({ PDS_URL: `${sandbox.pdsUrl}/FHIR/R4` }), "PDS_URL ends with /FHIR/R4"],
    ["no /FHIR/R4", () => ({ PDS_URL: new URL(sandbox.pdsUrl).origin }), "PDS_URL ends with /FHIR/R4"],
    ["/Endpoint appended", () => ({ SDS_URL: `${sandbox.sdsUrl}/Endpoint` }), "SDS_URL ends with /FHIR/R4"],
    [
      "another base",
      () => ({ SDS_URL: `${new URL(sandbox.sdsUrl).origin}/sds` }),
      "SDS_URL ends with /FHIR/R4",
    ],
  ])("%s", async (_case, environment, advice) => {
    const { lines, isGood } = await check(environment());

    expect(isGood).toBe(false);
    const service = advice.slice(0, 3);
    expect(lines).toContainEqual(
      expect.stringMatching(new RegExp(`^${service} API: FAIL status .*${advice}`)),
    );
  });

  test("a page that responds 200 to everything is no API", async () => {
    const page = await startLocalServer((_request, response) => {
      response.end("<html>Welcome</html>");
    });
    open.push(() => page.close());

    const { lines } = await check({ PDS_URL: page.url });

    expect(lines).toContainEqual(expect.stringMatching(/^PDS API: FAIL status 200/));
  });

  test("a gateway that wants a sign-in proves nothing", async () => {
    const gateway = await startLocalServer((_request, response) => {
      response.writeHead(401).end();
    });
    open.push(() => gateway.close());

    const { lines } = await check({ PDS_URL: gateway.url });

    expect(lines).toContain("PDS API: SKIP the path cannot be proved without a sign-in");
  });
});

test("a clock difference of more than a few seconds is a warning", async () => {
  const late = await startLocalServer((_request, response) => {
    response.writeHead(404, { date: new Date(Date.now() - 3_600_000).toUTCString() }).end();
  });
  open.push(() => late.close());
  const { lines, isGood } = await check({ PDS_URL: late.url });
  expect(isGood).toBe(false);
  expect(lines).toContainEqual(
    expect.stringMatching(/^PDS: WARN reachable, clocks differ by 3(599|600|601) s$/),
  );
  expect(late.requests.map(({ method, path, body }) => [method, path, body])).toEqual(
    expect.arrayContaining([
      ["GET", "/", ""],
      ["GET", "/Patient/0", ""],
    ]),
  );
});

// Proves GPC-SPN-TST-03.
describe("the check over TLS", () => {
  test("shows the remaining days of both certificates", async () => {
    const environment = { ...TLS, SSP_URL: await serve(serverCertificate(200)) };
    const { lines } = await check(environment);
    expect(lines).toContain("Our certificate: OK ends in 100 days, chain of 2");
    expect(lines).toContain("SSP: OK reachable, certificate ends in 200 days, clocks agree");
  });

  test("warns of a certificate that ends soon", async () => {
    const { lines, isGood } = await check({ ...TLS, SSP_URL: await serve(serverCertificate(20)) });
    expect(isGood).toBe(true);
    expect(lines).toContain("SSP: WARN reachable, certificate ends in 20 days, clocks agree");
  });

  test("fails for an unknown authority, a missing client certificate and another host name", async () => {
    const stranger = authorities.found("Stranger", "rsa");
    const foreign = stranger.issue("localhost", {
      usage: "serverAuth",
      names: ["DNS:localhost"],
      algorithm: "rsa",
    });
    const named = spine.issue("x", {
      usage: "serverAuth",
      names: ["DNS:elsewhere.example"],
      algorithm: "rsa",
    });
    const ssp = async (environment: Record<string, string>) =>
      (await check(environment)).lines.find((line) => line.startsWith("SSP"));
    expect(await ssp({ ...TLS, SSP_URL: await serve(foreign) })).toMatch(
      /FAIL not reachable: (UNABLE_TO|SELF_SIGNED)/,
    );
    expect(await ssp({ ...TLS, SSP_URL: await serve(named) })).toBe(
      "SSP: FAIL not reachable: ERR_TLS_CERT_ALTNAME_INVALID",
    );
    const alone = { SPINE_CA_FILE: spine.certFile, SSP_URL: await serve(serverCertificate(200)) };
    expect(await ssp(alone)).toMatch(/^SSP: FAIL not reachable: /);
  });
});

describe("the check of the PDS token", () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = writeTestFile("pds.pem", privateKey.export({ type: "pkcs8", format: "pem" }).toString());
  afterAll(() => key.remove());

  async function tokenLine(mode: string, status: number, body: object): Promise<string | undefined> {
    const endpoint = await startLocalServer((request, response) =>
      request.method === "POST" ? sendJson(response, status, body) : sendJson(response, 405, {}),
    );
    open.push(() => endpoint.close());
    const { lines } = await check({
      PDS_URL: sandbox.pdsUrl,
      PDS_AUTH: mode,
      PDS_TOKEN_URL: `${endpoint.url}/oauth2/token`,
      PDS_API_KEY: "canary-api-key",
      PDS_KEY_ID: "test-1",
      PDS_PRIVATE_KEY_FILE: key.path,
    });
    expect(lines).toContain("Token endpoint: OK reachable, clocks agree");
    return lines.find((line) => line.startsWith("PDS token"));
  }
  const TOKEN = { access_token: "canary-token", expires_in: "599", token_type: "Bearer" };

  test("requests a token and never prints it", async () => {
    expect(await tokenLine("signed-jwt", 200, TOKEN)).toBe("PDS token: OK issued");
    expect(logLines.join()).not.toContain("canary");
  });

  test("fails with the endpoint's code alone when the token is refused", async () => {
    const refusal = { error: "invalid_request", error_description: "canary: Invalid 'kid' header" };
    expect(await tokenLine("signed-jwt", 401, refusal)).toBe(
      "PDS token: FAIL UPSTREAM_REFUSED, INVALID_REQUEST",
    );
    expect(logLines.join()).not.toContain("canary");
  });

  test("is skipped when the token needs the sign-in of a person", async () => {
    expect(await tokenLine("token-exchange", 200, TOKEN)).toBe(
      "PDS token: SKIP needs the sign-in of a person",
    );
  });
});

test("the check fetches and counts the keys for callers' tokens", async () => {
  const issuer = await startIssuer();
  open.push(() => issuer.close());
  expect((await check(issuer.environment)).lines).toContain("Their key set: OK 1 key");
  issuer.answer = { status: 200, body: { hello: "world" } };
  const { lines, isGood } = await check(issuer.environment);
  expect(lines).toContain("Their key set: FAIL no key set, status 200");
  expect(isGood).toBe(false);
});

test("a missing directory entry of Spine fails the check, and V&M is skipped", async () => {
  const interaction = "urn:nhs:names:services:visitorsandmigrants:fhir:rest:search:nothing";
  const { lines, isGood } = await check({ VM_DIRECTORY_INTERACTION: interaction });
  expect(isGood).toBe(false);
  expect(lines).toContainEqual(expect.stringMatching(/^Spine in SDS: FAIL UPSTREAM_REFUSED, /));
  expect(lines).toContain("V&M: SKIP address unknown");
});

test("with a fixed V&M address the directory entry is not checked", async () => {
  const { lines } = await check({ VM_URL: sandbox.sspUrl, SPINE_ASID: "200000000117" });
  expect(lines).toContain("Spine in SDS: SKIP not set");
  expect(lines).toContain("V&M: OK reachable, clocks agree");
});

describe("our own entry in the directory", () => {
  const ownEntry = (lines: readonly string[]) => lines.find((line) => line.startsWith("Our entry"));

  test("an ASID that is not registered at the organisation fails the check, with advice", async () => {
    const { lines, isGood, table } = await check({ CONSUMER_ASID: "200000009999" });
    expect(ownEntry(lines)).toMatch(/FAIL ASID 200000009999 at \w+ is not registered for GP Connect/);
    expect(isGood).toBe(false);
    expect(table).toContain("  Our entry in SDS: Compare CONSUMER_ASID and CONSUMER_ODS_CODE");
  });

  test("interactions that the entry lacks are named", async () => {
    const { sds } = await sdsWith((path) => (path.includes("create:appointment") ? 0 : 1));
    const { lines, table } = await check({ SDS_URL: sds });
    expect(ownEntry(lines)).toMatch(/FAIL ASID \d+ at \w+ lacks rest:create:appointment-1$/);
    expect(table).toContain("Ask for these interactions to be added");
  });

  test.each([
    ["a refusal", (response: ServerResponse) => sendJson(response, 403, {}), "SDS responds with 403"],
    ["no JSON", (response: ServerResponse) => void response.end("<html>"), "no response"],
  ])("%s of the directory fails the check", async (_case, answer, details) => {
    const peer = await startLocalServer((_request, response) => answer(response));
    open.push(() => peer.close());
    expect(ownEntry((await check({ SDS_URL: peer.url })).lines)).toBe(`Our entry in SDS: FAIL ${details}`);
  });

  /** A directory with so many entries of the sandbox's consumer for each request. */
  async function sdsWith(entries: (path: string) => number) {
    const { asid } = readConfig({}).organisations[0] ?? { asid: "" };
    const resource = { identifier: [{ system: "https://fhir.nhs.uk/Id/nhsSpineASID", value: asid }] };
    const peer = await startLocalServer(({ path }, response) =>
      sendJson(response, 200, { resourceType: "Bundle", entry: Array(entries(path)).fill({ resource }) }),
    );
    open.push(() => peer.close());
    return { sds: peer.url };
  }
});

test("every row that fails or warns has one line of advice", async () => {
  const { rows, table } = await check({
    PDS_URL: "http://127.0.0.1:1",
    SDS_URL: "http://127.0.0.1:1",
    SSP_URL: "http://127.0.0.1:1",
    CACHE_URL: "redis://127.0.0.1:1",
    CACHE_ENCRYPTION_KEY: "x".repeat(32),
  });
  const bad = rows.filter(({ result }) => result === "WARN" || result === "FAIL");
  expect(bad.length).toBeGreaterThan(5);
  const [, advice = ""] = table.split("\nWhat to do:\n");
  expect(advice.trimEnd().split("\n")).toHaveLength(bad.length);
  for (const { what } of bad) expect(advice).toContain(`  ${what}: `);
});

describeNeeding("redis-server", "the check of Redis", () => {
  test("warns of a Redis that would refuse writes when it is full, and is content with one that evicts", async () => {
    const redis = await startRedis();
    open.push(() => redis.stop());
    const environment = { CACHE_URL: redis.url, CACHE_ENCRYPTION_KEY: "x".repeat(32) };
    const before = await check(environment);
    expect(before.lines).toContain("Cache memory: WARN signed in, evicts by noeviction, without maxmemory");
    expect(before.table).toContain("maxmemory-policy allkeys-lru");
    await redis.configure("maxmemory-policy", "allkeys-lru");
    await redis.configure("maxmemory", "16mb");
    expect((await check(environment)).lines).toContain("Cache memory: OK signed in, evicts by allkeys-lru");
    await redis.configure("requirepass", "a password");
    expect((await check(environment)).lines).toContain("Cache memory: FAIL not usable: NOAUTH");
  });
});
