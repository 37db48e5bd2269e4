import type { SimulatorRule } from "./register.js";

/** One item of a simulator checklist in the domain notes. */
export interface ChecklistItem extends SimulatorRule {
  /** What a realistic simulator must do. */
  readonly item: string;
}

/** A checklist of the domain notes. Composite items of the notes are split. */
export interface Checklist {
  readonly title: string;
  readonly items: readonly ChecklistItem[];
}

const PDS_ITEMS: readonly string[] = [
  "Token endpoint with its checks: exact Content-Type, `typ`, `jti` used once, `expires_in` as text",
  "Judges in the gateway's order, mirrors both ids, sends gateway errors as `application/json`",
  "Application-restricted mode: one match, `_max-results` 1 only, no update, creation or Coverage",
  "Search: Soundex, transposition, wildcards, ranges, history, score order, too many matches, no `entry`",
  "Search hides restricted patients from postcode and practice",
  "Search refuses bad values, unknown parameters and too few criteria",
  "All record kinds: U, R, V, deaths, superseded chain, invalidated, minimal, future and lapsed practice and others",
  "Search entries are a subset of the retrieved record",
  "Faults on demand: 401, 408, 429, 5xx, slow, cut connection, no JSON",
  "429 by token bucket, for the application and nationally, without Retry-After",
  "Counts every matched patient, as the audit of PDS does",
  "RelatedPerson: relatives, an empty bundle, nobody for a restricted patient",
  "Updates: If-Match, version, content type and patches are checked; the change itself is 501 and a log line",
];

const SDS_ITEMS: readonly string[] = [
  "Parameters: required combinations, no unknown ones, the last of one system wins",
  "Ids are new in each response, `entry` is empty without matches, URLs name an internal host",
  "Spine's Device has 478 interactions",
  "Errors use the code systems of the service and of the gateway; no API key is 401",
  "X-Correlation-ID must be a UUID and is mirrored",
  "`Accept` is compared whole: parameters are 406",
  "Responses are cached for 30 minutes, empty ones as well; `no-cache` skips the look-up",
  "429 by token bucket, for the application and nationally",
  "Faults on demand: slow, cut connection, 5xx",
  "A time-out of the directory is 200 with an empty bundle, which is cached",
  "A practice moves to another supplier between encounters",
  "Seed cases: portal beside provider, consumer only, no system, ambiguous, two party keys, Spine's own",
  "Requests can be counted for each encounter",
];

const VM_ITEMS: readonly string[] = [
  "Sender, receiver and interaction must be authorised",
  "Every header is checked",
  "Every claim is checked",
  "The record of the token is the patient of the query",
  "The token lives 300 seconds at most",
  "An unsigned token ends with a dot; a signed one is accepted, its signature not validated",
  "Both spellings of the scope are accepted, and the log says which was used",
  "Both request spellings by option; the other one is INVALID_PARAMETER",
  "All combinations of status and category, missing components, no date, unknown codes, no record",
  "Errors bare and, by option, in a Bundle",
  "The patient of the published examples, by option",
  "Faults on demand: slow, cut connection, 5xx with HTML",
  "A directory entry under `YES-0000806`, with `:1` there only",
  "The Conformance resource by `/metadata` and OPTIONS",
];

/** The checklists for PDS, SDS and V&M. */
export const CHECKLISTS: readonly Checklist[] = [
  checklist("PDS", "PDS", PDS_ITEMS),
  checklist("SDS", "SDS", SDS_ITEMS),
  checklist("Visitors & Migrants", "VM", VM_ITEMS),
];

function checklist(title: string, prefix: string, items: readonly string[]): Checklist {
  return { title, items: items.map((item, index) => ({ id: `${prefix}-${index + 1}`, item })) };
}
