import { parseOdsCode } from "./ods-code.js";
import type { DateCriterion, SearchedGender, TextPattern, TraceCriteria } from "./trace-criteria.js";

/** The details that a caller gives to find a person. Dates are whole. */
export interface TraceDetails {
  readonly family?: string | null | undefined;
  readonly familyStartsWith?: string | null | undefined;
  readonly given?: readonly string[] | null | undefined;
  readonly givenStartsWith?: string | null | undefined;
  readonly gender?: string | null | undefined;
  readonly birthDate?: string | null | undefined;
  readonly birthDateFrom?: string | null | undefined;
  readonly birthDateTo?: string | null | undefined;
  readonly deathDate?: string | null | undefined;
  readonly deathDateFrom?: string | null | undefined;
  readonly deathDateTo?: string | null | undefined;
  readonly postcode?: string | null | undefined;
  readonly postcodeStartsWith?: string | null | undefined;
  readonly practiceOdsCode?: string | null | undefined;
  readonly email?: string | null | undefined;
  readonly phone?: string | null | undefined;
  readonly fuzzy?: boolean | null | undefined;
  readonly exact?: boolean | null | undefined;
  readonly includeHistory?: boolean | null | undefined;
  readonly maxResults?: number | null | undefined;
}

/** Details that PDS would refuse, or by which it could find nobody. */
export class TraceDetailsFault extends Error {
  override readonly name = "TraceDetailsFault";

  /** @param field which of the details. The message never repeats its value. */
  constructor(
    readonly field: keyof TraceDetails,
    message: string,
  ) {
    super(message);
  }
}

const GENDERS: readonly SearchedGender[] = ["male", "female", "other", "unknown"];
/** PDS notes, 6.1 and 7.1. */
const MOST_NAME_CHARACTERS = 35;
const MOST_GIVEN_NAMES = 5;
const MOST_RESULTS = 50;
/** No e-mail address or telephone number is longer. */
const MOST_CHARACTERS = 254;

/**
 * Checks what PDS would check, so that a search that cannot succeed uses none of the rate limit (PDS notes, section 6).
 *
 * @throws TraceDetailsFault for the first fault.
 */
export function toTraceCriteria(details: TraceDetails): TraceCriteria {
  const { practiceOdsCode, gender, maxResults } = details;
  const criteria = {
    family: pattern(details, "family", "familyStartsWith", MOST_NAME_CHARACTERS),
    given: givenNames(details),
    gender: gender == null ? undefined : oneOfGenders(gender),
    birthDate: date(details, "birthDate", "birthDateFrom", "birthDateTo"),
    deathDate: date(details, "deathDate", "deathDateFrom", "deathDateTo"),
    postcode: pattern(details, "postcode", "postcodeStartsWith", MOST_CHARACTERS),
    practice: practiceOdsCode == null ? undefined : odsCode(practiceOdsCode),
    email: exactText(details, "email"),
    phone: exactText(details, "phone"),
    isFuzzy: details.fuzzy ?? false,
    isExact: details.exact ?? false,
    includesHistory: details.includeHistory ?? false,
    maxResults: maxResults == null ? undefined : resultLimit(maxResults),
  };
  const { birthDate } = criteria;
  if (!birthDate)
    throw new TraceDetailsFault("birthDate", "A date of birth, or a range of dates, is needed.");
  const complete = { ...criteria, birthDate };
  refuseContradictions(complete);
  requireEnough(complete);
  return complete;
}

function refuseContradictions({ family, given, postcode, isFuzzy, isExact }: TraceCriteria): void {
  const hasPrefix = [family, ...given, postcode].some((one) => one?.isPrefix);
  if (isFuzzy && hasPrefix) {
    throw new TraceDetailsFault("fuzzy", "A fuzzy search takes whole names and a whole postcode only.");
  }
  if (isExact && (isFuzzy || hasPrefix)) {
    throw new TraceDetailsFault("exact", "An exact search finds nothing by beginnings, and cannot be fuzzy.");
  }
}

/** The least that PDS searches by (PDS notes, 6.3). */
function requireEnough({ family, given, gender, postcode, isFuzzy }: TraceCriteria): void {
  if (!isFuzzy) {
    if (!family) throw new TraceDetailsFault("family", "A family name, or its beginning, is needed.");
    return;
  }
  if (family && given.length > 0) return;
  if (!family && given.length === 0) {
    throw new TraceDetailsFault("family", "A fuzzy search needs a family name or a given name.");
  }
  const missing = family ? "given" : "family";
  if (!gender || !postcode) {
    throw new TraceDetailsFault(
      missing,
      "A fuzzy search needs a given and a family name, or one of them with gender and postcode.",
    );
  }
}

function givenNames(details: TraceDetails): TextPattern[] {
  const { given, givenStartsWith } = details;
  if (given != null && givenStartsWith != null) throw either("given", "givenStartsWith");
  if (givenStartsWith != null) return [beginning(givenStartsWith, "givenStartsWith", MOST_NAME_CHARACTERS)];
  if ((given?.length ?? 0) > MOST_GIVEN_NAMES) {
    throw new TraceDetailsFault("given", `PDS holds at most ${MOST_GIVEN_NAMES} given names.`);
  }
  return (given ?? []).map((name) => ({
    text: searchText(name, "given", MOST_NAME_CHARACTERS),
    isPrefix: false,
  }));
}

function pattern<Whole extends keyof TraceDetails, Start extends keyof TraceDetails>(
  details: { readonly [field in Whole | Start]?: string | null | undefined },
  whole: Whole,
  start: Start,
  longest: number,
): TextPattern | undefined {
  const [text, prefix] = [details[whole], details[start]];
  if (text != null && prefix != null) throw either(whole, start);
  if (text != null) return { text: searchText(text, whole, longest), isPrefix: false };
  return prefix == null ? undefined : beginning(prefix, start, longest);
}

/** PDS refuses a wildcard within the first two characters, and counts it among the characters (PDS notes, 6.2). */
function beginning(value: string, field: keyof TraceDetails, longest: number): TextPattern {
  const text = searchText(value, field, longest - 1);
  if ([...text].length < 2) throw new TraceDetailsFault(field, "At least two characters are needed.");
  return { text, isPrefix: true };
}

/** The field that searches by a beginning. */
const BEGINNING_OF: Partial<Record<keyof TraceDetails, keyof TraceDetails>> = {
  family: "familyStartsWith",
  given: "givenStartsWith",
  postcode: "postcodeStartsWith",
};

/**
 * An asterisk is PDS's wildcard (PDS notes, 6.2). Sent, it would match more than the caller may intend; removed, it would
 * search for something else. So the field for a beginning is named instead.
 */
function searchText(value: string, field: keyof TraceDetails, longest: number): string {
  if (value.includes("*")) {
    const beginningField = BEGINNING_OF[field];
    const advice = beginningField
      ? `For a name or postcode that begins in a certain way use ${beginningField}.`
      : "The value is a beginning already; leave the asterisk out.";
    throw new TraceDetailsFault(field, `Asterisks are not accepted. ${advice}`);
  }
  return plainText(value, field, longest);
}

/** PDS compares these as a whole, so removing a character would search for another person. */
function exactText(details: TraceDetails, field: "email" | "phone"): string | undefined {
  const value = details[field];
  if (value == null) return undefined;
  if (value.includes("*"))
    throw new TraceDetailsFault(field, "Asterisks are not accepted: PDS compares the whole value.");
  return plainText(value, field, MOST_CHARACTERS);
}

function plainText(value: string, field: keyof TraceDetails, longest: number): string {
  // Control characters, and halves of a character that cannot be put into a URL.
  if (/[\p{Cc}\p{Cs}]/u.test(value))
    throw new TraceDetailsFault(field, "Only plain text can be searched for.");
  const text = value.normalize("NFC").replace(/\s+/g, " ").trim();
  if (text === "") throw new TraceDetailsFault(field, "This is empty. Leave it out, or fill it in.");
  if ([...text].length > longest) throw new TraceDetailsFault(field, `At most ${longest} characters.`);
  return text;
}

function date<On extends keyof TraceDetails, From extends keyof TraceDetails, To extends keyof TraceDetails>(
  details: { readonly [field in On | From | To]?: string | null | undefined },
  onField: On,
  fromField: From,
  toField: To,
): DateCriterion | undefined {
  const [on, from, to] = [details[onField], details[fromField], details[toField]];
  if (on != null) {
    if (from != null || to != null) throw either(onField, from != null ? fromField : toField);
    return { on };
  }
  if (from == null && to == null) return undefined;
  if (from != null && to != null && to < from) {
    throw new TraceDetailsFault(toField, "The range ends before it starts.");
  }
  return { from: from ?? undefined, to: to ?? undefined };
}

function oneOfGenders(text: string): SearchedGender {
  const gender = GENDERS.find((known) => known === text.trim().toLowerCase());
  if (!gender) throw new TraceDetailsFault("gender", `One of ${GENDERS.join(", ")}.`);
  return gender;
}

function odsCode(text: string) {
  const code = parseOdsCode(text);
  if (!code) throw new TraceDetailsFault("practiceOdsCode", "This is not an ODS code.");
  return code;
}

function resultLimit(limit: number): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= MOST_RESULTS) return limit;
  throw new TraceDetailsFault("maxResults", `From 1 to ${MOST_RESULTS}.`);
}

function either(one: keyof TraceDetails, other: keyof TraceDetails): TraceDetailsFault {
  return new TraceDetailsFault(other, `Give ${one} or ${other}, not both.`);
}
