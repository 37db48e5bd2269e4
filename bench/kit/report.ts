import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { load, machine } from "./machine.js";
import { outputFolder } from "./repository.js";
import type { Summary } from "./statistics.js";
import { type Target, verdict } from "./target.js";

/** The result of one benchmark. */
export interface Report {
  readonly name: string;
  readonly title: string;
  /** Paragraphs about the method. */
  readonly method: readonly string[];
  /** Tables and paragraphs, in order. */
  readonly results: readonly string[];
  readonly targets: readonly Target[];
  readonly loadBefore: string;
}

/** Prints a report and writes the same to `var/bench`. @returns the path. */
export function publish(report: Report): string {
  const day = new Date().toISOString().slice(0, 10);
  const path = join(outputFolder(), `${day}-${report.name}.md`);
  const text = render(report, day);
  writeFileSync(path, text);
  process.stdout.write(`${text}\n(written to ${path})\n\n`);
  return path;
}

function render({ title, method, results, targets, loadBefore }: Report, day: string): string {
  const where = `${day}, ${machine()}. Load average of a minute: ${loadBefore} before, ${load()} after.`;
  const judged = table(
    ["Target", "At most", "Measured", "Noise", "Verdict"],
    targets.map((target) => [
      target.what,
      amount(target.atMost, target),
      amount(target.measured, target),
      amount(target.noise, target),
      verdict(target),
    ]),
  );
  const parts = [`# ${title}`, where, "## Method", ...method, "## Results", ...results];
  return `${[...parts, ...(targets.length > 0 ? ["## Targets", judged] : [])].join("\n\n")}\n`;
}

function amount(value: number, { unit }: Target): string {
  return unit === "ms" ? `${value.toFixed(0)} ms` : value.toFixed(3);
}

/** A Markdown table; the first column is text, the others are numbers. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = head.map((_name, index) => (index === 0 ? "---" : "---:"));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** "12 / 15 (11 to 18)": p50, p95, minimum and maximum. */
export function inShort({ p50, p95, min, max }: Summary, digits = 0): string {
  const text = (value: number) => value.toFixed(digits);
  return `${text(p50)} / ${text(p95)} (${text(min)} to ${text(max)})`;
}
