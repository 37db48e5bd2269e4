import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { PERSONAS } from "../../src/sandbox/index.js";

const ROOT = resolve(__dirname, "..", "..");
const PAGE = readFileSync(join(ROOT, "docs", "sandbox.md"), "utf8");

test("docs/sandbox.md lists exactly the personas of the sandbox", () => {
  expect(PAGE.match(/<!-- personas:.*?-->\n(.*?)\n<!-- \/personas -->/s)?.[1]).toBe(personaTables());
});

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
