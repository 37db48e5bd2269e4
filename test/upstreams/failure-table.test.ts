import type { ServerResponse } from "node:http";
import { UpstreamError } from "../../src/platform/errors.js";
import { HttpClient } from "../../src/platform/http/http-client.js";
import { NotSentError, type ResiliencePipeline } from "../../src/platform/resilience/index.js";
import { testContext } from "../support/call-context.js";
import { type LocalServer, sendJson, startLocalServer } from "../support/local-server.js";
import { createHastyPipeline } from "../support/pipelines.js";
import { BODIES, DRIVERS, UPSTREAMS, type Upstream } from "./failure-drivers.js";
import { practiceOutcome, proxyOutcome } from "./ssp/resources.js";

/** What becomes of a failure: whose it is, how many attempts a call makes, whose circuit it counts against. */
type Cell = `${string} ${number} ${string}` | "answer" | "n/a";
type Row = readonly [kind: string, code: string, pds: Cell, sds: Cell, read: Cell, write: Cell, vm: Cell];

const TIMEOUT = "UPSTREAM_TIMEOUT retryable";
const DOWN = "UPSTREAM_UNAVAILABLE retryable";
const OUT_OF_REACH = "UPSTREAM_UNAVAILABLE final";
const LIMITED = "UPSTREAM_RATE_LIMITED retryable";
const REFUSED = "UPSTREAM_REFUSED final";
const CHANGED = "UPSTREAM_REFUSED retryable";
const UNUSABLE = "UPSTREAM_BAD_RESPONSE final";

/**
 * The one table of failures. Behind the proxy "both" is what may be the proxy's or the practice's, as long as the
 * proxy has brought nobody an answer.
 */
const TABLE: readonly Row[] = [
  // kind, code, then for each: laid at, attempts of a call, counted against
  ["slow head", TIMEOUT, "PDS 2 PDS", "SDS 2 SDS", "SSP 2 both", "SSP 1 both", "VM 2 VM"],
  ["slow body", TIMEOUT, "PDS 2 PDS", "SDS 2 SDS", "SSP 2 both", "SSP 1 both", "VM 2 VM"],
  ["refused", DOWN, "PDS 3 PDS", "SDS 4 SDS", "SSP 4 SSP", "SSP 1 SSP", "VM 4 VM"],
  ["reset", DOWN, "PDS 3 PDS", "SDS 4 SDS", "SSP 4 both", "SSP 1 both", "VM 4 VM"],
  ["reset in body", DOWN, "PDS 3 PDS", "SDS 4 SDS", "SSP 4 both", "SSP 1 both", "VM 4 VM"],
  ["TLS", OUT_OF_REACH, "PDS 1 PDS", "SDS 1 SDS", "SSP 1 SSP", "SSP 1 SSP", "VM 1 VM"],
  ["400 changed address", CHANGED, "n/a", "n/a", "SSP 1 none", "SSP 1 none", "n/a"],
  ["401", REFUSED, "PDS 1 none", "SDS 1 none", "SSP 1 none", "SSP 1 none", "VM 1 none"],
  ["403 sender", REFUSED, "PDS 1 none", "SDS 1 none", "SSP 1 none", "SSP 1 none", "VM 1 none"],
  ["403 receiver", REFUSED, "PDS 1 none", "SDS 1 none", "SSP 1 none", "SSP 1 none", "VM 1 none"],
  ["403 no sharing", REFUSED, "PDS 1 none", "SDS 1 none", "SSP 1 none", "SSP 1 none", "VM 1 none"],
  ["403 off", REFUSED, "PDS 1 none", "SDS 1 none", "PROVIDER 1 none", "PROVIDER 1 none", "VM 1 none"],
  ["404", REFUSED, "PDS 1 none", "SDS 1 none", "SSP 1 none", "SSP 1 none", "VM 1 none"],
  ["409", REFUSED, "PDS 1 none", "SDS 1 none", "PROVIDER 1 none", "PROVIDER 1 none", "VM 1 none"],
  ["429", LIMITED, "PDS 3 none", "SDS 4 none", "SSP 4 none", "SSP 1 none", "VM 4 none"],
  ["429 Retry-After", LIMITED, "PDS 3 none", "SDS 4 none", "SSP 4 none", "SSP 1 none", "VM 4 none"],
  ["500", DOWN, "PDS 3 PDS", "SDS 2 SDS", "SSP 2 both", "SSP 1 both", "VM 1 VM"],
  ["500 of a practice", DOWN, "n/a", "n/a", "PROVIDER 2 practice", "PROVIDER 1 practice", "n/a"],
  ["502 HTML", DOWN, "PDS 3 PDS", "SDS 4 SDS", "PROVIDER 4 practice", "PROVIDER 1 practice", "VM 4 VM"],
  ["503", DOWN, "PDS 3 PDS", "SDS 4 SDS", "SSP 4 both", "SSP 1 both", "VM 4 VM"],
  ["503 of the proxy", DOWN, "n/a", "n/a", "SSP 4 SSP", "SSP 1 SSP", "n/a"],
  ["504", TIMEOUT, "PDS 3 PDS", "SDS 4 SDS", "PROVIDER 4 practice", "PROVIDER 1 practice", "VM 4 VM"],
  ["599", TIMEOUT, "PDS 3 PDS", "SDS 4 SDS", "PROVIDER 4 practice", "PROVIDER 1 practice", "VM 4 VM"],
  ["not JSON", UNUSABLE, "PDS 1 none", "SDS 1 none", "PROVIDER 1 none", "PROVIDER 1 none", "VM 1 none"],
  ["not UTF-8", UNUSABLE, "PDS 1 none", "SDS 1 none", "PROVIDER 1 none", "PROVIDER 1 none", "VM 1 none"],
  ["wrong resource", UNUSABLE, "PDS 1 none", "SDS 1 none", "PROVIDER 1 none", "PROVIDER 1 none", "VM 1 none"],
  ["empty bundle", UNUSABLE, "PDS 1 none", "answer", "answer", "PROVIDER 1 none", "answer"],
  ["partial bundle", UNUSABLE, "PDS 1 none", "SDS 1 none", "PROVIDER 1 none", "PROVIDER 1 none", "VM 1 none"],
  ["object for array", UNUSABLE, "PDS 1 none", "SDS 1 none", "answer", "answer", "VM 1 none"],
  ["oversized body", UNUSABLE, "PDS 1 none", "SDS 1 none", "PROVIDER 1 none", "PROVIDER 1 none", "VM 1 none"],
  ["wrong patient", UNUSABLE, "PDS 1 none", "n/a", "PROVIDER 1 none", "PROVIDER 1 none", "VM 1 none"],
];

type Reply = (response: ServerResponse) => void;

const html =
  (status: number, headers = {}): Reply =>
  (response) =>
    void response.writeHead(status, { "content-type": "text/html", ...headers }).end("<h1>Trouble</h1>");
const json =
  (status: number, body: unknown): Reply =>
  (response) =>
    sendJson(response, status, body);
const half = (response: ServerResponse) => {
  response.writeHead(200, { "content-type": "application/fhir+json" });
  response.write('{"resourceType":');
};

const REPLIES: Record<string, Reply> = {
  "slow head": () => {},
  "slow body": half,
  reset: (response) => void response.socket?.destroy(),
  "reset in body": (response) => {
    half(response);
    setImmediate(() => response.socket?.destroy());
  },
  "400 changed address": json(400, proxyOutcome(400, "ENDPOINT_a_CPAID_b_VARIES_FROM_TARGETURL_c")),
  "401": html(401),
  "403 sender": json(403, proxyOutcome(403, "ASID_CHECK_FAILED_MESSAGESENDER_1")),
  "403 receiver": json(403, proxyOutcome(403, "PARTYKEY_INTERACTION_CHECK_FAILED_MESSAGERECEIVER_1")),
  "403 no sharing": json(403, proxyOutcome(403, "FOT_CHECK_FAILED_MESSAGESENDER_1_MESSAGERECEIVER_2")),
  "403 off": json(403, practiceOutcome("ACCESS_DENIED")),
  "404": html(404),
  "409": json(409, practiceOutcome("DUPLICATE_REJECTED")),
  "429": html(429),
  "429 Retry-After": html(429, { "retry-after": "0" }),
  "500": html(500),
  "500 of a practice": json(500, practiceOutcome("INTERNAL_SERVER_ERROR")),
  "502 HTML": html(502),
  "503": html(503),
  "503 of the proxy": json(503, proxyOutcome(503, "overloaded")),
  "504": html(504),
  "599": html(599),
  "not JSON": html(200),
  "not UTF-8": (response) =>
    void response
      .writeHead(200, { "content-type": "application/fhir+json" })
      .end(Buffer.from([0x7b, 0xd1, 0x7d])),
  "wrong resource": json(200, { resourceType: "Binary" }),
  "oversized body": json(200, { padding: "x".repeat(200_000) }),
};

function replyOf(kind: string, upstream: Upstream): Reply {
  return REPLIES[kind] ?? json(200, BODIES[kind as keyof typeof BODIES]?.[upstream]);
}

const http = new HttpClient({ maxResponseBytes: 100_000 });
let server: LocalServer;
let reply: Reply = html(500);
beforeAll(async () => {
  server = await startLocalServer((_request, response) => reply(response));
});
afterAll(async () => {
  await server.close();
  await http.close();
});

function callsOf(kind: string, upstream: Upstream) {
  reply = replyOf(kind, upstream);
  // Nobody but root can listen on port 1; the server speaks no TLS.
  const url =
    { refused: "http://127.0.0.1:1", TLS: server.url.replace("http:", "https:") }[kind] ?? server.url;
  const setting = { url, http, timeoutMs: kind.startsWith("slow") ? 40 : 10_000 };
  return async (resilience: ResiliencePipeline, odsCode: string) => {
    const context = testContext({ resilience });
    const end = await DRIVERS[upstream](setting, context, odsCode).catch((error: unknown) => error);
    return { end, attempts: context.calls.calls.length };
  };
}

/** Whose circuit is open after as many failures as open it, seen from the outside. */
async function countedAgainst(kind: string, upstream: Upstream): Promise<string> {
  const ask = callsOf(kind, upstream);
  const openAt = async (practices: readonly string[], each: number, asked: string) => {
    const resilience = createHastyPipeline();
    await Promise.all(
      practices.flatMap((odsCode) => Array.from({ length: each }, () => ask(resilience, odsCode))),
    );
    const { end } = await ask(resilience, asked);
    return end instanceof NotSentError ? end.service : "none";
  };
  const spread = ["T81001", "T81002", "T81003", "T81004", "T81005", "T81006"];
  const service = await openAt(spread, 4, "T81007");
  const practice = upstream.startsWith("SSP") && (await openAt(["T81001"], 5, "T81001")) === "PROVIDER";
  if (!practice) return service;
  return service === "none" ? "practice" : "both";
}

const cells = TABLE.flatMap(([kind, code, ...row]) =>
  UPSTREAMS.map((upstream, index) => ({ kind, upstream, code, cell: row[index] ?? "n/a" })),
);

describe("a failed response", () => {
  const failures = cells.filter(({ cell }) => cell !== "answer" && cell !== "n/a");

  it.each(failures)("$upstream, $kind: $code, $cell", async ({ kind, upstream, code, cell }) => {
    const { end, attempts } = await callsOf(kind, upstream)(createHastyPipeline(), "T81001");
    if (!(end instanceof UpstreamError)) throw new Error(`not an error of an upstream: ${String(end)}`);
    // The directory is asked twice in one round, for the address and for the system.
    const made = upstream === "SDS" ? attempts / 2 : attempts;
    const counted = await countedAgainst(kind, upstream);
    expect({
      code: `${end.code} ${end.retryable ? "retryable" : "final"}`,
      cell: `${end.service} ${made} ${counted}`,
      retryAfterMs: end.retryAfterMs,
    }).toEqual({ code, cell, retryAfterMs: kind === "429 Retry-After" ? 0 : undefined });
  });
});

describe("an unusual response that is valid", () => {
  it.each(cells.filter(({ cell }) => cell === "answer"))("$upstream, $kind", async ({ kind, upstream }) => {
    const { end } = await callsOf(kind, upstream)(createHastyPipeline(), "T81001");
    expect(end).not.toBeInstanceOf(Error);
    expect(await countedAgainst(kind, upstream)).toBe("none");
  });
});
