import type { ReceivedRequest } from "../../http/service.js";
import type { RequestRule } from "./rule.js";

/** The rules that a request was judged by. Both lists are empty when no service judged it, such as with a fault. */
export interface JudgedRules {
  /** Ids of the rules that were checked and held, in the order of the checks. `GET /__sandbox/rules` has their sentences. */
  readonly passed: readonly string[];
  /** The rules that the request broke. A service stops at the first, so there is at most one. */
  readonly broken: readonly RequestRule[];
}

/** What a refused request would have needed. */
export interface NearMiss {
  /** What would have passed the check that failed, in our own words. */
  readonly needed: string;
  /** Ids of the rules that the service did not reach. The request may break these as well. */
  readonly notJudged: readonly string[];
}

/** One entry of the request journal: the request, its rules and, when it was refused by a rule, what it needed. */
export interface JournalEntry extends ReceivedRequest {
  readonly rules: JudgedRules;
  /** Absent when no rule was broken, or when the refusal belongs to none of them. */
  readonly nearMiss?: NearMiss;
}
