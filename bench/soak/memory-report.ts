import type { StepResult } from "./encounters.js";
import type { Sample } from "./messages.js";
import { percentile, slope, tally } from "./numbers.js";

/** A sample and the minute of the run in which it was taken. */
export type MemorySample = Sample & { readonly minute: number };

export interface MemoryRun {
  /** Lines about the run as a whole. */
  readonly head: readonly string[];
  readonly samples: readonly MemorySample[];
  readonly steps: readonly StepResult[];
}

type Measure = "rssMiB" | "heapMiB" | "externalMiB" | "sockets" | "loopDelayP99Ms";

const MEASURES: readonly { readonly name: Measure; readonly label: string; readonly colour?: string }[] = [
  { name: "rssMiB", label: "RSS, MiB", colour: "#005eb8" },
  { name: "heapMiB", label: "heap used, MiB", colour: "#007f3b" },
  { name: "externalMiB", label: "external, MiB", colour: "#ae2573" },
  { name: "sockets", label: "sockets", colour: "#425563" },
  { name: "loopDelayP99Ms", label: "event-loop delay, p99 of a sample, ms" },
];

/** The slope is of this last part of the run. */
const LAST_MINUTES = 30;

/** The report as Markdown, and its graph as SVG. */
export function toMemoryReport(run: MemoryRun): { readonly markdown: string; readonly svg: string } {
  const { head, samples, steps } = run;
  const end = samples.at(-1)?.minute ?? 0;
  const last = samples.filter(({ minute }) => minute > end - LAST_MINUTES);
  const rows = MEASURES.map(({ name, label }) => {
    const values = samples.map((sample) => sample[name]);
    const growth = slope(last.map((sample) => [sample.minute, sample[name]] as const));
    return `| ${label} | ${figure(values[0])} | ${figure(Math.max(...values))} | ${figure(values.at(-1))} | ${growth.toFixed(3)} |`;
  });
  const cpu = samples.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0) / (end * 60);
  const markdown = [
    ...head.map((line) => `- ${line}`),
    `- Processor of the server: ${(100 * cpu).toFixed(0)} % of a core`,
    "",
    `| | first sample | highest | last | per minute, last ${Math.min(LAST_MINUTES, end).toFixed(0)} min |`,
    "|---|--:|--:|--:|--:|",
    ...rows,
    "",
    "| Request | n | p50 ms | p99 ms | outcomes |",
    "|---|--:|--:|--:|---|",
    ...stepRows(steps),
  ].join("\n");
  return { markdown, svg: toChart(samples, end) };
}

function figure(value: number | undefined): string {
  return (value ?? Number.NaN).toFixed(1);
}

function stepRows(steps: readonly StepResult[]): string[] {
  return [...new Set(steps.map(({ step }) => step))].map((name) => {
    const own = steps.filter(({ step }) => step === name);
    const ms = own.map((step) => step.ms);
    const outcomes = [...tally(own.map(({ outcome }) => outcome))].map(([word, n]) => `${word} ${n}`);
    return `| ${name} | ${own.length} | ${figure(percentile(ms, 0.5))} | ${figure(percentile(ms, 0.99))} | ${outcomes.join(", ")} |`;
  });
}

const WIDTH = 760;
const HEIGHT = 320;
const MARGIN = { left: 50, right: 20, top: 30, bottom: 35 };

/** Memory and sockets over the minutes of the run, on one scale. */
function toChart(samples: readonly MemorySample[], end: number): string {
  const drawn = MEASURES.filter(({ colour }) => colour !== undefined);
  const top = Math.max(50, ...samples.flatMap((sample) => drawn.map(({ name }) => sample[name])));
  const ceiling = Math.ceil(top / 50) * 50;
  const x = (minute: number) => MARGIN.left + ((WIDTH - MARGIN.left - MARGIN.right) * minute) / (end || 1);
  const y = (value: number) =>
    HEIGHT - MARGIN.bottom - ((HEIGHT - MARGIN.top - MARGIN.bottom) * value) / ceiling;
  const text = (atX: number, atY: number, words: string, rest = "") =>
    `<text x="${atX.toFixed(1)}" y="${atY.toFixed(1)}" ${rest}>${words}</text>`;
  const grid = Array.from({ length: 6 }, (_, step) => (ceiling * step) / 5).flatMap((value) => [
    `<path d="M${MARGIN.left} ${y(value).toFixed(1)}H${WIDTH - MARGIN.right}" stroke="#d8dde0"/>`,
    text(MARGIN.left - 6, y(value) + 4, value.toFixed(0), 'text-anchor="end"'),
  ]);
  const every = Math.max(1, Math.ceil(end / 12));
  const minutes = Array.from({ length: Math.floor(end / every) + 1 }, (_, step) =>
    text(x(step * every), HEIGHT - MARGIN.bottom + 16, String(step * every), 'text-anchor="middle"'),
  );
  const lines = drawn.map(({ name, colour }) => {
    const points = samples.map((sample) => `${x(sample.minute).toFixed(1)},${y(sample[name]).toFixed(1)}`);
    return `<polyline points="${points.join(" ")}" fill="none" stroke="${colour}" stroke-width="1.5"/>`;
  });
  const legend = drawn.map(({ label, colour }, index) =>
    text(MARGIN.left + 130 * index, 16, label, `fill="${colour}"`),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    "<title>Memory and sockets of the server by minute</title>",
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    ...grid,
    ...minutes,
    text(WIDTH / 2, HEIGHT - 4, "minutes", 'text-anchor="middle"'),
    ...lines,
    ...legend,
    "</svg>",
    "",
  ].join("\n");
}
