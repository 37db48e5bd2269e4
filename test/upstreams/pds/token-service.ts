import { generateKeyPairSync } from "node:crypto";
import type { NhsNumber } from "../../../src/domain/nhs-number.js";
import { Secret } from "../../../src/platform/crypto/secret.js";
import { HttpClient } from "../../../src/platform/http/http-client.js";
import type { CallContext } from "../../../src/upstreams/call-context.js";
import {
  createApplicationAccess,
  createPdsClient,
  createUserAccess,
} from "../../../src/upstreams/pds/index.js";
import { TestClock, type TestContext, testCaller, testContext } from "../../support/call-context.js";
import {
  type Answerer,
  type ReceivedRequest,
  sendJson,
  startLocalServer,
} from "../../support/local-server.js";
import { createPipeline } from "../../support/pipelines.js";
import { fixture } from "./pds-service.js";

export const API_KEY = "canary-api-key-1f0a";
export const KEY_ID = "test-1";
export const NHS_NUMBER = "9990000018" as NhsNumber;

/** A pair for each run: no key is kept anywhere. */
export const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });

/** What a token endpoint answers at best; its numbers are texts. */
export const tokenAnswer = (token: string, rest: object = {}) => ({
  access_token: token,
  expires_in: "599",
  token_type: "Bearer",
  ...rest,
});

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** An ID token by its form. Nobody in these tests looks at its signature. */
export function idToken(claims: object): Secret {
  return new Secret(`${part({ alg: "RS512", typ: "JWT" })}.${part(claims)}.c2lnbmF0dXJl`);
}

/** A signed-in caller, told from others by the name of the role and by the ID token. */
export function signedIn(sub: string, overrides: Partial<CallContext> = {}): TestContext {
  const person = { ...testCaller.person, localId: sub };
  return testContext({ caller: { ...testCaller, person }, idToken: idToken({ sub }), ...overrides });
}

/** The product's pipeline, with hardly any delay between attempts. */
export const productPipeline = () =>
  createPipeline({ delays: { firstMs: 1, longestMs: 1, rateLimitedMs: 1 } });

export type TokenService = Awaited<ReturnType<typeof startTokenService>>;

/**
 * PDS and its token endpoint on loopback, and a client for each mode. The endpoint numbers its tokens (`token-1`, …)
 * unless told otherwise, and PDS lets everybody in unless told otherwise.
 */
export async function startTokenService() {
  const http = new HttpClient();
  const clock = new TestClock();
  const tokenRequests: ReceivedRequest[] = [];
  const pdsRequests: ReceivedRequest[] = [];
  let onToken: Answerer = (_request, response) =>
    sendJson(response, 200, tokenAnswer(`token-${tokenRequests.length}`));
  let onPds: Answerer = (_request, response) => sendJson(response, 200, fixture("patient"));
  const server = await startLocalServer((request, response) => {
    const isToken = request.path === "/oauth2/token";
    (isToken ? tokenRequests : pdsRequests).push(request);
    return (isToken ? onToken : onPds)(request, response);
  });
  const tokenUrl = `${server.url}/oauth2/token`;

  const clientFor = (mode: "application" | "user", timeoutMs = 10_000) => {
    const client = { apiKey: API_KEY, keyId: KEY_ID, privateKey: keys.privateKey, tokenUrl };
    const create = mode === "application" ? createApplicationAccess : createUserAccess;
    const access = create({ client, http, clock, timeoutMs });
    return createPdsClient({ url: `${server.url}/R4`, http, clock, timeoutMs, access });
  };

  return {
    clock,
    http,
    tokenUrl,
    tokenRequests,
    pdsRequests,
    clientFor,
    /** What each token request carried. */
    forms: () => tokenRequests.map(({ body }) => Object.fromEntries(new URLSearchParams(body))),
    /** The `Authorization` headers that PDS saw. */
    shown: () => pdsRequests.map(({ headers }) => headers.authorization),
    answerTokens(answerer: Answerer): void {
      onToken = answerer;
    },
    answerPds(answerer: Answerer): void {
      onPds = answerer;
    },
    async close(): Promise<void> {
      await server.close();
      await http.close();
    },
  };
}
