import type { Sample } from "./messages.js";
import { percentile, percentileBounds, slope, tally } from "./numbers.js";
import type { Audience } from "./operations.js";
import type { PhaseKind, PhaseRecord } from "./phases.js";

/** One phase as both products lived through it at the same time. */
export interface PhasePair {
  readonly kind: PhaseKind;
  readonly seconds: number;
  readonly subject: PhaseRecord;
  readonly twin: PhaseRecord;
}

/** The bar of the acceptance. */
export const MOST_P99_RATIO = 1.2;

type SideName = "subject" | "twin";

/** The whole report as Markdown. */
export function toReport(phases: readonly PhasePair[]): string {
  return [
    verdict(phases),
    "## Calls to the others",
    ...audienceTable(phases, "others"),
    "## Each operation to the others, p99 in ms (subject; twin)",
    ...operationTable(phases),
    "## p99 of calls to the others in each minute of trouble, ms (subject / twin)",
    minutes(phases),
    "## Calls to the practices in trouble",
    ...audienceTable(phases, "hanging"),
    ...audienceTable(phases, "failing"),
    "## The process",
    ...processTable(phases),
    "## Circuits of the subject",
    ...phases.map(({ kind, subject }) => `- ${kind}: ${circuitsOf(subject)}`),
    "## Calls sent upstream",
    ...phases.map(
      ({ kind, subject, twin }) => `- ${kind}: ${list(subject.calls)}\n  - twin: ${list(twin.calls)}`,
    ),
  ].join("\n");
}

function verdict(phases: readonly PhasePair[]): string {
  const p99 = (side: SideName, kind: PhaseKind) => percentile(times(phases, side, kind), 0.99);
  const subject = p99("subject", "troubled") / p99("subject", "quiet");
  const twin = p99("twin", "troubled") / p99("twin", "quiet");
  const sideBySide = p99("subject", "troubled") / p99("twin", "troubled");
  const quietPair = p99("subject", "quiet") / p99("twin", "quiet");
  return [
    "## Verdict",
    `- p99 in trouble / p99 in quiet, same product: ${subject.toFixed(3)} (bar ${MOST_P99_RATIO}: ${subject <= MOST_P99_RATIO ? "met" : "missed"})`,
    `- the same ratio of the twin, which had no trouble at all (the machine's own drift): ${twin.toFixed(3)}`,
    `- subject / twin during the trouble, side by side: ${sideBySide.toFixed(3)}; during the quiet: ${quietPair.toFixed(3)}; one over the other: ${(sideBySide / quietPair).toFixed(3)}`,
  ].join("\n");
}

function times(phases: readonly PhasePair[], side: SideName, kind: PhaseKind): number[] {
  return phases.filter((phase) => phase.kind === kind).flatMap((phase) => timesOf(phase[side], "others"));
}

function timesOf({ shots }: PhaseRecord, audience: Audience): number[] {
  return shots.filter((shot) => shot.audience === audience).map(({ ms }) => ms);
}

const COLUMNS = "| phase | side | n | p50 ms | p95 ms | p99 ms (95 % interval) | max ms | outcomes |";

function audienceTable(phases: readonly PhasePair[], audience: Audience): string[] {
  const rows = phases.flatMap(({ kind, seconds, ...sides }) =>
    (["subject", "twin"] as const).map((side) => {
      const record = sides[side];
      const ms = timesOf(record, audience);
      const [low, high] = percentileBounds(ms, 0.99);
      const outcomes = tally(
        record.shots.filter((shot) => shot.audience === audience).map((shot) => shot.outcome),
      );
      const p = (share: number) => percentile(ms, share).toFixed(1);
      return `| ${kind} ${seconds} s | ${side} | ${ms.length} | ${p(0.5)} | ${p(0.95)} | ${p(0.99)} (${low.toFixed(1)}–${high.toFixed(1)}) | ${p(1)} | ${list(outcomes)} |`;
    }),
  );
  return [`\n${audience}:\n`, COLUMNS, "|---|---|--:|--:|--:|--:|--:|---|", ...rows];
}

function operationTable(phases: readonly PhasePair[]): string[] {
  const names = [...new Set(phases.flatMap(({ subject }) => subject.shots.map((shot) => shot.operation)))];
  const cell = (record: PhaseRecord, name: string) => {
    const shots = record.shots.filter(
      ({ audience, operation }) => audience === "others" && operation === name,
    );
    return percentile(
      shots.map(({ ms }) => ms),
      0.99,
    ).toFixed(1);
  };
  return [
    `| operation | ${phases.map(({ kind }) => kind).join(" | ")} |`,
    `|---|${"--:|".repeat(phases.length)}`,
    ...names.map((name) => {
      const cells = phases.map(({ subject, twin }) => `${cell(subject, name)}; ${cell(twin, name)}`);
      return `| ${name} | ${cells.join(" | ")} |`;
    }),
  ];
}

function minutes(phases: readonly PhasePair[]): string {
  const lines = phases
    .filter(({ kind }) => kind === "troubled")
    .flatMap(({ seconds, subject, twin }) =>
      Array.from({ length: Math.ceil(seconds / 60) }, (_, minute) => {
        const p99 = ({ shots }: PhaseRecord) =>
          percentile(
            shots
              .filter(({ audience, second }) => audience === "others" && Math.floor(second / 60) === minute)
              .map(({ ms }) => ms),
            0.99,
          ).toFixed(0);
        return `${p99(subject)} / ${p99(twin)}`;
      }),
    );
  return lines.join(", ");
}

function processTable(phases: readonly PhasePair[]): string[] {
  const rows = phases.flatMap(({ kind, ...sides }) =>
    (["subject", "twin"] as const).map((side) => {
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
    "| phase | side | RSS MiB, first → last | RSS MiB a minute | heap after GC, MiB | loop delay p99 ms (median of 5 s) | loop delay max ms | CPU | unhandled rejections |",
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
