import type { Hazard } from "./hazard.js";
import type { Proof, Proofs } from "./read-proofs.js";
import { BINDS_PRACTICE, needsProof, type Rule, type RuleSection } from "./rule.js";

/** A rule or a hazard with the tests that prove it. */
export interface Traced<T> {
  readonly of: T;
  readonly tests: readonly Proof[];
}

export interface Trace {
  readonly sections: readonly { readonly title: string; readonly rules: readonly Traced<Rule>[] }[];
  readonly hazards: readonly Traced<Hazard>[];
  /** Everything that makes the page unreliable. */
  readonly faults: readonly string[];
}

/** Links rules and hazards to their tests, and reports what is missing. */
export function trace(
  sections: readonly RuleSection[],
  hazards: readonly Hazard[],
  { proofs, faults }: Proofs,
): Trace {
  const testsOf = <T extends { readonly id: string }>(of: T): Traced<T> => ({
    of,
    tests: proofs.filter(({ ids }) => ids.includes(of.id)),
  });
  const traced = sections.map(({ title, rules }) => ({ title, rules: rules.map(testsOf) }));
  const rules = traced.flatMap(({ rules }) => rules);
  const tracedHazards = hazards.map(testsOf);
  const ids = [...rules, ...tracedHazards].map(({ of }) => of.id);
  const known = new Set(ids);
  return {
    sections: traced,
    hazards: tracedHazards,
    faults: [
      ...faults,
      ...ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `${id} is registered twice`),
      ...proofs.flatMap(({ file, titles, ids }) =>
        ids.filter((id) => !known.has(id)).map((id) => `${file}: ${titles.at(-1)}: no rule has the id ${id}`),
      ),
      ...rules.filter(({ of, tests }) => requiresTest(of) && tests.length === 0).map(unproven),
      ...tracedHazards.filter(({ tests }) => tests.length === 0).map(unproven),
      ...rules.filter(({ of }) => isBare(of)).map(({ of }) => `${of.id} needs no test and does not say why`),
    ],
  };
}

function unproven({ of }: Traced<{ readonly id: string }>): string {
  return `${of.id} has no test`;
}

function requiresTest(rule: Rule): boolean {
  return needsProof(rule) || rule.note === BINDS_PRACTICE;
}

function isBare(rule: Rule): boolean {
  return !rule.marks.includes("S") && rule.fields.length === 0 && rule.note === undefined;
}
