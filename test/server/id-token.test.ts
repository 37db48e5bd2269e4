import type { JWTPayload } from "jose";
import { type RunningGraph, startGraph } from "../support/start-graph.js";
import { MAJA, NOW, startIssuer, type TestIssuer } from "./support/issuer.js";

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

async function query(idToken: string) {
  const before = graph.sandbox.requests.length;
  const { data, errors } = await graph.query(
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

test.each<[string, () => Promise<string> | string]>([
  ["another person", () => issuer.sign({ ...MAJA, sub: "other", nhsid_useruid: "999888777666" })],
  ["another person without an SDS user id", () => issuer.sign({ sub: "other" })],
  ["no subject", () => issuer.sign({})],
  ["another organisation", () => issuer.sign({ ...MAJA, ods_code: "T82001" })],
  ["an end in the past", () => issuer.sign(MAJA, { now: NOW / 1000 - 600, expiresIn: 300 })],
  ["no form of a token", () => "canary"],
])("an ID token with %s is refused before any call", async (_case, sign) => {
  expect(await query(await sign())).toEqual({ data: undefined, reason: "ID_TOKEN_INVALID", calls: 0 });
  expect(graph.logLines.join()).not.toContain("canary");
});
