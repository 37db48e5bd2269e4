import { adviceFor } from "./advice.js";
import type { CheckRow } from "./check-row.js";

/** Formats the rows as a plain-text table, and below it one line of advice for each row that is not good. */
export function toTable(rows: readonly CheckRow[]): string {
  const lines = [
    ["What", "Where", "Result", "Details"],
    ...rows.map((row) => [row.what, row.where, row.result, row.details]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const table = lines
    .map(
      (line) =>
        `${line
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
  const advice = rows.flatMap((row) => {
    const text = adviceFor(row);
    return text === undefined ? [] : [`  ${row.what}: ${text}\n`];
  });
  return advice.length === 0 ? table : `${table}\nWhat to do:\n${advice.join("")}`;
}
