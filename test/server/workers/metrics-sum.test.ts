import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { MetricValues } from "../../../src/server/workers/calls.js";
import { MetricsSum } from "../../../src/server/workers/metrics-sum.js";

/** The metrics of one process, as they arrive from it. */
async function valuesOf(counted: number, isUp: number): Promise<MetricValues> {
  const registry = new Registry();
  const registers = [registry];
  new Counter({ name: "counted_total", help: "counted", labelNames: ["kind"], registers }).inc(
    { kind: "a" },
    counted,
  );
  new Gauge({ name: "is_up", help: "up", aggregator: "min", registers }).set(isUp);
  new Gauge({ name: "running", help: "running", registers }).set(1);
  new Histogram({ name: "seconds", help: "seconds", buckets: [1, 5], registers }).observe(counted);
  return JSON.parse(JSON.stringify(await registry.getMetricsAsJSON()));
}

test("counts and histograms are summed, and a state is that of the worst process", async () => {
  const sum = new MetricsSum();
  const text = await sum.toText(
    new Map([
      [1, await valuesOf(2, 1)],
      [2, await valuesOf(3, 0)],
    ]),
  );

  expect(text).toContain('counted_total{kind="a"} 5');
  expect(text).toContain("is_up 0");
  expect(text).toContain("running 2");
  expect(text).toContain('seconds_bucket{le="5"} 2');
  expect(text).toContain("seconds_sum 5");
});

test("what an ended process had counted stays in the sum, through several ends; its state does not", async () => {
  const sum = new MetricsSum();
  await sum.toText(new Map([[1, await valuesOf(2, 0)]]));
  sum.end(1);
  await sum.toText(new Map([[2, await valuesOf(3, 1)]]));
  sum.end(2);

  const text = await sum.toText(new Map([[3, await valuesOf(4, 1)]]));

  expect(text).toContain('counted_total{kind="a"} 9');
  expect(text).toContain("seconds_count 3");
  expect(text).toContain("is_up 1");
  expect(text).toContain("running 1");
});

test("a process that does not respond is counted as it was last reported", async () => {
  const sum = new MetricsSum();
  await sum.toText(new Map([[1, await valuesOf(2, 1)]]));

  expect(await sum.toText(new Map([[1, undefined]]))).toContain('counted_total{kind="a"} 2');
});

test("a process that ends while its metrics are read is counted once", async () => {
  const sum = new MetricsSum();
  await sum.toText(new Map([[1, await valuesOf(2, 1)]]));
  const read = new Map([[1, await valuesOf(3, 1)]]);
  sum.end(1);

  expect(await sum.toText(read)).toContain('counted_total{kind="a"} 2');
});

test("no count is lost when many processes end, also at the same moment", async () => {
  const PROCESSES = 20;
  const sum = new MetricsSum();
  for (let process = 1; process <= PROCESSES; process += 1) {
    await sum.toText(new Map([[process, await valuesOf(1, 1)]]));
    if (process % 2 === 0) for (const ended of [process - 1, process]) sum.end(ended);
  }

  expect(await sum.toText(new Map())).toContain(`counted_total{kind="a"} ${PROCESSES}`);
});
