import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { request } from "undici";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.js";
import { TestClock } from "../support/call-context.js";
import { type RunningGraph, startGraph } from "../support/start-graph.js";

/** The whole server in front of a PDS that wants tokens. */
const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const API_KEY = "canary-api-key-of-the-app";
const TRACE = `query ($criteria: PatientTraceInput!) { tracePatient(criteria: $criteria) {
  __typename
  ... on Patient { nhsNumber name { family } practice { odsCode } }
  ... on PatientTraceCandidates { candidates { nhsNumber } }
} }`;
const READ = `{ patient(nhsNumber: "9000000009") { name { family } } }`;
const ASHCOMBE = {
  familyStartsWith: "Ash",
  givenStartsWith: "Ro",
  birthDate: "1984-03-17",
  postcodeStartsWith: "XX",
};
const TWINS = { family: "Thornbury", birthDate: "2009-05-01" };

interface Traced {
  readonly tracePatient: { readonly __typename: string } | null;
}

let folder: string;
let keyFile: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "spine-graph-pds-"));
  keyFile = join(folder, "key.pem");
  writeFileSync(keyFile, privateKey.export({ type: "pkcs8", format: "pem" }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function start(PDS_AUTH: string): Promise<{ graph: RunningGraph; pds: Sandbox }> {
  const clock = new TestClock();
  const pdsApplication = {
    apiKey: API_KEY,
    keyId: "test-1",
    publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
  };
  const pds = await startSandbox({ clock, pdsApplication });
  const environment = {
    PDS_AUTH,
    PDS_URL: pds.pdsUrl,
    PDS_TOKEN_URL: pds.pdsTokenUrl,
    PDS_API_KEY: API_KEY,
    PDS_KEY_ID: "test-1",
    PDS_PRIVATE_KEY_FILE: keyFile,
  };
  return { graph: await startGraph({ clock, environment }), pds };
}

const interactions = (pds: Sandbox) => pds.requests.map(({ interaction }) => interaction);

describe("with the application's own token", () => {
  let graph: RunningGraph;
  let pds: Sandbox;
  beforeAll(async () => {
    ({ graph, pds } = await start("signed-jwt"));
  });
  afterAll(async () => {
    await graph.close();
    await pds.close();
  });

  test("a trace and a read use one token, and later queries reuse it", async () => {
    const answer = await graph.query<Traced>(TRACE, { criteria: ASHCOMBE });
    expect(answer.errors).toBeUndefined();
    expect(answer.data.tracePatient).toEqual({
      __typename: "Patient",
      nhsNumber: "9000000009",
      name: { family: "Ashcombe" },
      practice: { odsCode: "T81001" },
    });
    expect(graph.calls(answer)).toEqual(["TOKEN token", "PDS Patient.search", "PDS Patient.read"]);
    expect(graph.calls(await graph.query(READ))).toEqual(["PDS Patient.read"]);
    expect(interactions(pds)).toEqual(["token", "Patient.search", "Patient.read", "Patient.read"]);
  });

  test("a trace with two matches returns no person", async () => {
    const { data } = await graph.query<Traced>(TRACE, { criteria: { ...TWINS, maxResults: 10 } });
    expect(data.tracePatient).toEqual({ __typename: "PatientTraceTooManyMatches" });
  });

  test("a revoked token is replaced without an error", async () => {
    pds.revokePdsTokens();
    const answer = await graph.query<{ patient: object }>(READ);
    expect(answer.errors).toBeUndefined();
    expect(graph.calls(answer)).toEqual(["PDS Patient.read", "TOKEN token", "PDS Patient.read"]);
  });

  test("a token that expires soon is replaced before PDS refuses it", async () => {
    graph.clock.advance(575_000);
    expect(graph.calls(await graph.query(READ))).toEqual(["TOKEN token", "PDS Patient.read"]);
  });

  test("an unavailable token endpoint is an error of PDS without secrets", async () => {
    graph.clock.advance(600_000);
    const body = `{"error":"canary of ${API_KEY}"}`;
    const up = pds.faults.add({ service: "PDS", interaction: "token", kind: { status: 400, body } });
    const answer = await graph.query(READ);
    up();
    expect(answer.errors).toMatchObject([
      { path: ["patient"], extensions: { code: "UPSTREAM_REFUSED", service: "PDS", retryable: false } },
    ]);
    const everything = [JSON.stringify(answer), ...graph.logLines, ...graph.auditLines].join("\n");
    for (const secret of [API_KEY, "canary", pds.pdsTokenUrl, keyFile])
      expect(everything).not.toContain(secret);
  });
});

describe("with a token for the caller", () => {
  let graph: RunningGraph;
  let pds: Sandbox;
  beforeAll(async () => {
    ({ graph, pds } = await start("token-exchange"));
  });
  afterAll(async () => {
    await graph.close();
    await pds.close();
  });

  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const idToken = (sub: string) => `${part({ alg: "RS512" })}.${part({ sub })}.c2lnbmF0dXJl`;

  test("a request without an ID token causes no upstream call", async () => {
    const answer = await graph.query(READ);
    expect(answer.errors).toMatchObject([
      { extensions: { code: "UNAUTHENTICATED", reason: "ID_TOKEN_REQUIRED" } },
    ]);
    expect(pds.requests).toEqual([]);
  });

  test("a trace may return several people, and each is audited", async () => {
    const answer = await graph.query<Traced>(
      TRACE,
      { criteria: TWINS },
      { "spine-id-token": idToken("anna") },
    );
    expect(answer.data.tracePatient).toEqual({
      __typename: "PatientTraceCandidates",
      candidates: [{ nhsNumber: "9990000212" }, { nhsNumber: "9990000220" }],
    });
    const matched = graph.auditLines
      .map((line) => JSON.parse(line))
      .filter(({ reason }) => reason === "MATCHED");
    expect(matched).toMatchObject([
      { operation: "PDS Patient.search", outcome: "SUCCEEDED", nhsNumber: "9990000212" },
      { operation: "PDS Patient.search", outcome: "SUCCEEDED", nhsNumber: "9990000220" },
    ]);
    expect(pds.requests.at(-1)?.headers).toMatchObject({
      "nhsd-session-urid": "999000000102",
      "nhsd-end-user-organisation-ods": "T82000",
    });
  });

  test("each sign-in has its own token, and no token is logged or audited", async () => {
    const calls = async (sub: string) =>
      graph
        .calls(await graph.query(READ, {}, { "spine-id-token": idToken(sub) }))
        .filter((call) => call === "TOKEN token");
    expect([await calls("anna"), await calls("bela"), await calls("bela")]).toEqual([
      [],
      ["TOKEN token"],
      [],
    ]);
    const written = [...graph.logLines, ...graph.auditLines].join("\n");
    const tokens = pds.requests.flatMap(({ headers }) => headers.authorization?.split(" ")[1] ?? []);
    expect(new Set(tokens).size).toBe(2);
    for (const secret of [...tokens, idToken("anna"), idToken("bela"), API_KEY])
      expect(written).not.toContain(secret);
    expect(graph.logLines.join("\n")).not.toMatch(/Thornbury|9990000212|9000000009/);
  });

  test("a session belongs to one sign-in: no cached record is served with another ID token or without one", async () => {
    const session = { "spine-session": "one encounter" };
    const read = async (headers: Record<string, string>) => graph.query(READ, {}, { ...session, ...headers });
    const own = { "spine-id-token": idToken("clara") };
    await read(own);

    expect(graph.calls(await read(own))).toEqual([]);
    const without = await read({});
    expect(without.data).toEqual({ patient: null });
    expect(without.errors).toMatchObject([{ extensions: { reason: "ID_TOKEN_REQUIRED" } }]);
    expect(graph.calls(await read({ "spine-id-token": idToken("dora") }))).toContain("PDS Patient.read");
  });
});

describe("with the embedded sandbox", () => {
  const client = { PDS_API_KEY: API_KEY, PDS_KEY_ID: "test-1" };

  test("the application of the settings is registered there, and PDS requires its token", async () => {
    const environment = { PDS_AUTH: "signed-jwt", ...client, PDS_PRIVATE_KEY_FILE: keyFile };
    const graph = await startGraph({ environment });

    const answer = await graph.query(READ);

    expect(answer.errors).toBeUndefined();
    expect(graph.calls(answer)).toEqual(["TOKEN token", "PDS Patient.read"]);
    const { pdsUrl } = graph.sandbox;
    const headers = { "x-request-id": "0b5f3cbe-54c6-4f8f-9d2a-6a8f4c1f9f10" };
    expect((await request(`${pdsUrl}/Patient/9000000009`, { headers })).statusCode).toBe(401);
    await graph.close();
  });
});
