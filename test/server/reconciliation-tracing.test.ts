import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TestClock } from "../support/call-context.js";
import { type LocalServer, startLocalServer } from "../support/local-server.js";
import { type RunningGraph, startGraph } from "../support/start-graph.js";
import { attributesOf, type SentSpan, sentSpans } from "./support/sent-spans.js";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";
const SECRET = "a secret of this test with thirty-two characters or more";
const PATIENT = "9000000009";

let collector: LocalServer;
let folder: string;
const open: RunningGraph[] = [];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "spine-graph-links-"));
  collector = await startLocalServer((_request, response) => void response.end("{}"));
});
afterEach(async () => {
  for (const graph of open.splice(0).reverse()) await graph.close();
  await collector.close();
  rmSync(folder, { recursive: true });
});

/** A process over the store of this test; the second one uses the sandbox of the first. */
async function start(environment: Record<string, string> = {}, before?: RunningGraph): Promise<RunningGraph> {
  const graph = await startGraph({
    clock: before?.clock ?? new TestClock(),
    ...(before && { sandbox: before.sandbox }),
    environment: {
      DATABASE_URL: `file:${join(folder, "store.db")}`,
      STORE_KEY: SECRET,
      ID_SIGNING_KEY: SECRET,
      // Longer than the deadline, so the request does not wait for it.
      LATE_COMMIT_BOUND_MS: "60000",
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      ...environment,
    },
  });
  open.push(graph);
  return graph;
}

/** The practice books, and neither the booking's response nor its read-back arrives. */
async function loseBooking(graph: RunningGraph, headers: Record<string, string> = {}): Promise<void> {
  const { data } = await graph.query<{ practice: { freeSlots: { id: string }[] } }>(
    '{ practice(odsCode: "T81001") { freeSlots(first: 1) { id } } }',
  );
  const practice = { service: "PRACTICE", odsCode: "T81001" } as const;
  const { faults } = graph.sandbox;
  faults.add({ ...practice, interaction: "create:appointment-1", kind: "reset-after-commit", times: 1 });
  faults.add({ ...practice, interaction: "search:patient_appointments-1", kind: "reset" });
  const booked = await graph.query(
    "mutation ($input: BookAppointmentInput!) { bookAppointment(input: $input) { __typename } }",
    {
      input: {
        nhsNumber: PATIENT,
        slotIds: [data.practice.freeSlots[0]?.id],
        description: "Review of something private",
        idempotencyKey: `key about ${PATIENT}`,
      },
    },
    headers,
  );
  expect(booked.data).toEqual({ bookAppointment: { __typename: "BookingOutcomeUnknown" } });
  faults.clear();
}

/** Ends a process, which sends its spans. */
async function end(graph: RunningGraph): Promise<SentSpan[]> {
  await open.splice(open.indexOf(graph), 1)[0]?.close();
  return sentSpans(collector);
}

const reconciliations = (spans: readonly SentSpan[]) =>
  spans.filter(({ name }) => name.startsWith("reconcile"));
const linksOf = (spans: readonly SentSpan[]) =>
  reconciliations(spans).map(({ links = [] }) => links.map(({ traceId, spanId }) => ({ traceId, spanId })));

test("the reconciliation of a booking has a trace of its own, linked to the operation that sent the booking", async () => {
  const graph = await start();
  await loseBooking(graph);
  await graph.sweep();
  const spans = await end(graph);
  const sender = spans.find(({ name }) => name === "mutation") as SentSpan;
  const [reconciliation, ...others] = reconciliations(spans) as [SentSpan, ...SentSpan[]];
  const calls = spans.filter(({ parentSpanId }) => parentSpanId === reconciliation.spanId);

  expect(others).toEqual([]);
  expect(reconciliation.name).toBe("reconcile book");
  expect(reconciliation.parentSpanId).toBeUndefined();
  expect(reconciliation.traceId).not.toBe(sender.traceId);
  expect(linksOf(spans)).toEqual([[{ traceId: sender.traceId, spanId: sender.spanId }]]);
  const request = spans.find(({ spanId }) => spanId === sender.parentSpanId) as SentSpan;
  expect(attributesOf(reconciliation)).toEqual({
    "spine.command": "book",
    "spine.outcome": "BOOKED",
    "spine.correlation_id": attributesOf(request)["spine.correlation_id"],
  });
  expect(calls.map(({ name }) => name)).toContainEqual(
    expect.stringContaining("search:patient_appointments-1"),
  );
  expect(new Set(calls.map(({ traceId }) => traceId))).toEqual(new Set([reconciliation.traceId]));
});

test("the calls of a command that go on after its request are in the trace of the request", async () => {
  const graph = await start();
  await loseBooking(graph, { traceparent: `00-${TRACE}-${SPAN}-01` });
  const spans = await end(graph);
  const sender = spans.find(({ name }) => name === "mutation") as SentSpan;
  const calls = spans.filter(({ parentSpanId }) => parentSpanId === sender.spanId).map(({ name }) => name);

  expect(calls).toContainEqual(expect.stringContaining("create:appointment-1"));
  expect(calls).toContainEqual(expect.stringContaining("search:patient_appointments-1"));
});

test("another process that reconciles the booking after a restart links to the request as well", async () => {
  const first = await start();
  await loseBooking(first, { traceparent: `00-${TRACE}-${SPAN}-01` });
  const second = await start({}, first);
  await second.sweep();
  await end(second);
  const spans = await end(first);
  const sender = spans.find(({ name }) => name === "mutation") as SentSpan;

  expect(sender.traceId).toBe(TRACE);
  expect(linksOf(spans)).toEqual([[{ traceId: TRACE, spanId: sender.spanId }]]);
});

test("each reconciliation that finds out nothing yet has a span with the link, and failed calls are marked", async () => {
  const graph = await start();
  await loseBooking(graph);
  graph.sandbox.faults.add({ service: "PRACTICE", kind: { status: 500 } });
  await graph.sweep();
  const spans = await end(graph);
  const [reconciliation] = reconciliations(spans) as [SentSpan];
  const calls = spans.filter(({ parentSpanId }) => parentSpanId === reconciliation.spanId);

  expect(linksOf(spans)).toEqual([[expect.objectContaining({ traceId: expect.any(String) })]]);
  expect(attributesOf(reconciliation)).toMatchObject({ "spine.outcome": "PENDING" });
  expect(calls.some((call) => attributesOf(call)["error.type"] !== undefined)).toBe(true);
});

test.each<[string, Record<string, string>, Record<string, string>]>([
  ["without telemetry", { OTEL_EXPORTER_OTLP_ENDPOINT: "" }, { traceparent: `00-${TRACE}-${SPAN}-01` }],
  ["in a trace that its caller does not record", {}, { traceparent: `00-${TRACE}-${SPAN}-00` }],
])(
  "a booking that was sent %s is reconciled in a trace without a link",
  async (_case, environment, headers) => {
    const first = await start(environment);
    await loseBooking(first, headers);
    const second = await start({}, first);
    await second.sweep();
    await end(second);
    const spans = await end(first);

    expect(linksOf(spans)).toEqual([[]]);
    expect(JSON.stringify(reconciliations(spans))).not.toContain(TRACE);
  },
);

test("nothing in the trace of a reconciliation identifies the patient", async () => {
  const graph = await start();
  await loseBooking(graph, {
    traceparent: `00-${PATIENT.padEnd(32, "0")}-${SPAN}-01`,
    "x-correlation-id": PATIENT,
  });
  await graph.sweep();
  const { data } = await graph.query<{ patient: { name: { display: string } } }>(
    `{ patient(nhsNumber: "${PATIENT}") { name { display } } }`,
  );
  const names = data.patient.name.display.split(/[ ,]+/).filter((name) => name.length > 2);
  const spans = await end(graph);
  const sent = collector.requests
    .map(({ body, path, headers }) => body + path + JSON.stringify(headers))
    .join();

  expect(reconciliations(spans)).toHaveLength(1);
  expect(names.length).toBeGreaterThan(1);
  for (const word of [PATIENT, "900 000 0009", "private", "key about", ...names])
    expect(sent).not.toContain(word);
});
