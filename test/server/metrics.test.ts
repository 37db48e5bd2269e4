import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createMetrics } from "../../src/server/metrics/metrics.js";
import { toOperationOutcome } from "../../src/server/metrics/operation-outcome.js";
import { type MetricSources, registerStateMetrics } from "../../src/server/metrics/state-metrics.js";
import { createPrimaryMetrics } from "../../src/server/workers/primary-metrics.js";
import { type RunningGraph, startGraph } from "../support/start-graph.js";

const HOUR_MS = 3_600_000;
const now = Date.parse("2026-11-23T09:00:00Z");

function metrics(facts: Partial<MetricSources> = {}) {
  const created = createMetrics({ counts: { rejection: 0 } as never });
  registerStateMetrics(created.registry, {
    resilience: { states: [] },
    commands: { unsettled: [] },
    audit: { lost: 0, oldestPendingAt: undefined },
    auditWriter: { inFileOnly: 0 },
    store: { database: { isUp: true } },
    clock: { now: () => now },
    ...facts,
  });
  return created;
}

const linesOf = async ({ registry }: ReturnType<typeof createMetrics>, name: string) =>
  (await registry.getSingleMetricAsString(name)).split("\n").filter((line) => !line.startsWith("#"));

test("docs/metrics.md lists every metric of ours, and no other", async () => {
  const page = readFileSync(join(__dirname, "../../docs/metrics.md"), "utf8");
  const documented = [...page.matchAll(/^\| `([a-z_]+)` \|/gm)].map(([, name]) => name);
  const primary = createPrimaryMetrics({ ready: [], restarts: 0 });
  const registered = [metrics().registry, primary]
    .flatMap((registry) => registry.getMetricsAsArray())
    .map(({ name }) => name)
    .filter((name) => !/^(process_(?!faults)|nodejs_)/.test(name));

  expect([...documented].sort()).toEqual([...registered].sort());
});

test("unsettled commands are counted by age", async () => {
  const since = (ms: number) => ({ kind: "book", since: now - ms });
  const { registry } = metrics({
    commands: {
      unsettled: [
        since(0),
        since(59_000),
        since(60_000),
        since(HOUR_MS - 1),
        since(HOUR_MS),
        { kind: "cancel", since: 0 },
      ],
    },
  });

  expect(await linesOf({ registry } as never, "spine_unsettled_commands")).toEqual([
    'spine_unsettled_commands{command="book",age="under_1m"} 2',
    'spine_unsettled_commands{command="book",age="under_10m"} 1',
    'spine_unsettled_commands{command="book",age="under_1h"} 1',
    'spine_unsettled_commands{command="book",age="over_1h"} 1',
    'spine_unsettled_commands{command="cancel",age="over_1h"} 1',
  ]);
});

test("the number of practice systems with a name of their own is bounded", async () => {
  const created = metrics();
  for (let index = 0; index < 200; index += 1) {
    created.countCall({
      service: "SSP",
      interaction: "urn:nhs:names:services:gpconnect:fhir:rest:search:slot-1",
      target: "T81001",
      startedMs: 0,
      durationMs: 1,
      outcome: "OK",
      backendHost: `supplier-${index}.example`,
    });
  }
  const text = (await linesOf(created, "spine_practice_call_duration_seconds")).join("\n");
  const suppliers = new Set([...text.matchAll(/supplier="([^"]+)"/g)].map(([, name]) => name));

  expect(suppliers.size).toBe(21);
  expect(suppliers).toContain("other");
});

test("the state of the store and of the audit is read when the metrics are collected", async () => {
  const created = metrics({
    store: { database: { isUp: false } },
    audit: { lost: 3, oldestPendingAt: now - 12_000 },
    auditWriter: { inFileOnly: 7 },
  });

  expect(await linesOf(created, "spine_store_up")).toEqual(["spine_store_up 0"]);
  expect(await linesOf(created, "spine_audit_oldest_pending_seconds")).toEqual([
    "spine_audit_oldest_pending_seconds 12",
  ]);
  expect(await linesOf(created, "spine_audit_records_in_file_only")).toEqual([
    "spine_audit_records_in_file_only 7",
  ]);
  expect(await linesOf(created, "spine_audit_records_lost")).toEqual(["spine_audit_records_lost 3"]);
});

test.each<[string[], string]>([
  [[], "ok"],
  [["BAD_USER_INPUT"], "refused"],
  [["FORBIDDEN", "UNAUTHENTICATED"], "refused"],
  [["FORBIDDEN", "UPSTREAM_TIMEOUT"], "errors"],
  [["INTERNAL_SERVER_ERROR"], "errors"],
  [["UPSTREAM_REFUSED"], "errors"],
  [["RATE_LIMITED"], "errors"],
])("an operation with the errors %j is counted as %s", (codes, outcome) => {
  expect(toOperationOutcome(codes.map((code) => ({ extensions: { code } })))).toBe(outcome);
});

test("an error without a code is counted as ours", () => {
  expect(toOperationOutcome([{}])).toBe("errors");
});

describe("the metrics of a running server", () => {
  let graph: RunningGraph;
  beforeAll(async () => {
    graph = await startGraph();
  });
  afterAll(() => graph.close());

  const scrape = async () => (await graph.get("/metrics")).body.text();

  test("count calls by supplier, waits, cache look-ups and outcomes of commands, and name no patient or practice", async () => {
    const { data } = await graph.query<{ practice: { freeSlots: { id: string }[] } }>(
      '{ practice(odsCode: "T81001") { freeSlots(first: 1) { id } } }',
    );
    const book = () =>
      graph.query(
        `mutation ($input: BookAppointmentInput!) { bookAppointment(input: $input) { __typename } }`,
        {
          input: {
            nhsNumber: "9000000009",
            slotIds: [data.practice.freeSlots[0]?.id],
            description: "Review",
          },
        },
      );
    await book();
    await graph.query(
      `mutation { bookAppointment(input: { nhsNumber: "9000000009", slotIds: ["no slot"], description: "Review" }) { __typename } }`,
    );
    const text = await scrape();

    expect(text).toMatch(/spine_practice_call_duration_seconds_count\{supplier="[^"]+",outcome="OK"\} [1-9]/);
    expect(text).toMatch(/spine_upstream_wait_seconds_count\{service="SSP"\} [1-9]/);
    expect(text).toMatch(/spine_cache_requests_total\{cache="SDS",result="misses"\} [1-9]/);
    expect(text).toContain('spine_command_outcomes_total{command="book",outcome="booked"} 1');
    expect(text).toContain('spine_circuit_breaker_open{service="SSP"} 0');
    expect(text).toContain("spine_store_up 1");
    expect(text).not.toMatch(/9000000009|T81001/);
  });
});
