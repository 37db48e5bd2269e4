/** The part of a row of the assurance notes, section 1, that the register must match. */
export interface SourceRow {
  readonly id: string;
  readonly marks: string;
}

/** Rows that the notes name in words. */
const NAMED: Record<string, string> = {
  "screen check for summer time": "SUMMER-TIME-SCREEN",
  "manual BAAM-6, BAAM-7": "BAAM-6, BAAM-7",
  "consumer token check, SDS order check": "TOKEN-CHECK, SDS-ORDER-CHECK",
};

/** The rules of section 1: its tables, each id of a row by itself, and the numbered list of 1.9. */
export function readSourceRules(notes: string): SourceRow[] {
  const section = between(notes, "## 1. Traceability", "\n## 2. ");
  return section.split(/^### /m).flatMap((part) => {
    const number = /^1\.\d/.exec(part)?.[0];
    if (number === "1.8") return rowsOf(part).map((_row, at) => ({ id: `1.8/${at + 1}`, marks: "D" }));
    // The last of the list is the simulator's duty, the others are ours.
    if (number === "1.9")
      return numbered(part).map((text, at) => ({ id: `1.9/${at + 1}`, marks: markOf(text) }));
    const mark = headOf(part).indexOf("Mark");
    return rowsOf(part).flatMap((cells) =>
      expandIds(cells[0] ?? "").map((id) => ({ id, marks: cells[mark] ?? "" })),
    );
  });
}

/** The numbers of the hazards of section 4.1, and how many rows section 4.2 has. */
export function readSourceHazards(notes: string): { readonly numbers: string[]; readonly ownRows: number } {
  const section = between(notes, "## 4. Hazards", "\n## 5. ");
  const [log = "", own = ""] = section.split("### 4.2");
  return {
    numbers: rowsOf(log).flatMap(([numbers = ""]) => numbers.split(", ")),
    ownRows: rowsOf(own.split("### 4.3")[0] ?? "").length,
  };
}

/** `A/1 … /3` as three ids, `B-2, -4-1` as two, `US02, US05` as two, `C1, 3` as two. */
export function expandIds(cell: string): string[] {
  const [first = "", ...more] = (NAMED[cell] ?? cell).replace(/ \(/g, "(").split(", ");
  return [first, ...more.map((each) => completed(first, each))].flatMap(expandRange);
}

function completed(first: string, rest: string): string {
  if (/^[A-Z]/.test(rest)) return rest;
  if (rest.startsWith("/")) return first.replace(/\/\d+$/, rest);
  const stem = first.replace(/-?\d[\d.]*(-\d[\d.]*)*$/, "");
  const hasHyphen = stem === first || first.charAt(stem.length) === "-";
  return hasHyphen ? `${stem}${rest}` : `${stem}${rest.replace(/^-/, "")}`;
}

function expandRange(id: string): string[] {
  const range = /^(.*?)(\d+)(?: … \/|–US)(\d+)$/.exec(id);
  if (range === null) return [id];
  const [, stem, from = "", to] = range;
  const digits = id.includes("–") ? from.length : 1;
  const count = Number(to) - Number(from) + 1;
  return Array.from(
    { length: count },
    (_, at) => `${stem}${String(Number(from) + at).padStart(digits, "0")}`,
  );
}

const tableLines = (part: string) => part.split("\n").filter((line) => line.startsWith("| "));
const cellsOf = (line: string) =>
  line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());
const headOf = (part: string) => cellsOf(tableLines(part)[0] ?? "");
const rowsOf = (part: string) => tableLines(part).slice(1).map(cellsOf);
const numbered = (part: string) => part.split("\n").filter((line) => /^\d+\. /.test(line));
const markOf = (text: string) => (text.includes("A simulator") ? "P" : "S");

function between(text: string, from: string, to: string): string {
  return text.slice(text.indexOf(from), text.indexOf(to));
}
