import { createOtlpTracing } from "../../src/platform/telemetry/otlp-tracing.js";
import type { RequestEnd, Tracing } from "../../src/platform/telemetry/tracing.js";
import { attributesOf, type SentSpan, sentSpans } from "../server/support/sent-spans.js";
import { type LocalServer, startLocalServer } from "../support/local-server.js";

const START = 1_764_400_000_123;

let collector: LocalServer;
let tracing: Tracing;
beforeEach(async () => {
  collector = await startLocalServer((_request, response) => void response.end("{}"));
});
afterEach(async () => {
  await tracing.close();
  await collector.close();
});

function trace(recordedShare = 1): void {
  const log = { info: () => {}, warn: () => {} };
  tracing = createOtlpTracing({ endpoint: collector.url, serviceName: "test", recordedShare, log });
}

const request = {
  method: "POST",
  route: "/graphql",
  traceParent: undefined,
  correlationId: "an id",
  startedAt: START,
};

async function spanOf(end: RequestEnd): Promise<SentSpan> {
  trace();
  tracing.startRequest(request)?.end(end);
  await tracing.close();
  const [span, ...others] = sentSpans(collector);
  expect(others).toEqual([]);
  return span as SentSpan;
}

test("a span has its times to the millisecond, in nanoseconds", async () => {
  const span = await spanOf({ status: 200, isComplete: true, endedAt: START + 1_001 });

  expect(span.startTimeUnixNano).toBe("1764400000123000000");
  expect(span.endTimeUnixNano).toBe("1764400001124000000");
  expect(span.status.code).toBe(0);
});

test("a span whose clock was set back meanwhile ends when it started", async () => {
  const span = await spanOf({ status: 200, isComplete: true, endedAt: START - 5_000 });

  expect(span.endTimeUnixNano).toBe(span.startTimeUnixNano);
});

test.each([
  ["a server error", { status: 503, isComplete: true }, "503"],
  ["a client that has gone", { status: 200, isComplete: false }, "client_disconnected"],
])("%s marks the span as failed", async (_case, end, errorType) => {
  const span = await spanOf({ ...end, endedAt: START });

  expect(span.status.code).toBe(2);
  expect(attributesOf(span)["error.type"]).toBe(errorType);
  expect("http.response.status_code" in attributesOf(span)).toBe(end.isComplete);
});

test("a response that refuses the caller does not mark the span as failed", async () => {
  const span = await spanOf({ status: 401, isComplete: true, endedAt: START });

  expect(span.status.code).toBe(0);
  expect(attributesOf(span)).not.toHaveProperty("error.type");
});

test("a quarter of the requests is recorded when that is the share", () => {
  trace(0.25);
  const recorded = Array.from({ length: 4_000 }, () => tracing.startRequest(request)).filter(Boolean);

  // More than five standard deviations on either side.
  expect(recorded.length).toBeGreaterThan(850);
  expect(recorded.length).toBeLessThan(1_150);
});

test("a reconciliation is recorded although no share of the requests is", () => {
  trace(0);
  const sender = { traceId: "4bf92f3577b34da6a3ce929d0e0e4736", spanId: "00f067aa0ba902b7" };
  const reconciliation = { command: "book", correlationId: "an id", sender, startedAt: START };

  expect(tracing.startRequest(request)).toBeUndefined();
  expect(tracing.startReconciliation(reconciliation)).toBeDefined();
});
