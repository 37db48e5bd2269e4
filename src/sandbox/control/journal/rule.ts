/** A rule that the sandbox judges requests by. The ids are those of docs/sandbox-rules.md. */
export interface RequestRule {
  readonly id: string;
  /** What the rule demands of a request, in our own words. */
  readonly sentence: string;
  /** The specification or test pack that the rule comes from. */
  readonly source: string;
}

/** One check of a service: the rule that it belongs to, the refusal that shows it failed, and what would have passed. */
export interface RuleCheck {
  readonly rule: string;
  /** Matches the diagnostics of the refusal or, where a refusal has none, its code. */
  readonly refusal: RegExp;
  /** `$1` stands for the first group of `refusal`. */
  readonly needed: string;
}

/** Builds a check. */
export function check(rule: string, refusal: RegExp, needed: string): RuleCheck {
  return { rule, refusal, needed };
}
