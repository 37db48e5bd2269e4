import { createSecretKey } from "node:crypto";
import { SignJWT } from "jose";
import {
  createTokenVerifier,
  type TokenVerifierOptions,
  type Verification,
  type VerifyToken,
} from "../../src/server/auth/token-verifier.js";
import { TestClock } from "../support/call-context.js";
import {
  AUDIENCE,
  ISSUER,
  MAJA,
  makeKey,
  NOW,
  sharedSecretToken,
  startIssuer,
  type TestIssuer,
  unsignedToken,
} from "./support/issuer.js";

const AT = NOW / 1000;
let issuer: TestIssuer;
let clock: TestClock;
let logged: unknown[];

beforeEach(async () => {
  issuer = await startIssuer();
  clock = new TestClock(NOW);
  logged = [];
});

afterEach(() => issuer.close());

type Options = Partial<Pick<TokenVerifierOptions, "cooldownMs" | "timeoutMs" | "type" | "maxAgeSeconds">>;

function verifier(options: Options = {}): VerifyToken {
  const note =
    (level: string) =>
    (...words: unknown[]) =>
      void logged.push([level, ...words]);
  return createTokenVerifier({
    issuer: ISSUER,
    audience: AUDIENCE,
    jwksUrl: issuer.environment.AUTH_JWKS_URL ?? "",
    clock,
    log: { warn: note("warn"), error: note("error") },
    ...options,
  });
}

/** The code and, where there is one, the reason of a refusal; the subject of a good token. */
function outcome(verification: Verification): string {
  if (verification.kind === "valid") return `valid ${verification.claims.sub}`;
  const { error } = verification;
  return "reason" in error ? `${error.code} ${error.reason}` : error.code;
}

test.each(["RS256", "ES256", "EdDSA"] as const)("a token signed with %s is valid", async (algorithm) => {
  const key = makeKey(algorithm);
  issuer.published.splice(0, 1, key);
  expect(outcome(await verifier()(await issuer.sign(MAJA)))).toBe("valid user-7f3a");
});

describe("a token is invalid", () => {
  const BAD = "UNAUTHENTICATED TOKEN_INVALID";
  const OVER = "UNAUTHENTICATED TOKEN_EXPIRED";
  const stranger = makeKey();

  test.each<[string, (sign: TestIssuer["sign"]) => Promise<string> | string, string]>([
    ["another issuer", (sign) => sign(MAJA, { issuer: "https://login.example" }), BAD],
    ["another audience", (sign) => sign(MAJA, { audience: "another" }), BAD],
    ["expired, beyond the leeway", (sign) => sign(MAJA, { now: AT - 311, expiresIn: 300 }), OVER],
    ["not valid yet, beyond the leeway", (sign) => sign(MAJA, { notBefore: AT + 11 }), BAD],
    ["without an end", (sign) => sign(MAJA, { expiresIn: null }), BAD],
    ["a key that the issuer does not publish", (sign) => sign(MAJA, { key: stranger }), BAD],
    ["unsigned", () => unsignedToken(MAJA), BAD],
    ["no token at all", () => "not-a-token", BAD],
    ["empty parts", () => "..", BAD],
  ])("%s", async (_title, make, expected) => {
    expect(outcome(await verifier()(await make(issuer.sign)))).toBe(expected);
  });

  test("when another key signed it under the issuer's key id", async () => {
    const posing = { ...stranger, id: issuer.published[0]?.id ?? "" };
    expect(outcome(await verifier()(await issuer.sign(MAJA, { key: posing })))).toBe(BAD);
  });

  test("when it is signed with the public key as a shared secret", async () => {
    const [key = stranger] = issuer.published;
    expect(outcome(await verifier()(await sharedSecretToken(MAJA, key)))).toBe(BAD);
  });

  test("when it is signed with a shared secret, even one that the issuer publishes by mistake", async () => {
    const k = Buffer.from("a secret that everybody can read now").toString("base64url");
    issuer.answer = {
      status: 200,
      body: { keys: [{ kty: "oct", kid: "shared", alg: "HS256", use: "sig", k }] },
    };
    const token = await new SignJWT(MAJA)
      .setProtectedHeader({ alg: "HS256", kid: "shared" })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setExpirationTime(AT + 300)
      .sign(createSecretKey(Buffer.from(k, "base64url")));
    expect(outcome(await verifier()(token))).toBe(BAD);
  });

  test("when its content was altered", async () => {
    const [header, payload = "", signature] = (await issuer.sign(MAJA)).split(".");
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
    const other = Buffer.from(JSON.stringify({ ...claims, sub: "somebody-else" })).toString("base64url");
    expect(outcome(await verifier()(`${header}.${other}.${signature}`))).toBe(BAD);
  });
});

test("a refusal is invalid and says what is wrong, for the person and for the program", async () => {
  const refused = (message: string, reason: string) => ({
    kind: "invalid",
    error: expect.objectContaining({ code: "UNAUTHENTICATED", reason, message }),
    claims: expect.objectContaining({ sub: MAJA.sub }),
  });
  expect(await verifier()(await issuer.sign(MAJA, { expiresIn: -60 }))).toEqual(
    refused("The bearer token has expired. Sign in again.", "TOKEN_EXPIRED"),
  );
  expect(await verifier()(await issuer.sign(MAJA, { audience: "another" }))).toEqual(
    refused("The bearer token is not valid for this service.", "TOKEN_INVALID"),
  );
  // It is the caller's fault, and no fault of the service.
  expect(logged).toEqual([]);
});

describe("a token of a type that is required", () => {
  test.each([
    ["that type", { typ: "router+jwt" }, /^valid/],
    ["another type", { typ: "JWT" }, /TOKEN_INVALID/],
    ["no type", { typ: undefined }, /TOKEN_INVALID/],
  ])("with %s", async (_case, header, expected) => {
    expect(outcome(await verifier({ type: "router+jwt" })(await issuer.sign(MAJA, { header })))).toMatch(
      expected,
    );
  });
});

test("a token of any type is valid when none is required", async () => {
  const token = await issuer.sign(MAJA, { header: { typ: "other" } });
  expect(outcome(await verifier()(token))).toMatch(/^valid/);
});

test("a token older than the longest age is expired, with the leeway; without one its age does not matter", async () => {
  const made = (age: number) => issuer.sign(MAJA, { now: AT - age, expiresIn: 3_600 });
  const verify = verifier({ maxAgeSeconds: 60 });
  expect(outcome(await verify(await made(69)))).toMatch(/^valid/);
  expect(outcome(await verify(await made(72)))).toBe("UNAUTHENTICATED TOKEN_EXPIRED");
  expect(outcome(await verifier()(await made(3_000)))).toMatch(/^valid/);
});

test("tokens are accepted when clocks differ by a few seconds", async () => {
  const verify = verifier();
  expect(outcome(await verify(await issuer.sign(MAJA, { now: AT - 309, expiresIn: 300 })))).toMatch(/^valid/);
  expect(outcome(await verify(await issuer.sign(MAJA, { notBefore: AT + 9 })))).toMatch(/^valid/);
});

test("a token that is invalid by its claims only names its subject, an unsigned one does not", async () => {
  const verify = verifier();
  expect(await verify(await issuer.sign(MAJA, { expiresIn: -60 }))).toMatchObject({
    claims: { sub: MAJA.sub },
  });
  expect(await verify(unsignedToken(MAJA))).not.toHaveProperty("claims");
});

test("the key set is fetched once for many simultaneous tokens", async () => {
  const verify = verifier();
  const tokens = await Promise.all(Array.from({ length: 20 }, () => issuer.sign(MAJA)));
  const answers = await Promise.all(tokens.map((token) => verify(token)));
  expect(answers.every(({ kind }) => kind === "valid")).toBe(true);
  expect(issuer.server.requests).toHaveLength(1);
});

test("a token with an unknown key id causes a fetch of the keys, at most once in each cooldown", async () => {
  const patient = verifier();
  const eager = verifier({ cooldownMs: 0 });
  for (const verify of [patient, eager]) await verify(await issuer.sign(MAJA));
  const fresh = makeKey("ES256");
  issuer.published.push(fresh);
  const token = await issuer.sign(MAJA, { key: fresh });
  const before = issuer.server.requests.length;
  expect(outcome(await patient(token))).toBe("UNAUTHENTICATED TOKEN_INVALID");
  expect(issuer.server.requests).toHaveLength(before);
  expect(outcome(await eager(token))).toMatch(/^valid/);
});

test("keys are renewed in the background, so that a withdrawn key is soon rejected", async () => {
  const verify = verifier();
  const token = await issuer.sign(MAJA, { expiresIn: 3600 });
  await verify(token);
  issuer.published.splice(0, 1, makeKey("ES256"));
  clock.advance(10 * 60_000);
  expect(outcome(await verify(token))).toMatch(/^valid/);
  // The renewal is under way; each look waits for the loop of the process, not for the clock.
  while ((await verify(token)).kind === "valid") await new Promise((resolve) => setImmediate(resolve));
  expect(issuer.server.requests).toHaveLength(2);
});

test("keys are renewed once, and not before they are ten minutes old", async () => {
  const verify = verifier();
  const token = await issuer.sign(MAJA, { expiresIn: 3600 });
  await verify(token);
  clock.advance(10 * 60_000 - 1);
  await verify(token);
  expect(issuer.server.requests).toHaveLength(1);
  clock.advance(1);
  await Promise.all([verify(token), verify(token)]);
  while (issuer.server.requests.length < 2) await new Promise((resolve) => setImmediate(resolve));
  // A further renewal would have the time to reach the issuer.
  for (let turn = 0; turn < 50; turn += 1) await verify(token);
  expect(issuer.server.requests).toHaveLength(2);
});

describe("an issuer that is not available", () => {
  const UNAVAILABLE = "INTERNAL_SERVER_ERROR";

  test.each<[string, { status: number; body: unknown }, string]>([
    ["answers with a fault", { status: 503, body: {} }, "ERR_JOSE_GENERIC"],
    ["answers with something else", { status: 200, body: { hello: "world" } }, "ERR_JWKS_INVALID"],
    ["sends us elsewhere", { status: 302, body: {} }, "ERR_JOSE_GENERIC"],
  ])("%s: the error blames the service, and the log has the cause", async (_title, answer, cause) => {
    issuer.answer = answer;
    const verify = verifier();
    expect(outcome(await verify(await issuer.sign(MAJA)))).toBe(UNAVAILABLE);
    expect(logged).toEqual([["error", { cause }, "the keys for callers' tokens are not available"]]);
    issuer.answer = undefined;
    expect(outcome(await verify(await issuer.sign(MAJA)))).toMatch(/^valid/);
  });

  test("that no connection reaches: the log says that there was no response", async () => {
    await issuer.server.close();
    expect(outcome(await verifier()(await issuer.sign(MAJA)))).toBe(UNAVAILABLE);
    expect(logged).toEqual([
      ["error", { cause: "NO_RESPONSE" }, "the keys for callers' tokens are not available"],
    ]);
  });

  test("fails after the timeout", async () => {
    issuer.answer = "nothing";
    expect(outcome(await verifier({ timeoutMs: 30 })(await issuer.sign(MAJA)))).toBe(UNAVAILABLE);
    expect(logged).toMatchObject([["error", { cause: "ERR_JWKS_TIMEOUT" }, expect.any(String)]]);
  });

  test("leaves the cached keys in use", async () => {
    const verify = verifier();
    const token = await issuer.sign(MAJA, { expiresIn: 3600 });
    await verify(token);
    issuer.answer = { status: 503, body: {} };
    clock.advance(10 * 60_000);
    expect(outcome(await verify(token))).toMatch(/^valid/);
    while (logged.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(logged).toEqual([
      ["warn", { cause: "ERR_JOSE_GENERIC" }, "the keys for callers' tokens could not be renewed"],
    ]);
    expect(outcome(await verify(token))).toMatch(/^valid/);
  });
});

test("no part of a token is in an error or a log line", async () => {
  const token = await issuer.sign({ ...MAJA, canary: "canary-in-a-claim" }, { audience: "another" });
  const refused = await verifier()(token);
  issuer.answer = { status: 503, body: { canary: "canary-in-an-answer" } };
  const unavailable = await verifier()(token);
  const told = [refused, unavailable].map((one) =>
    one.kind === "invalid" ? JSON.stringify(one.error, Object.getOwnPropertyNames(one.error)) : "",
  );
  const all = [...told, JSON.stringify(logged)].join("\n");
  for (const secret of [...token.split("."), "canary"]) expect(all).not.toContain(secret);
});
