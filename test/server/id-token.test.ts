import type { JWTPayload } from "jose";
import { type RunningGraph, startGraph } from "../support/start-graph.js";
import { ISSUER, MAJA, makeKey, NOW, startIssuer, type TestIssuer, unsignedToken } from "./support/issuer.js";

/** An ID token must belong to the caller whom the bearer token identifies. */
let issuer: TestIssuer;
let graph: RunningGraph;
beforeAll(async () => {
  issuer = await startIssuer();
  graph = await startGraph({ environment: issuer.environment });
});
afterAll(async () => {
  await graph.close();
  await issuer.close();
});

const { selected_roleid: _role, nhsid_nrbac_roles: _roles, ...WITHOUT_ORGANISATION } = MAJA;

async function query(idToken: string, server: RunningGraph = graph) {
  const before = graph.sandbox.requests.length;
  const { data, errors } = await server.query(
    '{ patient(nhsNumber: "9000000009") { nhsNumber } }',
    {},
    { authorization: `Bearer ${await issuer.sign(MAJA)}`, "spine-id-token": idToken },
  );
  return { data, reason: errors?.[0]?.extensions.reason, calls: graph.sandbox.requests.length - before };
}

test.each<[string, JWTPayload]>([
  ["the same claims", MAJA],
  ["the same person and no organisation", WITHOUT_ORGANISATION],
  ["another subject and the same SDS user id", { ...MAJA, sub: "cis2-subject" }],
])("an ID token with %s is accepted", async (_case, claims) => {
  expect(await query(await issuer.sign(claims))).toEqual({
    data: { patient: { nhsNumber: "9000000009" } },
    reason: undefined,
    calls: 1,
  });
});

describe("with the keys of the ID tokens' issuer", () => {
  let signIn: TestIssuer;
  let strict: RunningGraph;
  beforeAll(async () => {
    signIn = await startIssuer();
    strict = await startGraph({
      sandbox: graph.sandbox,
      environment: {
        ...issuer.environment,
        ID_TOKEN_ISSUER: "https://sign-in.example/",
        ID_TOKEN_AUDIENCE: "the-app",
        ID_TOKEN_JWKS_URL: signIn.environment.AUTH_JWKS_URL ?? "",
      },
    });
  });
  afterAll(async () => {
    await strict.close();
    await signIn.close();
  });

  const OWN = { issuer: "https://sign-in.example/", audience: "the-app" };

  test.each<[string, () => Promise<string>]>([
    [
      "signed by another key under a known key id",
      () => signIn.sign(MAJA, { ...OWN, key: { ...makeKey(), id: signIn.published[0]?.id ?? "" } }),
    ],
    ["of another issuer", () => signIn.sign(MAJA, { ...OWN, issuer: ISSUER })],
    ["for another application", () => signIn.sign(MAJA, { ...OWN, audience: "another-app" })],
    ["without a signature", async () => unsignedToken(MAJA)],
    ["without an end", () => signIn.sign(MAJA, { ...OWN, expiresIn: null })],
    ["of another person", () => signIn.sign({ ...MAJA, sub: "other", nhsid_useruid: "1" }, OWN)],
    ["that is the bearer token", () => issuer.sign(MAJA)],
  ])("an ID token %s is refused before any call", async (_case, sign) => {
    expect(await query(await sign(), strict)).toEqual({
      data: null,
      reason: "ID_TOKEN_INVALID",
      calls: 0,
    });
  });

  test("an ID token with a valid signature is accepted", async () => {
    expect(await query(await signIn.sign(MAJA, OWN), strict)).toMatchObject({
      data: { patient: { nhsNumber: "9000000009" } },
    });
  });
});

test.each<[string, () => Promise<string> | string]>([
  ["another person", () => issuer.sign({ ...MAJA, sub: "other", nhsid_useruid: "999888777666" })],
  ["another person without an SDS user id", () => issuer.sign({ sub: "other" })],
  ["no subject", () => issuer.sign({})],
  ["another organisation", () => issuer.sign({ ...MAJA, ods_code: "T82001" })],
  ["an end in the past", () => issuer.sign(MAJA, { now: NOW / 1000 - 600, expiresIn: 300 })],
  ["no form of a token", () => "canary"],
])("an ID token with %s is refused before any call", async (_case, sign) => {
  expect(await query(await sign())).toEqual({ data: null, reason: "ID_TOKEN_INVALID", calls: 0 });
  expect(graph.logLines.join()).not.toContain("canary");
});
