import { inspect } from "node:util";
import { testContext } from "../../support/call-context.js";
import { type Answerer, sendJson } from "../../support/local-server.js";
import { expectToHoldNone, json, STATUS_FAILURES, seen } from "./failure-list.js";
import { fixture } from "./pds-service.js";
import {
  API_KEY,
  idToken,
  NHS_NUMBER,
  productPipeline,
  signedIn,
  startTokenService,
  type TokenService,
  tokenAnswer,
} from "./token-service.js";

const TOKEN = "canary-token-77";

let service: TokenService;
beforeEach(async () => {
  service = await startTokenService();
});
afterEach(() => service.close());

/** Answers each request with the next of the list, the last one for ever. */
function inTurn(...answers: Answerer[]): Answerer {
  let next = 0;
  return (request, response) => answers[Math.min(next++, answers.length - 1)]?.(request, response);
}

const denied = json(401, fixture("error-access-denied"));
const found = json(200, fixture("patient"));
const given = json(200, tokenAnswer(TOKEN));
const error = (status: number, name: string) =>
  json(status, { error: name, error_description: `about ${TOKEN} and ${NHS_NUMBER}`, message_id: "rrt-1" });

const outcomes = (context: ReturnType<typeof testContext>) =>
  context.calls.calls.map(({ service: called, outcome }) => `${called} ${outcome}`);

describe("an access token that PDS refuses", () => {
  it("is dropped, and the request is sent once more with a new token and the same X-Request-ID", async () => {
    service.answerPds(inTurn(denied, found));
    const context = testContext({ resilience: productPipeline() });
    const result = await service.clientFor("application").readPatient(NHS_NUMBER, context);
    expect(result).toMatchObject({ kind: "found" });
    expect(service.shown()).toEqual(["Bearer token-1", "Bearer token-2"]);
    const ids = service.pdsRequests.map(({ headers }) => headers["x-request-id"]);
    expect(new Set(ids).size).toBe(1);
    expect(outcomes(context)).toEqual(["TOKEN OK", "PDS UPSTREAM_REFUSED", "TOKEN OK", "PDS OK"]);
    expect(context.events.map(({ operation, outcome }) => `${operation} ${outcome}`)).toEqual([
      "TOKEN token SUCCEEDED",
      "PDS Patient.read REFUSED",
      "TOKEN token SUCCEEDED",
      "PDS Patient.read SUCCEEDED",
    ]);
  });

  it("is not fetched a third time", async () => {
    service.answerPds(denied);
    const context = testContext({ resilience: productPipeline() });
    const refused = await service
      .clientFor("application")
      .readPatient(NHS_NUMBER, context)
      .catch((thrown: unknown) => thrown);
    expect(seen(refused)).toEqual({
      code: "UPSTREAM_REFUSED",
      service: "PDS",
      reason: "ACCESS_DENIED",
      retryable: false,
    });
    expect(service.pdsRequests).toHaveLength(2);
    expect(service.tokenRequests).toHaveLength(2);
  });

  it("is replaced once for all requests that were refused with it", async () => {
    const client = service.clientFor("application");
    const resilience = productPipeline();
    service.answerPds((request, response) =>
      (request.headers.authorization === "Bearer token-1" ? denied : found)(request, response),
    );
    await Promise.all(
      Array.from({ length: 30 }, () => client.readPatient(NHS_NUMBER, testContext({ resilience }))),
    );
    expect(service.tokenRequests).toHaveLength(2);
    expect(service.pdsRequests).toHaveLength(60);
  });

  it("of one user does not affect another user's token", async () => {
    const client = service.clientFor("user");
    const resilience = productPipeline();
    service.answerPds((request, response) =>
      (request.headers.authorization === "Bearer token-1" ? denied : found)(request, response),
    );
    await client.readPatient(NHS_NUMBER, signedIn("anna", { resilience }));
    await client.readPatient(NHS_NUMBER, signedIn("bela", { resilience }));
    await client.readPatient(NHS_NUMBER, signedIn("anna", { resilience }));
    expect(service.shown()).toEqual([1, 2, 3, 2].map((n) => `Bearer token-${n}`));
  });

  it("is not followed by a request without a token when no new one is available", async () => {
    service.answerPds(denied);
    service.answerTokens(inTurn(given, error(403, "access_denied")));
    const context = testContext({ resilience: productPipeline() });
    const refused = await service
      .clientFor("application")
      .readPatient(NHS_NUMBER, context)
      .catch((thrown: unknown) => thrown);
    expect(seen(refused)).toMatchObject({
      code: "UPSTREAM_REFUSED",
      service: "PDS",
      reason: "ACCESS_DENIED",
    });
    expect(outcomes(context)).toEqual(["TOKEN OK", "PDS UPSTREAM_REFUSED", "TOKEN UPSTREAM_REFUSED"]);
  });
});

const unusable = { code: "UPSTREAM_BAD_RESPONSE", retryable: false } as const;
const malformed = (body: object) => ({ answer: json(200, body), ...unusable, reason: "MALFORMED_RESOURCE" });
const refused = (status: number, name: string, reason: string | undefined) => ({
  name: `${status} ${name}`,
  answer: error(status, name),
  code: "UPSTREAM_REFUSED",
  retryable: false,
  reason,
});

const TOKEN_FAILURES = [
  ...STATUS_FAILURES.filter(({ name }) => !name.startsWith("404 as other")),
  refused(400, "invalid_request", "INVALID_REQUEST"),
  refused(401, "invalid_request", "INVALID_REQUEST"),
  refused(415, "invalid_request", "INVALID_REQUEST"),
  refused(400, "unsupported_grant_type", "UNSUPPORTED_GRANT_TYPE"),
  refused(400, "invalid_grant", "INVALID_GRANT"),
  refused(401, "public_key error", "PUBLIC_KEY_ERROR"),
  refused(403, "public_key error", "PUBLIC_KEY_ERROR"),
  refused(401, "unauthorized_client", "UNAUTHORIZED_CLIENT"),
  refused(403, "access_denied", "ACCESS_DENIED"),
  refused(400, `a code of ${NHS_NUMBER}`, undefined),
  { name: "200 as HTML", answer: answerText("<html></html>"), ...unusable, reason: "NOT_JSON" },
  { name: "no token", ...malformed({ expires_in: "599", token_type: "Bearer" }) },
  { name: "a token that no header can hold", ...malformed(tokenAnswer(`${TOKEN}\r\nX: 1`)) },
  { name: "another type of token", ...malformed({ ...tokenAnswer(TOKEN), token_type: "mac" }) },
  { name: "a life in words", ...malformed({ ...tokenAnswer(TOKEN), expires_in: "soon" }) },
  { name: "no life", ...malformed({ ...tokenAnswer(TOKEN), expires_in: undefined }) },
  { name: "a list", ...malformed([tokenAnswer(TOKEN)]) },
  {
    name: "a cut connection",
    answer: ((_request, response) => void response.socket?.destroy()) satisfies Answerer,
    code: "UPSTREAM_UNAVAILABLE",
    retryable: true,
    reason: undefined,
  },
];

function answerText(text: string): Answerer {
  return (_request, response) => void response.writeHead(200, { "content-type": "text/html" }).end(text);
}

describe("a token endpoint that issues no token", () => {
  it.each(TOKEN_FAILURES)("$name", async ({ answer, code, retryable, reason }) => {
    service.answerTokens(answer);
    const context = signedIn("anna");
    const thrown = await service
      .clientFor("user")
      .readPatient(NHS_NUMBER, context)
      .catch((error: unknown) => error);
    expect(seen(thrown)).toEqual({ code, service: "PDS", reason, retryable });
    expect(service.pdsRequests).toEqual([]);
    expect(context.calls.calls).toMatchObject([{ service: "TOKEN", interaction: "token", outcome: code }]);
    const outcome = code === "UPSTREAM_REFUSED" ? "REFUSED" : "FAILED";
    expect(context.events).toMatchObject([{ operation: "TOKEN token", outcome, reason: reason ?? code }]);
    const [form] = service.forms();
    const secrets = [NHS_NUMBER, TOKEN, API_KEY, form?.client_assertion ?? "", form?.subject_token ?? ""];
    expectToHoldNone(thrown, [...secrets, service.tokenUrl]);
    expectToHoldNone(context.events, secrets);
    expectToHoldNone(context.calls.calls, secrets);
  });

  it("times out", async () => {
    service.answerTokens(() => {});
    const thrown = await service
      .clientFor("application", 50)
      .readPatient(NHS_NUMBER, testContext())
      .catch((error: unknown) => error);
    expect(seen(thrown)).toMatchObject({ code: "UPSTREAM_TIMEOUT", service: "PDS", retryable: true });
  });

  it("is called again after a failure, with a new client assertion each time", async () => {
    service.answerTokens(inTurn(error(503, "busy"), error(500, "oops"), given));
    const context = testContext({ resilience: productPipeline() });
    await service.clientFor("application").readPatient(NHS_NUMBER, context);
    const assertions = service.forms().map(({ client_assertion }) => client_assertion);
    expect(assertions).toHaveLength(3);
    expect(new Set(assertions.map((assertion) => claimsOf(assertion).jti)).size).toBe(3);
    expect(service.shown()).toEqual([`Bearer ${TOKEN}`]);
  });

  it("fails only the waiting queries: the next query calls it again", async () => {
    const client = service.clientFor("application");
    service.answerTokens(inTurn(error(400, "invalid_request"), given));
    const together = await Promise.allSettled(
      Array.from({ length: 10 }, () => client.readPatient(NHS_NUMBER, testContext())),
    );
    expect(together.map(({ status }) => status)).toEqual(Array(10).fill("rejected"));
    expect(service.tokenRequests).toHaveLength(1);
    await expect(client.readPatient(NHS_NUMBER, testContext())).resolves.toMatchObject({ kind: "found" });
  });
});

function claimsOf(assertion = ""): { jti?: string } {
  return JSON.parse(Buffer.from(assertion.split(".")[1] ?? "", "base64url").toString());
}

test("an ID token does not appear when the call context is printed", () => {
  const context = signedIn("anna");
  const printed = [
    inspect(context, { depth: 20, showHidden: true }),
    JSON.stringify(context),
    String(context.idToken),
  ];
  expect(printed.join(" ")).not.toContain(idToken({ sub: "anna" }).reveal());
  expect(printed.join(" ")).toContain("[secret]");
});

test("PDS results do not hold the access token", async () => {
  service.answerTokens(given);
  service.answerPds((_request, response) => sendJson(response, 400, { token: TOKEN, number: NHS_NUMBER }));
  const context = testContext();
  const thrown = await service
    .clientFor("application")
    .readPatient(NHS_NUMBER, context)
    .catch((error: unknown) => error);
  expectToHoldNone(thrown, [TOKEN, NHS_NUMBER, API_KEY]);
  expectToHoldNone(context.calls.calls, [TOKEN, NHS_NUMBER, API_KEY]);
});
