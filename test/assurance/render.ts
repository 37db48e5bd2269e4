import type { Hazard } from "./hazard.js";
import type { Proof } from "./read-proofs.js";
import { needsProof, type Rule } from "./rule.js";
import type { Trace, Traced } from "./trace.js";

/** Renders `docs/assurance.md`. */
export function renderPage({ sections, hazards }: Trace): string {
  const rules = sections.flatMap(({ rules }) => rules);
  return [
    "<!-- Written by `npm run assurance:print` from test/assurance and the tests; do not edit. -->",
    "# Assurance: rules and hazards, and the tests that prove them",
    "",
    "The rules of NHS assurance for a consumer of GP Connect Appointment Management, and the tests that prove them. Marks:",
    "**S** the server must keep the rule; **D** a screen must, with data of the server; **P** the practice must, and the",
    "sandbox enforces it; **O** an organisation must; **–** the rule is for another product. [CONTRIBUTING.md](../CONTRIBUTING.md)",
    "says how a test names what it proves.",
    "",
    ...summary(rules, hazards),
    ...sections.flatMap(({ title, rules }) => ["", `## ${title}`, "", ...ruleTable(rules)]),
    "",
    "## Hazards",
    "",
    "Numbers refer to the national hazard log for consumers. Hazards with a name are specific to this product.",
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
