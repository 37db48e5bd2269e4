import type { ServerResponse } from "node:http";
import { inspect } from "node:util";
import type { UpstreamErrorCode } from "../../../src/platform/errors.js";
import { UpstreamError } from "../../../src/platform/errors.js";
import { HttpClient } from "../../../src/platform/http/http-client.js";
import { type TestContext, testContext } from "../../support/call-context.js";
import { type Answerer, sendJson, startLocalServer } from "../../support/local-server.js";

/** One way an upstream fails us, and what a client must make of it. The upstream clients' tests share the list. */
export interface Failure {
  readonly name: string;
  readonly answer: Answerer;
  readonly code: UpstreamErrorCode;
  readonly retryable: boolean;
  readonly reason?: string;
  /** How the request itself is logged, when its answer was sound and only its meaning is at fault. */
  readonly outcome?: string;
  readonly timeoutMs?: number;
  readonly maxResponseBytes?: number;
  readonly nobodyListens?: boolean;
  /** The caller goes away while the upstream thinks. */
  readonly cancelled?: boolean;
}

const silence: Answerer = () => {};

const html =
  (status: number): Answerer =>
  (_request, response) => {
    response.writeHead(status, { "content-type": "text/html" });
    response.end("<html><body><h1>Bad Gateway</h1></body></html>");
  };

/** Answers with a status and a JSON document. */
export const json =
  (status: number, body: unknown): Answerer =>
  (_request, response) =>
    sendJson(response, status, body);

/** Begins an answer and never ends it. */
const halfAnswer = (response: ServerResponse) => {
  response.writeHead(200, { "content-type": "application/fhir+json" });
  response.write('{"resourceType":');
};

/** Long enough for the request beside it to be answered on a busy machine. */
const SHORT_MS = 300;

/** What can go wrong between us and any upstream (design, section 4). */
export const TRANSPORT_FAILURES: readonly Failure[] = [
  { name: "slow head", answer: silence, timeoutMs: SHORT_MS, code: "UPSTREAM_TIMEOUT", retryable: true },
  {
    name: "slow body",
    answer: (_request, response) => halfAnswer(response),
    timeoutMs: SHORT_MS,
    code: "UPSTREAM_TIMEOUT",
    retryable: true,
  },
  { name: "refused", answer: silence, nobodyListens: true, code: "UPSTREAM_UNAVAILABLE", retryable: true },
  {
    name: "reset before the head",
    answer: (_request, response) => void response.socket?.destroy(),
    code: "UPSTREAM_UNAVAILABLE",
    retryable: true,
  },
  {
    name: "reset inside the body",
    answer: (_request, response) => {
      halfAnswer(response);
      setImmediate(() => response.socket?.destroy());
    },
    code: "UPSTREAM_UNAVAILABLE",
    retryable: true,
  },
  { name: "cancelled", answer: silence, cancelled: true, code: "UPSTREAM_UNAVAILABLE", retryable: true },
  {
    name: "oversized body",
    answer: json(200, { padding: "x".repeat(4096) }),
    maxResponseBytes: 1024,
    code: "UPSTREAM_BAD_RESPONSE",
    retryable: false,
  },
];

/** Statuses without a body that says more. */
export const STATUS_FAILURES: readonly Failure[] = [
  { name: "302", answer: html(302), code: "UPSTREAM_REFUSED", retryable: false },
  { name: "400", answer: html(400), code: "UPSTREAM_REFUSED", retryable: false },
  { name: "401", answer: html(401), code: "UPSTREAM_REFUSED", retryable: false },
  { name: "403", answer: html(403), code: "UPSTREAM_REFUSED", retryable: false },
  { name: "404 as HTML", answer: html(404), code: "UPSTREAM_REFUSED", retryable: false },
  { name: "404 as other JSON", answer: json(404, { fault: 1 }), code: "UPSTREAM_REFUSED", retryable: false },
  { name: "408", answer: html(408), code: "UPSTREAM_REFUSED", retryable: true },
  { name: "429", answer: html(429), code: "UPSTREAM_RATE_LIMITED", retryable: true },
  { name: "500", answer: json(500, null), code: "UPSTREAM_UNAVAILABLE", retryable: true },
  { name: "501", answer: html(501), code: "UPSTREAM_UNAVAILABLE", retryable: false },
  { name: "502 as HTML", answer: html(502), code: "UPSTREAM_UNAVAILABLE", retryable: true },
  { name: "503", answer: html(503), code: "UPSTREAM_UNAVAILABLE", retryable: true },
  { name: "504", answer: html(504), code: "UPSTREAM_TIMEOUT", retryable: true },
  { name: "599", answer: html(599), code: "UPSTREAM_TIMEOUT", retryable: true },
];

/** The same for PDS, whose 408 says that Spine did not respond to it in time. */
export const PDS_STATUS_FAILURES: readonly Failure[] = STATUS_FAILURES.map((failure) =>
  failure.name === "408" ? { ...failure, code: "UPSTREAM_TIMEOUT" } : failure,
);

/** A 2xx that no client can use. */
export const CONTENT_FAILURES: readonly Failure[] = [
  { name: "200 as HTML", answer: html(200), ...unusable("NOT_JSON") },
  {
    name: "204",
    answer: (_request, response) => void response.writeHead(204).end(),
    ...unusable("NOT_JSON"),
  },
  { name: "JSON that is no object", answer: json(200, [1]), ...unusable("WRONG_RESOURCE") },
  { name: "wrong resource", answer: json(200, { resourceType: "Binary" }), ...unusable("WRONG_RESOURCE") },
];

/** The expectation for an answer that cannot be used. */
export function unusable(reason: string) {
  return { code: "UPSTREAM_BAD_RESPONSE", retryable: false, reason } as const;
}

/** What a client is built from in one test of the list. */
export interface Setting {
  readonly url: string;
  readonly http: HttpClient;
  readonly timeoutMs: number;
  readonly context: TestContext;
}

/** Lets a client run into a failure, and gives back what it threw (or answered) and what it wrote down. */
export async function runInto<T>(failure: Failure, call: (setting: Setting) => Promise<T>) {
  const caller = new AbortController();
  const server = await startLocalServer((request, response) => {
    if (failure.cancelled) caller.abort();
    return failure.answer(request, response);
  });
  const { maxResponseBytes, timeoutMs = 10_000 } = failure;
  const http = new HttpClient(maxResponseBytes === undefined ? {} : { maxResponseBytes });
  const context = testContext({ signal: caller.signal });
  // Nobody but root can listen on port 1.
  const url = failure.nobodyListens ? "http://127.0.0.1:1" : server.url;
  try {
    const result = await call({ url, http, timeoutMs, context }).catch((error: unknown) => error);
    return { result, url, context };
  } finally {
    await server.close();
    await http.close();
  }
}

/** What a caller may see of an error; fails when it is no upstream error. */
export function seen(error: unknown) {
  if (!(error instanceof UpstreamError)) throw error;
  const { code, service, reason, retryable } = error;
  return { code, service, reason, retryable };
}

/** An error, its own fields and all its causes must hold none of the texts given. */
export function expectToHoldNone(error: unknown, secrets: readonly string[]): void {
  const everything = `${String(error)} ${inspect(error, { depth: 20, showHidden: true, maxStringLength: null })}`;
  for (const secret of secrets) expect(everything).not.toContain(secret);
}
