/** A metric as prom-client gives it. */
export interface MetricFamily {
  readonly name: string;
  readonly help: string;
  /** `counter`, `gauge` or `histogram`; others are left out. prom-client's type is an enum of numbers, its values are texts. */
  readonly type: unknown;
  readonly values: readonly MetricValue[];
}

export interface MetricValue {
  /** Of a histogram: the name with `_bucket`, `_sum` or `_count`. */
  readonly metricName?: string;
  readonly labels: Readonly<Partial<Record<string, string | number>>>;
  readonly value: number;
}

export interface MetricTimes {
  readonly serviceName: string;
  /** Tells the totals of one process from those of others. */
  readonly instanceId: string;
  /** Since when totals are counted, and the time of the values: milliseconds since the Unix epoch. */
  readonly startedAt: number;
  readonly now: number;
}

/** Totals since the start of the process (`AGGREGATION_TEMPORALITY_CUMULATIVE`). */
const CUMULATIVE = 2;

/** The JSON form of an OTLP `ExportMetricsServiceRequest`. Labels come from closed lists, as in `/metrics`. */
export function toOtlpMetrics(families: readonly MetricFamily[], times: MetricTimes): object {
  const resource = {
    attributes: toAttributes({ "service.name": times.serviceName, "service.instance.id": times.instanceId }),
  };
  const metrics = families.flatMap((family) => toMetric(family, times) ?? []);
  return { resourceMetrics: [{ resource, scopeMetrics: [{ scope: { name: "spine-graph" }, metrics }] }] };
}

function toMetric({ name, help, type, values }: MetricFamily, times: MetricTimes): object | undefined {
  const base = { name, description: help };
  const points = () =>
    values
      .filter(({ value }) => Number.isFinite(value))
      .map(({ value, labels }) => ({ ...timesOf(times), attributes: toAttributes(labels), asDouble: value }));
  if (type === "counter") {
    return { ...base, sum: { aggregationTemporality: CUMULATIVE, isMonotonic: true, dataPoints: points() } };
  }
  if (type === "gauge") return { ...base, gauge: { dataPoints: points() } };
  if (type !== "histogram") return undefined;
  const dataPoints = [...bySeries(values).values()].map((series) => toHistogramPoint(name, series, times));
  return { ...base, histogram: { aggregationTemporality: CUMULATIVE, dataPoints } };
}

/** The values of a histogram by their labels without `le`. */
function bySeries(values: readonly MetricValue[]): Map<string, MetricValue[]> {
  const series = new Map<string, MetricValue[]>();
  for (const value of values) {
    const { le: _bound, ...labels } = value.labels;
    const key = JSON.stringify(Object.entries(labels).sort());
    series.set(key, [...(series.get(key) ?? []), value]);
  }
  return series;
}

/** Prometheus's buckets count everything up to their bound; those of OTLP count what the one before does not. */
function toHistogramPoint(name: string, series: readonly MetricValue[], times: MetricTimes): object {
  const { le: _bound, ...labels } = series[0]?.labels ?? {};
  const valueFor = (suffix: string) =>
    series.find(({ metricName }) => metricName === `${name}${suffix}`)?.value ?? 0;
  const buckets = series
    .filter(({ metricName, labels: { le } }) => metricName === `${name}_bucket` && le !== "+Inf")
    .map(({ labels: { le }, value }) => ({ bound: Number(le), upTo: value }))
    .sort((one, other) => one.bound - other.bound);
  const count = valueFor("_count");
  const upTo = [...buckets.map((bucket) => bucket.upTo), count];
  return {
    ...timesOf(times),
    attributes: toAttributes(labels),
    count: String(count),
    sum: valueFor("_sum"),
    explicitBounds: buckets.map(({ bound }) => bound),
    bucketCounts: upTo.map((total, index) => String(total - (upTo[index - 1] ?? 0))),
  };
}

const timesOf = ({ startedAt, now }: MetricTimes) => ({
  startTimeUnixNano: `${Math.round(startedAt)}000000`,
  timeUnixNano: `${Math.round(now)}000000`,
});

const toAttributes = (labels: MetricValue["labels"]) =>
  Object.entries(labels).map(([key, value]) => ({ key, value: { stringValue: String(value) } }));
