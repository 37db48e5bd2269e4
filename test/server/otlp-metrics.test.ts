import { toOtlpMetrics } from "../../src/server/metrics/otlp-metric-points.js";
import { type LocalServer, startLocalServer } from "../support/local-server.js";
import { type RunningGraph, startGraph } from "../support/start-graph.js";

interface Point {
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue: string } }[];
  readonly asDouble?: number;
  readonly count?: string;
  readonly bucketCounts?: readonly string[];
  readonly explicitBounds?: readonly number[];
}

interface Metric {
  readonly name: string;
  readonly sum?: { readonly dataPoints: readonly Point[] };
  readonly histogram?: { readonly aggregationTemporality: number; readonly dataPoints: readonly Point[] };
}

const metricsIn = (body: string): Metric[] => JSON.parse(body).resourceMetrics[0].scopeMetrics[0].metrics;

let collector: LocalServer;
let graph: RunningGraph | undefined;
afterEach(async () => {
  await graph?.close();
  graph = undefined;
  await collector.close();
});

const start = async (respond: Parameters<typeof startLocalServer>[0]) => {
  collector = await startLocalServer(respond);
  graph = await startGraph({ environment: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } });
  return graph;
};

test("what was counted is sent at the end, with every call of the operation, and nothing identifies a patient", async () => {
  const running = await start((_request, response) => void response.end("{}"));
  const answer = await running.query(
    'query Jane9000000009 { patient(nhsNumber: "9000000009") { name { display } practice { odsCode } } }',
  );
  await running.close();
  graph = undefined;

  const sent = collector.requests.filter(({ path }) => path === "/v1/metrics");
  expect(sent).toHaveLength(1);
  const metrics = metricsIn(sent[0]?.body ?? "");
  const calls = metrics.find(({ name }) => name === "spine_upstream_call_duration_seconds")?.histogram;
  const counted = (calls?.dataPoints ?? []).reduce((sum, { count }) => sum + Number(count), 0);
  expect(counted).toBe(answer.extensions?.spine?.calls.length);
  expect(calls?.aggregationTemporality).toBe(2);
  for (const { count, bucketCounts = [], explicitBounds = [] } of calls?.dataPoints ?? []) {
    expect(bucketCounts).toHaveLength(explicitBounds.length + 1);
    expect(bucketCounts.reduce((sum, one) => sum + Number(one), 0)).toBe(Number(count));
  }
  expect(sent[0]?.body).not.toMatch(/9000000009|Jane|MUSTERMANN|T81001|null/i);
});

test("a collector that refuses or never responds fails no request and does not hold up the end", async () => {
  const running = await start(() => {});
  expect((await running.query('{ practice(odsCode: "T81001") { odsCode } }')).errors).toBeUndefined();
  const before = performance.now();
  await running.close();
  graph = undefined;

  expect(performance.now() - before).toBeLessThan(8_000);
  expect(running.logLines.join("")).toContain("metrics cannot be sent to OTEL_EXPORTER_OTLP_ENDPOINT");
});

test("values that are no numbers are left out, and so are types without an OTLP form", () => {
  const body = JSON.stringify(
    toOtlpMetrics(
      [
        { name: "lag", help: "", type: "gauge", values: [{ labels: {}, value: Number.NaN }] },
        { name: "rank", help: "", type: "summary", values: [{ labels: {}, value: 1 }] },
      ],
      { serviceName: "x", instanceId: "y", startedAt: 0, now: 1 },
    ),
  );
  expect(body).not.toContain("null");
  expect(metricsIn(body).map(({ name }) => name)).toEqual(["lag"]);
});
