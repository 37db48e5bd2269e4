/**
 * What NHS assurance asks of one rule: S of the server, D of a screen (the server supplies the data), P of the practice
 * (the sandbox enforces it), O of an organisation; – belongs to another product.
 */
export type Mark = "S" | "D" | "P" | "O" | "–";

/** One rule of NHS assurance, in our own words. */
export interface Rule {
  readonly id: string;
  readonly marks: readonly Mark[];
  readonly rule: string;
  /** For D: the fields that a screen needs, as `Type.field`. They exist in `schema.graphql`, or a test fails. */
  readonly fields: readonly string[];
  /** Why no test is asked, or what else there is to say. */
  readonly note: string | undefined;
  /** Set when the rule is about something that we do not do or offer, and need not: why. A test of its own is not asked. */
  readonly notUsed: string | undefined;
  /** Set when the rule binds us and is not kept: why. The page counts it as open. */
  readonly notMet: string | undefined;
}

/** Rules of one part of the assurance notes. */
export interface RuleSection {
  readonly title: string;
  readonly rules: readonly Rule[];
}

/** See {@link Rule}. */
export type RuleDetails = Partial<Pick<Rule, "fields" | "note" | "notUsed" | "notMet">>;

/** The note of a rule that binds practices. A test of the sandbox must show it, or a fault says so. */
export const BINDS_PRACTICE = "binds the practice; the sandbox enforces it";

const MARKS = new Map<string, Mark>((["S", "D", "P", "O", "–"] as const).map((mark) => [mark, mark]));

/** A rule from its line in the register: `marks` as `"S"` or `"S, D"`. */
export function rule(id: string, marks: string, words: string, details: RuleDetails = {}): Rule {
  const parsed = marks.split(", ").map((mark) => {
    const known = MARKS.get(mark);
    if (known === undefined) throw new Error(`${id}: "${mark}" is no mark`);
    return known;
  });
  return {
    id,
    marks: parsed,
    rule: words,
    fields: details.fields ?? [],
    note: details.note,
    notUsed: details.notUsed,
    notMet: details.notMet,
  };
}

/** Whether the server itself has to keep the rule, so that a test has to prove it. */
export function needsProof({ marks, notUsed, notMet }: Rule): boolean {
  return marks.includes("S") && notUsed === undefined && notMet === undefined;
}
