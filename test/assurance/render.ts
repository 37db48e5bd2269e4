import type { Hazard } from "./hazard.js";
import type { Proof } from "./read-proofs.js";
import { needsProof, type Rule } from "./rule.js";
import type { Trace, Traced } from "./trace.js";

/** `docs/assurance.md`. */
export function renderPage({ sections, hazards }: Trace): string {
  const rules = sections.flatMap(({ rules }) => rules);
  return [
    "<!-- Written by `npm run assurance:print` from test/assurance and the tests; do not edit. -->",
    "# Assurance: rules and hazards, and the tests that prove them",
    "",
    "What NHS assurance asks of a consumer of GP Connect Appointment Management, and which test shows it. Marks: **S** the",
    "server itself must keep the rule; **D** a screen must, and the server supplies the data; **P** the practice must, and the",
    "sandbox enforces it; **O** an organisation must; **–** the rule belongs to another product. How a test says what it",
    "proves stands in [CONTRIBUTING.md](../CONTRIBUTING.md).",
    "",
    ...summary(rules, hazards),
    ...sections.flatMap(({ title, rules }) => ["", `## ${title}`, "", ...ruleTable(rules)]),
    "",
    "## Hazards",
    "",
    "Numbers are those of the national hazard log for consumers; those with names are this product's own.",
    "",
    ...hazardTable(hazards),
    "",
  ].join("\n");
}

function summary(rules: readonly Traced<Rule>[], hazards: readonly Traced<Hazard>[]): string[] {
  const ofServer = rules.filter(({ of }) => of.marks.includes("S"));
  const proven = ofServer.filter(({ of, tests }) => needsProof(of) && tests.length > 0);
  const notUsed = ofServer.filter(({ of }) => of.notUsed !== undefined);
  const notMet = ofServer.filter(({ of }) => of.notMet !== undefined);
  const tests = new Set([...rules, ...hazards].flatMap((traced) => traced.tests));
  return [
    "| | |",
    "| --- | ---: |",
    `| Rules | ${rules.length} |`,
    `| that bind the server (S) | ${ofServer.length} |`,
    `| of these proven by a test | ${proven.length} |`,
    `| of these about something that is not used or offered | ${notUsed.length} |`,
    `| of these **not met** | ${notMet.length} |`,
    `| Hazards, each with a control and a test | ${hazards.filter(({ tests }) => tests.length > 0).length} of ${hazards.length} |`,
    `| Tests linked | ${tests.size} |`,
  ];
}

function ruleTable(rules: readonly Traced<Rule>[]): string[] {
  return table(
    ["Id", "Rule", "Mark", "Proof"],
    rules.map(({ of, tests }) => [of.id, of.rule, of.marks.join(", "), [...remarks(of), ...tests.map(link)]]),
  );
}

function remarks({ fields, note, notUsed, notMet }: Rule): string[] {
  return [
    ...(notMet === undefined ? [] : [`**Not met**: ${notMet}`]),
    ...(notUsed === undefined ? [] : [`*Not used or offered*: ${notUsed}`]),
    ...(note === undefined ? [] : [`*${note}*`]),
    ...(fields.length === 0 ? [] : [fields.map((field) => `\`${field}\``).join(", ")]),
  ];
}

function hazardTable(hazards: readonly Traced<Hazard>[]): string[] {
  return table(
    ["Hazard", "What could happen", "Control", "Proof"],
    hazards.map(({ of, tests }) => [
      of.id,
      of.hazard,
      [of.control, of.by.map((each) => (each.startsWith("src/") ? source(each) : `\`${each}\``)).join(", ")],
      tests.map(link),
    ]),
  );
}

function table(
  head: readonly string[],
  rows: readonly (readonly (string | readonly string[])[])[],
): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const cell = (content: string | readonly string[]) =>
    typeof content === "string" ? content : content.join("<br>");
  return [line(head), line(head.map(() => "---")), ...rows.map((row) => line(row.map(cell)))];
}

function source(path: string): string {
  return `[${path.replace(/^src\//, "")}](../${path})`;
}

function link({ file, titles }: Proof): string {
  const title = titles
    .join(": ")
    .replaceAll("\\", "\\\\")
    .replace(/[|<>*_`[\]$]/g, "\\$&");
  return `[${file}](../test/${file}): ${title.replace(/\s+/g, " ")}`;
}
