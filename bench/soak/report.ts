import type { Sample } from "./messages.js";
import { percentile, percentileBounds, slope, tally } from "./numbers.js";
import type { Audience } from "./operations.js";
import type { PhaseKind, PhaseRecord } from "./phases.js";

/** One phase on both servers at the same time. */
export interface PhasePair {
  readonly kind: PhaseKind;
  readonly seconds: number;
  readonly subject: PhaseRecord;
  readonly control: PhaseRecord;
}

/** The target. */
export const MAX_P99_RATIO = 1.2;

type SideName = "subject" | "control";

/** The whole report as Markdown. */
export function toReport(phases: readonly PhasePair[]): string {
  return [
    verdict(phases),
    "## Operations on healthy practices",
    ...audienceTable(phases, "healthy"),
    "## Each operation on healthy practices, p99 in ms (subject; control)",
    ...operationTable(phases),
    "## p99 of operations on healthy practices in each minute of the faults, ms (subject / control)",
    minutes(phases),
    "## Operations on the practices with faults",
    ...audienceTable(phases, "hanging"),
    ...audienceTable(phases, "failing"),
    "## The process",
    ...processTable(phases),
    "## Circuit breakers of the subject",
    ...phases.map(({ kind, subject }) => `- ${kind}: ${circuitsOf(subject)}`),
    "## Calls sent upstream",
    ...phases.map(
      ({ kind, subject, control }) =>
        `- ${kind}: ${list(subject.calls)}\n  - control: ${list(control.calls)}`,
    ),
  ].join("\n");
}

function verdict(phases: readonly PhasePair[]): string {
  const p99 = (side: SideName, kind: PhaseKind) => percentile(times(phases, side, kind), 0.99);
  const subject = p99("subject", "faults") / p99("subject", "quiet");
  const control = p99("control", "faults") / p99("control", "quiet");
  const faultRatio = p99("subject", "faults") / p99("control", "faults");
  const quietRatio = p99("subject", "quiet") / p99("control", "quiet");
  return [
    "## Verdict",
    `- p99 with faults / p99 in the quiet phases, subject: ${subject.toFixed(3)} (target: at most ${MAX_P99_RATIO}: ${subject <= MAX_P99_RATIO ? "met" : "missed"})`,
    `- the same ratio of the control, which had no faults (the drift of the machine): ${control.toFixed(3)}`,
    `- subject / control during the faults: ${faultRatio.toFixed(3)}; in the quiet phases: ${quietRatio.toFixed(3)}; quotient: ${(faultRatio / quietRatio).toFixed(3)}`,
  ].join("\n");
}

function times(phases: readonly PhasePair[], side: SideName, kind: PhaseKind): number[] {
  return phases.filter((phase) => phase.kind === kind).flatMap((phase) => timesOf(phase[side], "healthy"));
}

function timesOf({ results }: PhaseRecord, audience: Audience): number[] {
  return results.filter((result) => result.audience === audience).map(({ ms }) => ms);
}

const COLUMNS = "| phase | side | n | p50 ms | p95 ms | p99 ms (95 % interval) | max ms | outcomes |";

function audienceTable(phases: readonly PhasePair[], audience: Audience): string[] {
  const rows = phases.flatMap(({ kind, seconds, ...sides }) =>
    (["subject", "control"] as const).map((side) => {
      const record = sides[side];
      const ms = timesOf(record, audience);
      const [low, high] = percentileBounds(ms, 0.99);
      const outcomes = tally(
        record.results.filter((result) => result.audience === audience).map((result) => result.outcome),
      );
      const p = (share: number) => percentile(ms, share).toFixed(1);
      return `| ${kind} ${seconds} s | ${side} | ${ms.length} | ${p(0.5)} | ${p(0.95)} | ${p(0.99)} (${low.toFixed(1)}–${high.toFixed(1)}) | ${p(1)} | ${list(outcomes)} |`;
    }),
  );
  return [`\n${audience}:\n`, COLUMNS, "|---|---|--:|--:|--:|--:|--:|---|", ...rows];
}

function operationTable(phases: readonly PhasePair[]): string[] {
  const names = [
    ...new Set(phases.flatMap(({ subject }) => subject.results.map((result) => result.operation))),
  ];
  const cell = (record: PhaseRecord, name: string) => {
    const results = record.results.filter(
      ({ audience, operation }) => audience === "healthy" && operation === name,
    );
    return percentile(
      results.map(({ ms }) => ms),
      0.99,
    ).toFixed(1);
  };
  return [
    `| operation | ${phases.map(({ kind }) => kind).join(" | ")} |`,
    `|---|${"--:|".repeat(phases.length)}`,
    ...names.map((name) => {
      const cells = phases.map(({ subject, control }) => `${cell(subject, name)}; ${cell(control, name)}`);
      return `| ${name} | ${cells.join(" | ")} |`;
    }),
  ];
}

function minutes(phases: readonly PhasePair[]): string {
  const lines = phases
    .filter(({ kind }) => kind === "faults")
    .flatMap(({ seconds, subject, control }) =>
      Array.from({ length: Math.ceil(seconds / 60) }, (_, minute) => {
        const p99 = ({ results }: PhaseRecord) =>
          percentile(
            results
              .filter(({ audience, second }) => audience === "healthy" && Math.floor(second / 60) === minute)
              .map(({ ms }) => ms),
            0.99,
          ).toFixed(0);
        return `${p99(subject)} / ${p99(control)}`;
      }),
    );
  return lines.join(", ");
}

function processTable(phases: readonly PhasePair[]): string[] {
  const rows = phases.flatMap(({ kind, ...sides }) =>
    (["subject", "control"] as const).map((side) => {
      const { samples, atEnd } = sides[side];
      const rss = samples.map(({ rssMiB }) => rssMiB);
      const elapsed = samples.reduce((sum, { seconds }) => sum + seconds, 0);
      const perMinute = slope(
        samples.map(({ rssMiB }, index) => [(index * elapsed) / samples.length / 60, rssMiB] as const),
      );
      const worst = (pick: (sample: Sample) => number) => Math.max(...samples.map(pick)).toFixed(1);
      const cpu = samples.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0) / elapsed;
      return `| ${kind} | ${side} | ${rss[0]?.toFixed(0)} → ${rss.at(-1)?.toFixed(0)} | ${perMinute.toFixed(2)} | ${atEnd.heapMiB.toFixed(1)} | ${percentile(
        samples.map((one) => one.loopDelayP99Ms),
        0.5,
      ).toFixed(
        1,
      )} | ${worst((one) => one.loopDelayMaxMs)} | ${(cpu * 100).toFixed(0)} % | ${atEnd.unhandledRejections} |`;
    }),
  );
  return [
    "| phase | side | RSS MiB, first → last | RSS MiB per minute | heap after GC, MiB | loop delay p99 ms (median of 5 s) | loop delay max ms | CPU | unhandled rejections |",
    "|---|---|---|--:|--:|--:|--:|--:|--:|",
    ...rows,
  ];
}

function circuitsOf({ circuits }: PhaseRecord): string {
  const counts = tally(circuits.map(({ who, change }) => `${who} ${change}`));
  return counts.size === 0 ? "none changed" : list(counts);
}

function list(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([word, count]) => `${word} ${count}`).join(", ");
}
