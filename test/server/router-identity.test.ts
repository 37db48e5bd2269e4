import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { type JWTPayload, SignJWT } from "jose";
import { request } from "undici";
import { type RunningGraph, startGraph } from "../support/start-graph.js";
import { MAJA, makeKey, NOW, type SigningKey, startIssuer, type TestIssuer } from "./support/issuer.js";

/** A trusted router forwards who its caller is. Nobody else may do so, and no other request may be made with it. */
const ROUTER = "https://router.example/";
const AUDIENCE = "spine-graph-subgraph";
const AT = NOW / 1000;
const BODY = JSON.stringify({ query: '{ patient(nhsNumber: "9000000009") { nhsNumber } }' });
const OTHER_BODY = JSON.stringify({ query: '{ patient(nhsNumber: "9990000018") { nhsNumber } }' });

let issuer: TestIssuer;
let router: TestIssuer;
let graph: RunningGraph;
beforeAll(async () => {
  issuer = await startIssuer();
  router = await startIssuer();
  graph = await startGraph({
    environment: {
      ...issuer.environment,
      ROUTER_IDENTITY_ISSUER: ROUTER,
      ROUTER_IDENTITY_AUDIENCE: AUDIENCE,
      ROUTER_IDENTITY_JWKS_URL: router.environment.AUTH_JWKS_URL ?? "",
    },
  });
});
afterAll(async () => {
  await graph.close();
  await router.close();
  await issuer.close();
});

const hashOf = (body: string | Buffer) => createHash("sha256").update(body).digest("base64url");

interface Forged {
  readonly claims?: JWTPayload;
  readonly key?: SigningKey;
  readonly issuer?: string;
  readonly audience?: string;
  readonly type?: string;
  readonly issuedAt?: number | null;
  readonly body?: string | null;
}

async function forward(change: Forged = {}): Promise<string> {
  const { key = router.published[0], issuedAt = AT, body = BODY } = change;
  if (key === undefined) throw new Error("the router has no key");
  const token = new SignJWT({
    ...MAJA,
    ...(body !== null && { body_sha256: hashOf(body) }),
    ...change.claims,
  })
    .setProtectedHeader({ alg: key.algorithm, kid: key.id, typ: change.type ?? "router-identity+jwt" })
    .setIssuer(change.issuer ?? ROUTER)
    .setAudience(change.audience ?? AUDIENCE)
    .setExpirationTime(AT + 300);
  if (issuedAt !== null) token.setIssuedAt(issuedAt);
  return token.sign(key.privateKey);
}

async function send(
  headers: Record<string, string | string[]>,
  body: string | Buffer = BODY,
  server: RunningGraph = graph,
) {
  const before = server.sandbox.requests.length;
  const response = await request(`${server.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });
  const { data, errors } = (await response.body.json()) as {
    data?: { patient: unknown };
    errors?: { extensions: { reason?: string } }[];
  };
  return {
    admitted: data?.patient != null,
    reason: errors?.[0]?.extensions.reason,
    calls: server.sandbox.requests.length - before,
  };
}

const ADMITTED = { admitted: true, reason: undefined, calls: 1 };
const refused = (reason: string) => ({ admitted: false, reason, calls: 0 });
const bearer = async (claims: JWTPayload = MAJA) => ({
  authorization: `Bearer ${await issuer.sign(claims)}`,
});

test("a forwarded identity is the caller, and the audit names the person", async () => {
  graph.auditLines.length = 0;

  expect(await send({ "spine-router-identity": await forward() })).toEqual(ADMITTED);
  expect(JSON.parse(graph.auditLines[0] ?? "")).toMatchObject({ user: { localId: "user-7f3a" } });
});

test("a compressed request is bound by its decompressed body", async () => {
  const headers = { "spine-router-identity": await forward(), "content-encoding": "gzip" };

  expect(await send(headers, gzipSync(BODY))).toEqual(ADMITTED);
  expect(await send(headers, gzipSync(OTHER_BODY))).toEqual(refused("ROUTER_IDENTITY_INVALID"));
});

test.each<[string, () => Promise<string> | string]>([
  ["another request's body", () => forward({ body: OTHER_BODY })],
  ["no body", () => forward({ body: null })],
  ["a list in place of the hash", () => forward({ claims: { body_sha256: [hashOf(BODY)] } })],
  ["an age over one minute", () => forward({ issuedAt: AT - 71 })],
  ["a moment in the future", () => forward({ issuedAt: AT + 60 })],
  ["no moment of issue", () => forward({ issuedAt: null })],
  ["another key", () => forward({ key: makeKey() })],
  [
    "another key under the router's key id",
    () => forward({ key: { ...makeKey(), id: router.published[0]?.id ?? "" } }),
  ],
  ["a key of the callers' issuer", () => forward({ key: issuer.published[0] as SigningKey })],
  ["another issuer", () => forward({ issuer: "https://login.example/" })],
  ["another audience", () => forward({ audience: "spine-graph" })],
  ["the type of another token", () => forward({ type: "JWT" })],
  ["a caller's own token", () => issuer.sign(MAJA)],
  ["no form of a token", () => "canary-identity"],
  ["an empty text", () => " "],
])("a forwarded identity with %s is refused before any call", async (_case, make) => {
  const token = await make();

  expect(await send({ "spine-router-identity": token })).toEqual(refused("ROUTER_IDENTITY_INVALID"));
  // A valid bearer token beside it does not mend it.
  expect(await send({ "spine-router-identity": token, ...(await bearer()) })).toEqual(
    refused("ROUTER_IDENTITY_INVALID"),
  );
  expect(graph.logLines.join()).not.toContain("canary-identity");
});

test("an identity that is added to the router's own is refused", async () => {
  const both = [await forward(), await forward({ claims: { sub: "other" } })];

  expect(await send({ "spine-router-identity": both })).toEqual(refused("ROUTER_IDENTITY_INVALID"));
});

test("the router's token is not a bearer token", async () => {
  expect(await send({ authorization: `Bearer ${await forward()}` })).toEqual(refused("TOKEN_INVALID"));
});

test("a forwarded identity is subject to the same rules about persons, organisations and patients", async () => {
  const as = async (claims: JWTPayload) => send({ "spine-router-identity": await forward({ claims }) });

  expect(await as({ family_name: "" })).toEqual(refused("NO_NAMED_USER"));
  expect(await as({ ods_code: "T82099" })).toEqual(refused("UNKNOWN_ORGANISATION"));
  expect(await as({ patient_nhs_numbers: ["9990000018"] })).toEqual(refused("NO_RELATIONSHIP"));
  expect(await as({ scope: "" })).toEqual(refused("NO_PERMISSION"));
});

test("a bearer token beside a forwarded identity must name the same caller", async () => {
  const identity = { "spine-router-identity": await forward() };

  expect(await send({ ...identity, ...(await bearer()) })).toEqual(ADMITTED);
  for (const other of [
    { sub: "other" },
    { family_name: "Other" },
    { patient_nhs_numbers: ["9000000009"] },
    { selected_roleid: undefined, ods_code: "T82000" },
  ]) {
    expect(await send({ ...identity, ...(await bearer({ ...MAJA, ...other })) })).toEqual(
      refused("IDENTITY_CONFLICT"),
    );
  }
  expect(await send({ ...identity, authorization: "Bearer forged" })).toEqual(refused("TOKEN_INVALID"));
  expect(await send({ ...identity, authorization: "Basic x" })).toEqual(refused("TOKEN_REQUIRED"));
});

test("with both, a caller has only the scopes that both grant", async () => {
  const identity = { "spine-router-identity": await forward({ claims: { scope: "trace demographics" } }) };

  expect(await send({ ...identity, ...(await bearer({ ...MAJA, scope: "demographics slots" })) })).toEqual(
    ADMITTED,
  );
  expect(await send({ ...identity, ...(await bearer({ ...MAJA, scope: "slots" })) })).toEqual(
    refused("NO_PERMISSION"),
  );
});

test("a forwarded identity is refused for a query by GET, which it cannot be bound to", async () => {
  const query = encodeURIComponent('{ patient(nhsNumber: "9000000009") { nhsNumber } }');
  for (const body of [BODY, ""]) {
    const { body: text } = await graph.get(`/graphql?query=${query}`, {
      "apollo-require-preflight": "1",
      "spine-router-identity": await forward({ body }),
    });

    expect(await text.json()).toMatchObject({
      errors: [{ extensions: { reason: "ROUTER_IDENTITY_INVALID" } }],
    });
  }
});

describe("without a trusted router in the settings", () => {
  let other: RunningGraph;
  beforeAll(async () => {
    other = await startGraph({ environment: issuer.environment });
  });
  afterAll(() => other.close());

  test("the header identifies nobody", async () => {
    const identity = { "spine-router-identity": await forward() };

    expect(await send(identity, BODY, other)).toEqual(refused("TOKEN_REQUIRED"));
    expect(await send({ ...identity, ...(await bearer()) }, BODY, other)).toEqual(ADMITTED);
  });
});
