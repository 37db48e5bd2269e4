/**
 * Who must keep a rule: S the server, D a screen (with data of the server), P the practice (the sandbox enforces it),
 * O an organisation; – the rule is for another product.
 */
export type Mark = "S" | "D" | "P" | "O" | "–";

/** One rule of NHS assurance, in our own words. */
export interface Rule {
  readonly id: string;
  readonly marks: readonly Mark[];
  readonly rule: string;
  /** For D: the fields that a screen needs, as `Type.field`. A test checks that `schema.graphql` has them. */
  readonly fields: readonly string[];
  /** Why no test is needed, or another remark. */
  readonly note: string | undefined;
  /** Set if the rule is about something optional that this product does not do: the reason. It needs no test. */
  readonly notUsed: string | undefined;
  /** Set if the rule binds this product and is not kept: the reason. The page counts it as open. */
  readonly notMet: string | undefined;
}

/** Rules of one part of the assurance notes. */
export interface RuleSection {
  readonly title: string;
  readonly rules: readonly Rule[];
}

/** See {@link Rule}. */
export type RuleDetails = Partial<Pick<Rule, "fields" | "note" | "notUsed" | "notMet">>;

/** The note of a rule that binds practices. A test of the sandbox must prove it. */
export const BINDS_PRACTICE = "binds the practice; the sandbox enforces it";

const MARKS = new Map<string, Mark>((["S", "D", "P", "O", "–"] as const).map((mark) => [mark, mark]));

/** A rule from its line in the register: `marks` as `"S"` or `"S, D"`. */
export function rule(id: string, marks: string, words: string, details: RuleDetails = {}): Rule {
  const parsed = marks.split(", ").map((mark) => {
    const known = MARKS.get(mark);
    if (known === undefined) throw new Error(`${id}: "${mark}" is not a mark`);
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

/** Whether the server must keep the rule, so that a test must prove it. */
export function needsProof({ marks, notUsed, notMet }: Rule): boolean {
  return marks.includes("S") && notUsed === undefined && notMet === undefined;
}
