import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalServer, startLocalServer } from "../support/local-server.js";
import { type RunningGraph, type StartOptions, startGraph } from "../support/start-graph.js";
import { attributesOf, type SentSpan, sentSpans } from "./support/sent-spans.js";

/** The kinds of OTLP. */
const [INTERNAL, SERVER, CLIENT] = [1, 2, 3];
const ERROR = 2;

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";

const PATIENT = `query Jane9000000009 { patient(nhsNumber: "9000000009") {
  name { display } practice { odsCode freeSlots(first: 2) { start } } } }`;

let collector: LocalServer | undefined;
let graph: RunningGraph | undefined;
afterEach(async () => {
  await graph?.close();
  await collector?.close();
  [graph, collector] = [undefined, undefined];
});

async function start(options: StartOptions = {}): Promise<RunningGraph> {
  collector ??= await startLocalServer((_request, response) => void response.end("{}"));
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...options.environment };
  graph = await startGraph({ ...options, environment });
  return graph;
}

/** Ends the graph, which sends what is left, and reads what the collector has received. */
async function spansAtEnd(): Promise<SentSpan[]> {
  await graph?.close();
  graph = undefined;
  return sentSpans(collector);
}

const ofKind = (spans: readonly SentSpan[], kind: number) => spans.filter((span) => span.kind === kind);
function only<T>(list: readonly T[]): T {
  expect(list).toHaveLength(1);
  return list[0] as T;
}

test("a request becomes a server span, with its operation in it and each upstream call in that", async () => {
  const running = await start();
  const answer = await running.query(PATIENT);
  const spans = await spansAtEnd();
  const server = only(ofKind(spans, SERVER as number));
  const operation = only(ofKind(spans, INTERNAL as number));
  const calls = ofKind(spans, CLIENT as number);

  expect(collector?.requests).toContainEqual(expect.objectContaining({ method: "POST", path: "/v1/traces" }));
  expect(server.name).toBe("POST /graphql");
  expect(server.parentSpanId).toBeUndefined();
  expect(attributesOf(server)).toEqual({
    "http.request.method": "POST",
    "http.route": "/graphql",
    "http.response.status_code": 200,
    "spine.correlation_id": expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  expect(operation.parentSpanId).toBe(server.spanId);
  expect(operation.name).toBe("query");
  expect(attributesOf(operation)).toEqual({ "graphql.operation.type": "query" });
  const logged = answer.extensions?.spine?.calls ?? [];
  expect(logged.length).toBeGreaterThan(3);
  expect(calls.map(({ name }) => name).sort()).toEqual(
    logged.map(({ service, interaction }) => `${service} ${interaction}`).sort(),
  );
  expect(new Set(calls.map(({ parentSpanId }) => parentSpanId))).toEqual(new Set([operation.spanId]));
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  const slots = calls.find(({ name }) => name.includes("search:slot")) as SentSpan;
  expect(attributesOf(slots)).toEqual({
    "spine.service": "SSP",
    "spine.interaction": slots.name.replace("SSP ", ""),
    "spine.outcome": "OK",
    "spine.ods_code": logged.find(({ interaction }) => interaction.includes("search:slot"))?.target,
    "http.request.method": "GET",
    "http.response.status_code": 200,
  });
});

test("spans have the times of the clock that the service uses", async () => {
  const running = await start();
  const at = `${running.clock.now()}000000`;
  await running.query('{ practice(odsCode: "A20047") { odsCode name } }');
  const spans = await spansAtEnd();

  expect(spans.length).toBeGreaterThan(2);
  expect(new Set(spans.flatMap((span) => [span.startTimeUnixNano, span.endTimeUnixNano]))).toEqual(
    new Set([at]),
  );
});

test("a trace continues the caller's trace, and nothing of it is sent upstream", async () => {
  const sent: unknown[] = [];
  const upstream = await startLocalServer(({ headers }, response) => {
    sent.push(headers);
    response.writeHead(500).end();
  });
  const running = await start({ environment: { PDS_URL: upstream.url } });
  await running.query(PATIENT, {}, { traceparent: `00-${TRACE}-${SPAN}-01`, tracestate: "v=Smith" });
  const spans = await spansAtEnd();
  await upstream.close();

  expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([TRACE]));
  expect(only(ofKind(spans, SERVER as number)).parentSpanId).toBe(SPAN);
  expect(sent.length).toBeGreaterThan(0);
  expect(JSON.stringify(sent)).not.toMatch(/traceparent|tracestate|Smith/);
  expect(collector?.requests.map(({ body }) => body).join()).not.toContain("Smith");
});

test("a trace that the caller does not record is not recorded", async () => {
  const running = await start();
  await running.query(PATIENT, {}, { traceparent: `00-${TRACE}-${SPAN}-00` });

  expect(await spansAtEnd()).toEqual([]);
});

test("a share of the requests that no caller decides for is recorded, and each that its caller records", async () => {
  const running = await start({
    environment: { OTEL_TRACES_SAMPLER: "parentbased_traceidratio", OTEL_TRACES_SAMPLER_ARG: "0" },
  });
  await running.query(PATIENT);
  await running.query(PATIENT, {}, { traceparent: `00-${TRACE}-${SPAN}-01` });

  expect(new Set((await spansAtEnd()).map(({ traceId }) => traceId))).toEqual(new Set([TRACE]));
});

test("without the sampler that takes a share, the share is ignored", async () => {
  const running = await start({ environment: { OTEL_TRACES_SAMPLER_ARG: "0" } });
  await running.query(PATIENT);

  expect(await spansAtEnd()).not.toEqual([]);
});

test("a failed upstream call is marked in its span and in the operation, with code and status only", async () => {
  const upstream = await startLocalServer((_request, response) => {
    response.writeHead(500).end("Jane Smith 9000000009");
  });
  const running = await start({ environment: { PDS_URL: upstream.url } });
  const { errors = [] } = await running.query(PATIENT);
  const spans = await spansAtEnd();
  await upstream.close();
  const calls = ofKind(spans, CLIENT as number);
  const operation = only(ofKind(spans, INTERNAL as number));

  expect(calls.length).toBeGreaterThan(0);
  for (const call of calls) {
    expect(call.status.code).toBe(ERROR);
    expect(attributesOf(call)).toMatchObject({
      "http.response.status_code": 500,
      "error.type": errors[0]?.extensions.code,
    });
  }
  expect(operation.status.code).toBe(ERROR);
  expect(attributesOf(operation)["error.type"]).toBe(errors[0]?.extensions.code);
});

test("nothing in a trace identifies a patient, wherever the caller puts the number and the name", async () => {
  const running = await start();
  const canary = {
    traceparent: `00-${"9000000009".padEnd(32, "0")}-${SPAN}-01`,
    "x-correlation-id": "9000000009",
  };
  const first = await running.query<{ patient: { name: { display: string } } }>(PATIENT, {}, canary);
  await running.query("query Q($n: String!) { patient(nhsNumber: $n) { nhsNumber } }", { n: "900 000 0009" });
  await running.query('{ practice(odsCode: "9000000009") { odsCode name } }');
  await running.query("query Smith9000000009 { nonsense9000000009 }");
  await running.query("{ broken 9000000009");
  await running.get("/graphql?query={patient(nhsNumber:%229000000009%22){nhsNumber}}");
  const { display } = first.data.patient.name;
  const spans = await spansAtEnd();
  const sent = (collector?.requests ?? []).map(
    ({ body, path, headers }) => body + path + JSON.stringify(headers),
  );

  expect(display.length).toBeGreaterThan(3);
  expect(ofKind(spans, SERVER as number)).toHaveLength(6);
  for (const word of ["9000000009", "900 000 0009", "Smith", "Jane", "nonsense", ...display.split(/[ ,]+/)]) {
    expect(sent.join("\n")).not.toContain(word);
  }
});

test("a span has the name of an operation of the persisted-query list, and no other name", async () => {
  const folder = mkdtempSync(join(tmpdir(), "spine-graph-tracing-"));
  const file = join(folder, "operations.json");
  const body = 'query PracticeName { practice(odsCode: "A20047") { odsCode } }';
  const operations = [{ id: "1", name: "PracticeName", type: "query", body }];
  writeFileSync(file, JSON.stringify({ format: "apollo-persisted-query-manifest", version: 1, operations }));
  const running = await start({ environment: { PERSISTED_OPERATIONS_FILE: file } });
  await running.query(body);
  await running.query(body.replace("PracticeName", "Other"));
  const spans = await spansAtEnd();
  rmSync(folder, { recursive: true });

  expect(ofKind(spans, INTERNAL as number).map(({ name }) => name)).toEqual(["query PracticeName", "query"]);
});

test("health and metrics are not traced", async () => {
  const running = await start();
  await (await running.get("/health/live")).body.dump();
  await (await running.get("/metrics")).body.dump();

  expect(await spansAtEnd()).toEqual([]);
});

test("a collector that refuses traces fails no request, and is logged once, without what it says", async () => {
  collector = await startLocalServer((_request, response) => {
    response.writeHead(400).end("9000000009");
  });
  const running = await start();
  const answer = await running.query(PATIENT);
  await spansAtEnd();

  expect(answer.errors).toBeUndefined();
  expect(collector.requests.filter(({ path }) => path === "/v1/traces")).toHaveLength(1);
  const lines = running.logLines.filter((line) => line.includes("traces"));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain("traces cannot be sent");
  expect(lines[0]).not.toContain("9000000009");
});

test.each([
  ["never responds", () => {}],
  ["responds without end", (_: unknown, response: { write(text: string): void }) => response.write("{")],
])("a collector that %s holds up no request, and shutdown ends without it", async (_case, hang) => {
  collector = await startLocalServer(hang as never);
  const running = await start();
  // More spans than one batch holds, so that sending begins while requests are served.
  const document = `{ ${Array.from({ length: 60 }, (_one, index) => `p${index}: practice(odsCode: "A20047") { odsCode }`).join(" ")} }`;
  let slowestMs = 0;
  for (let round = 0; round < 300; round += 1) {
    const sentAt = performance.now();
    expect((await running.query(document)).errors).toBeUndefined();
    slowestMs = Math.max(slowestMs, performance.now() - sentAt);
  }
  // A request that waited for the collector would take the three seconds after which a batch is given up.
  expect(slowestMs).toBeLessThan(2_500);
  expect(collector.requests.length).toBeGreaterThan(0);
  const began = performance.now();
  await spansAtEnd();

  expect(performance.now() - began).toBeLessThan(5_000);
});
