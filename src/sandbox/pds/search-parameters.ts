import { refusePds } from "./pds-outcome.js";

/** A date criterion: `eq` on the day, `ge` on or after it, `le` on or before it. */
export interface DateBound {
  readonly relation: "eq" | "ge" | "le";
  readonly date: string;
}

/** Search criteria. An asterisk in a text matches any letters. */
export interface SearchParameters {
  readonly family: string | undefined;
  readonly given: readonly string[];
  readonly gender: string | undefined;
  readonly born: readonly DateBound[];
  readonly died: readonly DateBound[];
  readonly postcode: string | undefined;
  readonly practice: string | undefined;
  readonly email: string | undefined;
  readonly phone: string | undefined;
  readonly isFuzzy: boolean;
  readonly isExact: boolean;
  /** Whether earlier names and addresses match as well. Fuzzy searches always include them. */
  readonly includesHistory: boolean;
  readonly maxResults: number;
}

/** Maximum number of occurrences of each parameter (PDS notes, 6.1). */
const MOST: Readonly<Record<string, number>> = {
  family: 1,
  given: Number.POSITIVE_INFINITY,
  gender: 1,
  birthdate: 2,
  "death-date": 2,
  "address-postalcode": 1,
  "address-postcode": 1,
  "general-practitioner": 1,
  email: 1,
  phone: 1,
  "_fuzzy-match": 1,
  "_exact-match": 1,
  _history: 1,
  "_max-results": 1,
};

const MOST_RESULTS = 50;

/**
 * Parses the query of a search. Refuses what PDS refuses (PDS notes, 6.1 to 6.3).
 *
 * @param rawQuery the query as received: an unencoded wildcard is visible only there.
 * @param defaultMax the limit when `_max-results` is absent.
 */
export function readSearchParameters(rawQuery: string, defaultMax = MOST_RESULTS): SearchParameters {
  const query = new URLSearchParams(rawQuery);
  if (query.size === 0) refusePds("UNSUPPORTED_SERVICE");
  for (const name of query.keys()) refuseUnlessKnown(name, query.getAll(name));
  if (rawQuery.includes("*")) refusePds("INVALID_VALUE", "Invalid value - '*' must be sent as '%2A'");
  const one = (name: string) => query.get(name) ?? undefined;
  if (query.has("address-postalcode") && query.has("address-postcode")) {
    refusePds(
      "INVALID_SEARCH_DATA",
      "Invalid search data provided - 'address-postcode and address-postalcode'",
    );
  }
  const parameters: SearchParameters = {
    family: name("family", one("family")),
    given: query.getAll("given").map((given) => name("given", given) ?? ""),
    gender: gender(one("gender")),
    born: query.getAll("birthdate").map((value) => dateBound("birthdate", value)),
    died: query.getAll("death-date").map((value) => dateBound("death-date", value)),
    postcode: wildcard("address-postalcode", one("address-postalcode") ?? one("address-postcode")),
    practice: one("general-practitioner"),
    email: one("email"),
    phone: one("phone"),
    isFuzzy: flag("_fuzzy-match", one("_fuzzy-match")),
    isExact: flag("_exact-match", one("_exact-match")),
    includesHistory: flag("_history", one("_history")) || flag("_fuzzy-match", one("_fuzzy-match")),
    maxResults: limit(one("_max-results"), defaultMax),
  };
  requireEnough(parameters);
  return parameters;
}

function refuseUnlessKnown(name: string, values: readonly string[]): void {
  const most = MOST[name];
  if (most === undefined) {
    const said = `Additional properties are not allowed ('${name}' was unexpected)`;
    refusePds("ADDITIONAL_PROPERTIES", `Invalid request with error - ${said}`);
  }
  if (values.length > most) invalid(name, values.join(","));
}

function requireEnough(parameters: SearchParameters): void {
  const { family, given, gender: sex, postcode, born, isFuzzy } = parameters;
  if (born.length === 0) {
    const missing = "birth_date/birth_date_range_start/birth_date_range_end";
    refusePds("MISSING_VALUE", `Missing value - '${missing}'`);
  }
  const hasGiven = given.length > 0;
  const isEnough = isFuzzy
    ? !!(family && hasGiven) || !!((family || hasGiven) && sex && postcode)
    : family !== undefined;
  const hasWildcard = [family, ...given, postcode].some((text) => text?.includes("*"));
  if (isEnough && !(isFuzzy && hasWildcard)) return;
  const why = isFuzzy
    ? "A fuzzy search was requested however the data given did not meet the fuzzy search criteria"
    : "No searches were performed as the search criteria did not meet the minimum requirements";
  refusePds("INVALID_SEARCH_DATA", `Invalid search data provided - '${why}'`);
}

function name(field: string, value: string | undefined): string | undefined {
  if (value !== undefined && (value === "" || value.length > 35)) invalid(field, value);
  return wildcard(field, value);
}

/** A wildcard must not be one of the first two characters (PDS notes, 6.2). */
function wildcard(field: string, value: string | undefined): string | undefined {
  if (value?.slice(0, 2).includes("*")) invalid(field, value);
  return value;
}

function gender(value: string | undefined): string | undefined {
  if (value !== undefined && !/^(male|female|other|unknown)$/.test(value)) invalid("gender", value);
  return value;
}

function dateBound(field: string, value: string): DateBound {
  const parts = /^(eq|ge|le)?(\d{4}-\d{2}-\d{2})$/.exec(value);
  const date = parts?.[2];
  if (date === undefined || !isCalendarDate(date)) invalid(field, value);
  return { relation: (parts?.[1] ?? "eq") as DateBound["relation"], date };
}

/** `Date.parse` accepts 31 February; PDS does not. */
function isCalendarDate(date: string): boolean {
  const time = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date);
}

function flag(field: string, value = "false"): boolean {
  if (value !== "true" && value !== "false") invalid(field, value);
  return value === "true";
}

function limit(value: string | undefined, defaultMax: number): number {
  if (value === undefined) return defaultMax;
  if (!/^([1-9]|[1-4]\d|50)$/.test(value)) invalid("_max-results", value);
  return Number(value);
}

function invalid(field: string, value: string): never {
  refusePds("INVALID_VALUE", `Invalid value - '${value}' in field '${field}'`);
}
