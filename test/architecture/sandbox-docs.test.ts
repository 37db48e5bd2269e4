import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { PERSONAS } from "../../src/sandbox/index.js";
import {
  MIGRANT_CATEGORIES,
  MIGRANT_MATRIX,
  MIGRANT_STATUSES,
} from "../../src/sandbox/personas/migrant-matrix.js";

const ROOT = resolve(__dirname, "..", "..");
const PAGE = readFileSync(join(ROOT, "docs", "sandbox.md"), "utf8");

test("docs/sandbox.md lists exactly the personas of the sandbox", () => {
  expect(PAGE.match(/<!-- personas:.*?-->\n(.*?)\n<!-- \/personas -->/s)?.[1]).toBe(personaTables());
});

test("docs/sandbox.md lists exactly the V&M matrix of the sandbox", () => {
  expect(PAGE.match(/<!-- matrix:.*?-->\n(.*?)\n<!-- \/matrix -->/s)?.[1]).toBe(matrixTable());
});

function matrixTable(): string {
  const heads = MIGRANT_STATUSES.map((status) => (status ? `${status[0]} (${status[1]})` : "No status"));
  const rows = MIGRANT_CATEGORIES.map((category, row) => {
    const numbers = MIGRANT_STATUSES.map(
      (_status, column) => MIGRANT_MATRIX[column * MIGRANT_CATEGORIES.length + row]?.nhsNumber,
    );
    const name = category ? `${category[0]} (${category[1]})` : "No category";
    return `| ${name} | ${numbers.map((number) => `\`${number}\``).join(" | ")} |`;
  });
  return [
    `| Category | ${heads.join(" | ")} |`,
    `| --- | ${heads.map(() => "---").join(" | ")} |`,
    ...rows,
    "",
    `\`${MIGRANT_MATRIX.at(-1)?.nhsNumber}\` has codes that the value sets do not know (X and Z9).`,
  ].join("\n");
}

function personaTables(): string {
  const patients = PERSONAS.patients.map((each) => `| \`${each.nhsNumber}\` | ${each.name} | ${each.case} |`);
  const practices = PERSONAS.practices.map((each) => `| \`${each.odsCode}\` | ${each.name} | ${each.case} |`);
  return [
    "| NHS number | Patient | Case |",
    "| --- | --- | --- |",
    ...patients,
    "",
    "| ODS code | Practice | Case |",
    "| --- | --- | --- |",
    ...practices,
  ].join("\n");
}
