import type { ReceivedRequest } from "../../http/service.js";
import { refuseControl } from "../control-requests.js";
import type { JournalEntry } from "./journal-entry.js";
import { type ProfileByCode, toJournalEntry } from "./judge-request.js";

/** The parameters of a journal request. */
export const JOURNAL_FILTERS = ["after", "service", "odsCode", "interaction", "minStatus", "broken"] as const;

const MOST_ENTRIES = 1000;

/**
 * The latest 1,000 entries that match all filters, oldest first. `interaction` matches a part of the name; `broken` is
 * the id of a rule, or `any`.
 */
export function filterJournal(
  requests: readonly ReceivedRequest[],
  query: URLSearchParams,
  profileOf: ProfileByCode,
): JournalEntry[] {
  for (const name of query.keys()) {
    if (!JOURNAL_FILTERS.some((known) => known === name))
      refuseControl(400, `The journal has no filter ${name}. There are ${JOURNAL_FILTERS.join(", ")}`);
  }
  const isWanted = createFilter(query);
  const broken = query.get("broken");
  const found: JournalEntry[] = [];
  // From the latest one back, so that a long journal is not judged as a whole.
  for (let index = requests.length - 1; index >= 0 && found.length < MOST_ENTRIES; index -= 1) {
    const request = requests[index];
    if (!request || !isWanted(request)) continue;
    const entry = toJournalEntry(request, profileOf);
    if (broken === null || entry.rules.broken.some(({ id }) => broken === "any" || broken === id))
      found.push(entry);
  }
  return found.reverse();
}

function createFilter(query: URLSearchParams): (request: ReceivedRequest) => boolean {
  const service = query.get("service");
  const odsCode = query.get("odsCode");
  const interaction = query.get("interaction");
  const after = readNumber(query, "after");
  const minStatus = readNumber(query, "minStatus");
  return (request) =>
    request.id > after &&
    (service === null || request.service === service) &&
    (odsCode === null || request.odsCode === odsCode) &&
    (interaction === null || (request.interaction ?? "").includes(interaction)) &&
    (request.status ?? 0) >= minStatus;
}

function readNumber(query: URLSearchParams, name: (typeof JOURNAL_FILTERS)[number]): number {
  const text = query.get(name) ?? "0";
  if (!/^\d{1,15}$/.test(text)) refuseControl(400, `${name} must be a whole number`);
  return Number(text);
}
