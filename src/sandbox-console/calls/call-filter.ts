import type { ServiceName } from "../api/fault.js";
import type { JournalEntry } from "../api/journal-entry.js";
import { callTitle, type Outcome, outcomeOf } from "./call-words.js";

/** Which calls are listed. Empty members select all. */
export interface CallFilter {
  readonly service: ServiceName | "";
  readonly outcome: Outcome | "";
  /** The code of a refusal, or the id of a rule that the request broke. */
  readonly rule: string;
  /** Searched in the practice, the path, the interaction and the reason of a refusal, whatever the case. */
  readonly text: string;
}

export const NO_FILTER: CallFilter = { service: "", outcome: "", rule: "", text: "" };

/** Whether a filter lists a call. */
export function isListed(entry: JournalEntry, { service, outcome, rule, text }: CallFilter): boolean {
  return (
    (service === "" || entry.service === service) &&
    (outcome === "" || outcomeOf(entry) === outcome) &&
    (rule === "" || brokenRules(entry).includes(rule)) &&
    (text === "" || searchedText(entry).includes(text.trim().toLowerCase()))
  );
}

/** The rules that the calls broke, each once, in order of name. */
export function listRules(journal: readonly JournalEntry[]): string[] {
  return [...new Set(journal.flatMap(brokenRules))].sort();
}

/** What a call broke: the rules, and the code of its refusal. */
function brokenRules({ refusal, rules }: JournalEntry): readonly string[] {
  const ids = rules?.broken.map(({ id }) => id) ?? [];
  return refusal?.code === undefined ? ids : [...ids, refusal.code];
}

function searchedText(entry: JournalEntry): string {
  return [entry.odsCode, entry.path, callTitle(entry), entry.refusal?.diagnostics].join("\n").toLowerCase();
}
