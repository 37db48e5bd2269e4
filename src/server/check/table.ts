/** The result of one check. */
export interface CheckRow {
  readonly what: string;
  /** Host, or an empty text. */
  readonly where: string;
  /** `WARN`: works now and needs attention soon. */
  readonly result: "OK" | "WARN" | "FAIL" | "SKIP";
  readonly details: string;
}

/** Formats the rows as a plain-text table. */
export function toTable(rows: readonly CheckRow[]): string {
  const lines = [
    ["What", "Where", "Result", "Details"],
    ...rows.map((row) => [row.what, row.where, row.result, row.details]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map(
      (line) =>
        `${line
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}
