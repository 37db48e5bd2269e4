import { generateKeyPairSync, type KeyObject, randomUUID, sign } from "node:crypto";
import { useSandbox } from "./support/use-sandbox.js";
import { A_WEDNESDAY, codeOf, send, type WireResponse } from "./support/wire.js";

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const other = generateKeyPairSync("rsa", { modulusLength: 2048 });
const application = {
  apiKey: "key-of-the-app",
  keyId: "test-1",
  publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
};

const FORM = "application/x-www-form-urlencoded";
const JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const REQUEST_ID = { "x-request-id": "0b5f3cbe-54c6-4f8f-9d2a-6a8f4c1f9f10" };
const NOW_SECONDS = A_WEDNESDAY / 1000;

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("tokens for PDS", () => {
  const under = useSandbox({ pdsApplication: application });

  /** A valid assertion with the given changes. */
  function assertion(claims: object = {}, header: object = {}, key: KeyObject = privateKey): string {
    const head = { alg: "RS512", typ: "JWT", kid: "test-1", ...header };
    const { apiKey } = application;
    const right = {
      iss: apiKey,
      sub: apiKey,
      aud: under.sandbox.pdsTokenUrl,
      jti: randomUUID(),
      exp: NOW_SECONDS + 150,
    };
    const signed = `${part(head)}.${part({ ...right, ...claims })}`;
    return `${signed}.${sign("sha512", Buffer.from(signed), key).toString("base64url")}`;
  }

  const ask = (form: Record<string, string>, contentType = FORM): Promise<WireResponse> =>
    send(under.sandbox.pdsTokenUrl, {
      method: "POST",
      headers: { "content-type": contentType },
      body: new URLSearchParams(form).toString(),
    });

  const grant = (jwt: string) => ({
    grant_type: "client_credentials",
    client_assertion_type: JWT_BEARER,
    client_assertion: jwt,
  });

  const exchange = (subject: object) => ({
    ...grant(assertion()),
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
    subject_token: `${part({ alg: "RS512" })}.${part(subject)}.c2ln`,
  });

  const token = async (form = grant(assertion())): Promise<string> => (await ask(form)).json.access_token;

  const get = (path: string, headers: Record<string, string> = {}): Promise<WireResponse> =>
    send(`${under.sandbox.pdsUrl}${path}`, { headers: { ...REQUEST_ID, ...headers } });

  it("are issued for a valid assertion, with numbers as strings and no refresh token", async () => {
    const reply = await ask(grant(assertion()));
    expect(reply.status).toBe(200);
    expect(reply.json).toEqual({
      access_token: expect.any(String),
      expires_in: "599",
      token_type: "Bearer",
      issued_at: String(A_WEDNESDAY),
    });
  });

  it("can have a shorter lifetime, never a longer one", async () => {
    const expires = async (ms: string) =>
      (await ask({ ...grant(assertion()), _access_token_expiry_ms: ms })).json.expires_in;
    expect([await expires("60000"), await expires("6000000")]).toEqual(["60", "599"]);
  });

  it.each<[string, () => Promise<WireResponse>, number, string]>([
    [
      "a charset in the content type",
      () => ask(grant(assertion()), `${FORM};charset=UTF-8`),
      415,
      "invalid_request",
    ],
    ["no grant type", () => ask({}), 400, "invalid_request"],
    [
      "another grant type",
      () => ask({ ...grant(assertion()), grant_type: "password" }),
      400,
      "unsupported_grant_type",
    ],
    [
      "another assertion type",
      () => ask({ ...grant(assertion()), client_assertion_type: "jwt" }),
      400,
      "invalid_request",
    ],
    ["no assertion", () => ask(grant("")), 400, "invalid_request"],
    ["an assertion that is none", () => ask(grant("a.b")), 400, "invalid_request"],
    ["another algorithm", () => ask(grant(assertion({}, { alg: "RS256" }))), 400, "invalid_request"],
    ["no kid", () => ask(grant(assertion({}, { kid: undefined }))), 400, "invalid_request"],
    ["no typ", () => ask(grant(assertion({}, { typ: undefined }))), 400, "invalid_request"],
    ["another typ", () => ask(grant(assertion({}, { typ: "at+jwt" }))), 400, "invalid_request"],
    ["no exp", () => ask(grant(assertion({ exp: undefined }))), 400, "invalid_request"],
    ["an exp that is no integer", () => ask(grant(assertion({ exp: "soon" }))), 400, "invalid_request"],
    ["an exp in the past", () => ask(grant(assertion({ exp: NOW_SECONDS - 60 }))), 400, "invalid_request"],
    ["an exp too far ahead", () => ask(grant(assertion({ exp: NOW_SECONDS + 311 }))), 400, "invalid_request"],
    ["iss and sub that differ", () => ask(grant(assertion({ sub: "me" }))), 400, "invalid_request"],
    ["no jti", () => ask(grant(assertion({ jti: undefined }))), 400, "invalid_request"],
    ["a jti that is no text", () => ask(grant(assertion({ jti: 7 }))), 400, "invalid_request"],
    ["an unknown application", () => ask(grant(assertion({ iss: "x", sub: "x" }))), 401, "invalid_request"],
    [
      "another audience",
      () => ask(grant(assertion({ aud: "https://int.example/token" }))),
      401,
      "invalid_request",
    ],
    ["an unknown kid", () => ask(grant(assertion({}, { kid: "test-2" }))), 401, "invalid_request"],
    ["another key", () => ask(grant(assertion({}, {}, other.privateKey))), 401, "public_key error"],
    ["an ID token that is over", () => ask(exchange({ exp: NOW_SECONDS - 1 })), 400, "invalid_request"],
    ["no ID token", () => ask({ ...exchange({}), subject_token: "" }), 400, "invalid_request"],
    [
      "another type of subject",
      () => ask({ ...exchange({}), subject_token_type: "jwt" }),
      400,
      "invalid_request",
    ],
  ])("are refused for %s", async (_case, request, status, error) => {
    const reply = await request();
    expect([reply.status, reply.json.error]).toEqual([status, error]);
  });

  it("are requested by POST only", async () => {
    const reply = await send(under.sandbox.pdsTokenUrl);
    expect([reply.status, reply.headers.allow]).toEqual([405, "POST"]);
  });

  it("require a new jti each time, even after a wrong signature", async () => {
    const jti = randomUUID();
    expect((await ask(grant(assertion({ jti }, {}, other.privateKey)))).status).toBe(401);
    expect((await ask(grant(assertion({ jti })))).status).toBe(400);
    under.clock.ms += 31 * 24 * 60 * 60 * 1000;
    expect((await ask(grant(assertion({ jti, exp: under.clock.ms / 1000 + 60 })))).status).toBe(200);
  });

  it.each([
    ["none", {}, "Missing Authorization header"],
    ["another type", { authorization: "Basic eDp5" }, "Invalid token type 'Basic', must be 'Bearer'"],
    ["an empty one", { authorization: "Bearer " }, "Missing access token"],
    ["a made-up one", { authorization: "Bearer made-up" }, "Invalid Access Token"],
  ])("are wanted by PDS before all else: %s", async (_case, headers, diagnostics) => {
    const reply = await get("/HelloWorld", headers);
    expect([reply.status, codeOf(reply), reply.json.issue[0].diagnostics]).toEqual([
      401,
      "ACCESS_DENIED",
      diagnostics,
    ]);
    expect(reply.headers["content-type"]).toBe("application/json");
  });

  it("let an application retrieve, and search for at most one person", async () => {
    const headers = { authorization: `Bearer ${await token()}`, "nhsd-session-urid": "ignored" };
    expect((await get("/Patient/9000000009", headers)).status).toBe(200);
    const twins = "/Patient?family=Thornbury&birthdate=eq2009-05-01";
    expect(codeOf(await get(twins, headers))).toBe("TOO_MANY_MATCHES");
    expect((await get(`${twins}&given=Thea&_max-results=1`, headers)).json.total).toBe(1);
    const several = await get(`${twins}&_max-results=2`, headers);
    expect([several.status, codeOf(several)]).toEqual([403, "INVALID_VALUE"]);
  });

  it("do not let an application update, create or read Coverage", async () => {
    const authorization = `Bearer ${await token()}`;
    const headers = { authorization, "x-request-id": "0b5f3cbe-54c6-4f8f-9d2a-6a8f4c1f9f10" };
    const url = under.sandbox.pdsUrl;
    const update = await send(`${url}/Patient/9000000009`, { method: "PATCH", headers, body: "[]" });
    const create = await send(`${url}/Patient`, { method: "POST", headers, body: "{}" });
    const coverage = await send(`${url}/Coverage`, { headers });
    expect([update, create, coverage].map((reply) => [reply.status, codeOf(reply)])).toEqual([
      [403, "INVALID_METHOD"],
      [403, "INVALID_METHOD"],
      [403, "ACCESS_DENIED"],
    ]);
  });

  it("let a signed-in user find several people, with a numeric role", async () => {
    const authorization = `Bearer ${await token(exchange({ sub: "anna" }))}`;
    const twins = "/Patient?family=Thornbury&birthdate=eq2009-05-01";
    expect((await get(twins, { authorization, "nhsd-session-urid": "123" })).json.total).toBe(2);
    expect(codeOf(await get(twins, { authorization, "nhsd-session-urid": "R1" }))).toBe("INVALID_VALUE");
  });

  it("expire after ten minutes and end when revoked", async () => {
    const headers = { authorization: `Bearer ${await token()}` };
    under.clock.ms += 598_000;
    expect((await get("/Patient/9000000009", headers)).status).toBe(200);
    under.clock.ms += 1_000;
    expect((await get("/Patient/9000000009", headers)).status).toBe(401);
    under.clock.ms = A_WEDNESDAY;
    const revoked = { authorization: `Bearer ${await token()}` };
    under.sandbox.revokePdsTokens();
    expect((await get("/Patient/9000000009", revoked)).status).toBe(401);
  });
});
