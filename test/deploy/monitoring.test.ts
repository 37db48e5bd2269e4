import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createMetrics } from "../../src/server/metrics/metrics.js";
import { registerStateMetrics } from "../../src/server/metrics/state-metrics.js";
import { createPrimaryMetrics } from "../../src/server/workers/primary-metrics.js";
import { describeNeeding, findProgram } from "../support/needs.js";

const ROOT = resolve(__dirname, "../..");
const MONITORING = join(ROOT, "deploy/monitoring");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const filesIn = (folder: string) =>
  readdirSync(join(MONITORING, folder)).map((name) => `deploy/monitoring/${folder}/${name}`);
const RULES = filesIn("rules");

/** What Prometheus adds to every series. */
const TARGET_LABELS = ["instance", "job"];

interface Known {
  readonly name: string;
  readonly labels: readonly string[];
}

/** The series that a process exposes, or a primary with its workers, with their labels. A histogram has three names. */
function exposedSeries(): Map<string, Known> {
  const { registry } = createMetrics({ counts: {} as never });
  registerStateMetrics(registry, {
    resilience: { states: [] },
    commands: { unsettled: [] },
    audit: { lost: 0, oldestPendingAt: undefined },
    auditWriter: { inFileOnly: 0 },
    store: { database: { isUp: true } },
    clock: { now: () => 0 },
  });
  const known = new Map<string, Known>([["up", { name: "up", labels: [] }]]);
  const primary = createPrimaryMetrics({ ready: [], restarts: 0 });
  for (const metric of [...registry.getMetricsAsArray(), ...primary.getMetricsAsArray()]) {
    const {
      name,
      type,
      labelNames = [],
    } = metric as unknown as {
      name: string;
      type: string;
      labelNames?: string[];
    };
    known.set(name, { name, labels: labelNames });
    if (type !== "histogram") continue;
    for (const suffix of ["_bucket", "_count", "_sum"])
      known.set(name + suffix, { name, labels: suffix === "_bucket" ? [...labelNames, "le"] : labelNames });
  }
  return known;
}

const recorded = new Set(
  RULES.flatMap((path) => [...read(path).matchAll(/record: (\S+)/g)].map(([, name]) => name)),
);
const series = exposedSeries();

/** Every expression of a rules file or of the dashboard. */
function expressionsOf(path: string): string[] {
  const text = read(path);
  if (path.endsWith(".json")) {
    const expressions: string[] = [];
    JSON.parse(text, (key, value) => {
      if (key === "expr") expressions.push(value);
      return value;
    });
    return expressions;
  }
  return [...text.matchAll(/^ +expr: (?:\|\n((?: {10}.*\n)+)|(.*))/gm)].map(
    ([, block, one]) => block ?? one ?? "",
  );
}

const WORDS = new Set(
  "sum max min by rate increase and or unless on offset bool vector absent avg_over_time histogram_quantile".split(
    " ",
  ),
);

/** The selectors of an expression: a series' name and the labels in its braces. */
function selectorsOf(expression: string): { name: string; labels: string[] }[] {
  const plain = expression
    .replace(/\b(by|on) \([^)]*\)/g, " ")
    .replace(/\[[^\]]*\]/g, " ")
    .replace(/offset \w+/g, " ");
  const named = [...plain.matchAll(/([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{([^}]*)\})?/g)];
  return named
    .filter(([whole]) => !WORDS.has(whole))
    .map(([, name, braces]) => ({
      name: name ?? "",
      labels: [...(braces ?? "").matchAll(/(\w+)(?:=~|!=|=)"/g)].map(([, label]) => label ?? ""),
    }));
}

const groupedBy = (expression: string) =>
  [...expression.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, labels]) => (labels ?? "").split(/, */));

describe.each([...RULES, "deploy/monitoring/dashboards/spine-graph.json"])("%s", (path) => {
  const expressions = expressionsOf(path);

  test("has as many expressions as rules or targets", () => {
    const count = path.endsWith(".json")
      ? (read(path).match(/"refId"/g) ?? []).length
      : (read(path).match(/- (alert|record):/g) ?? []).length;
    expect(expressions).toHaveLength(count);
  });

  test.each(expressions)("%j names only series that exist, with their labels", (expression) => {
    const selectors = selectorsOf(expression.replace(/"[^"]*"/g, '""'));
    const unknown = selectors.filter(({ name }) => !series.has(name) && !recorded.has(name));
    expect(unknown).toEqual([]);
    const labels = new Set(selectors.flatMap(({ name }) => series.get(name)?.labels ?? []));
    const used = [...selectors.flatMap((selector) => selector.labels), ...groupedBy(expression)];
    expect(used.filter((label) => !labels.has(label) && !TARGET_LABELS.includes(label))).toEqual([]);
  });
});

const alerts = RULES.flatMap((path) =>
  [...read(path).matchAll(/alert: (\w+)/g)].map(([, name]) => name ?? ""),
);

test("every alert has its entry in the runbook, and every entry has its alert", () => {
  const entries = [...read("docs/runbook.md").matchAll(/^### (\w+)$/gm)].map(([, name]) => name);
  expect([...entries].sort()).toEqual([...alerts].sort());
});

test("every alert links to the heading of its own entry", () => {
  const anchors = RULES.flatMap((path) =>
    [...read(path).matchAll(/runbook_url: '.*#(\w+)'/g)].map(([, at]) => at),
  );
  expect(anchors).toEqual(alerts.map((name) => name.toLowerCase()));
});

test("every alert is expected to fire at some time of the rule tests", () => {
  const tests = filesIn("tests").map(read).join("");
  const fired = alerts.filter((name) => tests.includes(`ALERTS{alertname="${name}", alertstate="firing"`));
  expect(fired).toEqual(alerts);
});

test("every entry of the runbook says what it means, how to see it and what to do", () => {
  const entries = read("docs/runbook.md").split(/^### /m).slice(1);
  for (const entry of entries) {
    const parts = [...entry.matchAll(/^\*\*(.*?)\.\*\*/gm)].map(([, part]) => part);
    expect([entry.split("\n")[0], ...parts]).toEqual([
      entry.split("\n")[0],
      "Meaning",
      "In the sandbox",
      "What to do",
    ]);
  }
});

describeNeeding("promtool", "the alert rules", () => {
  const promtool = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(findProgram("promtool") ?? "", args, {
      cwd: ROOT,
      encoding: "utf8",
    });
    return { status, output: stdout + stderr };
  };

  test("are accepted by Prometheus", () => {
    expect(promtool("check", "rules", ...RULES)).toMatchObject({ status: 0 });
  });

  test("fire when they must and stay silent when they must", () => {
    expect(promtool("test", "rules", ...filesIn("tests"))).toMatchObject({ status: 0 });
  });
});
