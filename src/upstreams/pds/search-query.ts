import type { DateCriterion, TextPattern, TraceCriteria } from "../../domain/trace-criteria.js";

type Parameter = readonly [name: string, value: string | undefined];

/**
 * The query of a search (PDS notes, 6.1). The postcode has its newer name, `address-postalcode`; PDS refuses a query
 * with both names.
 *
 * @param mode of access. An application may request one result at most, so the gateway sets its limit.
 */
export function searchQuery(criteria: TraceCriteria, mode: "application" | "user" | undefined): string {
  const { family, given, postcode, birthDate, deathDate, maxResults } = criteria;
  const parameters: Parameter[] = [
    ["family", family && encodePattern(family)],
    ...given.map((name): Parameter => ["given", encodePattern(name)]),
    ["gender", criteria.gender],
    ...dates("birthdate", birthDate),
    ...(deathDate ? dates("death-date", deathDate) : []),
    ["address-postalcode", postcode && encodePattern(postcode)],
    ["general-practitioner", criteria.practice],
    ["email", encode(criteria.email)],
    ["phone", encode(criteria.phone)],
    ["_fuzzy-match", flag(criteria.isFuzzy)],
    ["_exact-match", flag(criteria.isExact)],
    ["_history", flag(criteria.includesHistory)],
    ["_max-results", mode === "application" ? undefined : maxResults?.toString()],
  ];
  return parameters.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`])).join("&");
}

function dates(name: string, criterion: DateCriterion): Parameter[] {
  if ("on" in criterion) return [[name, `eq${criterion.on}`]];
  const { from, to } = criterion;
  return [
    [name, from && `ge${from}`],
    [name, to && `le${to}`],
  ];
}

/** PDS expects the wildcard percent-encoded, and `encodeURIComponent` does not encode it (PDS notes, 6.2). */
function encodePattern({ text, isPrefix }: TextPattern): string {
  return `${encodeURIComponent(text)}${isPrefix ? "%2A" : ""}`;
}

function encode(text: string | undefined): string | undefined {
  return text && encodeURIComponent(text);
}

function flag(isOn: boolean): string | undefined {
  return isOn ? "true" : undefined;
}
