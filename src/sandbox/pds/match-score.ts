import type { Person } from "../personas/person.js";
import type { DateBound, SearchParameters } from "./search-parameters.js";
import { soundex } from "./soundex.js";

interface SearchedName {
  readonly family: string;
  readonly given: readonly string[];
}

/** Score of each kind of name match, and the deduction for each scored difference (PDS notes, 6.1). */
const EQUAL = 1;
const SOUNDS_ALIKE = 0.9;
const TRANSPOSED = 0.8;
const DIFFERS = 0.05;

/** Match score of a person in (0, 1], or undefined when the person does not match. */
export function matchScore(person: Person, criteria: SearchParameters): number | undefined {
  const scores = namesOf(person, criteria).flatMap((name) => nameMatchScore(name, criteria) ?? []);
  if (scores.length === 0 || !otherCriteriaMatch(person, criteria)) return undefined;
  const best = Math.max(...scores) - (criteria.isFuzzy ? DIFFERS * scoringDifferences(person, criteria) : 0);
  return criteria.isExact && best < EQUAL ? undefined : best;
}

/** The usual name and the nickname of the record, and its earlier name when history is included. */
function namesOf({ family, given, record }: Person, { includesHistory }: SearchParameters): SearchedName[] {
  if (record?.isMinimal) return [];
  const current = [
    { family, given },
    { family, given: [given[0]?.slice(0, 3) ?? ""] },
  ];
  return record?.former && includesHistory ? [...current, { family: record.former.family, given }] : current;
}

/** Postcodes of all addresses that the search may use (PDS notes, 6.1). */
function postcodesOf({ postalCode, record }: Person, { includesHistory }: SearchParameters): string[] {
  const former = includesHistory ? record?.former?.postalCode : undefined;
  return [postalCode, record?.temporaryAddress?.postalCode, former].filter((code) => code !== undefined);
}

function nameMatchScore(name: SearchedName, criteria: SearchParameters): number | undefined {
  if (nameAgrees(name, criteria, matchesText)) return EQUAL;
  if (!criteria.isFuzzy) return undefined;
  if (nameAgrees(name, criteria, soundsLike)) return SOUNDS_ALIKE;
  const turned = { family: name.given[0] ?? "", given: [name.family, ...name.given.slice(1)] };
  return nameAgrees(turned, criteria, soundsLike) ? TRANSPOSED : undefined;
}

function nameAgrees(
  name: SearchedName,
  { family, given }: SearchParameters,
  agree: (criteria: string, held: string) => boolean,
): boolean {
  if (family !== undefined && !agree(family, name.family)) return false;
  return given.every((one, place) => agree(one, name.given[place] ?? ""));
}

function otherCriteriaMatch(person: Person, criteria: SearchParameters): boolean {
  const { gender, postcode, practice, email, phone, isFuzzy, born, died } = criteria;
  if (!born.every((bound) => within(person.birthDate, bound))) return false;
  if (gender !== undefined && gender !== person.gender) return false;
  const isAt = (held: string) => matchesText(compact(postcode ?? ""), compact(held));
  if (postcode !== undefined && !postcodesOf(person, criteria).some(isAt)) return false;
  if (email !== undefined && email.toLowerCase() !== person.email?.toLowerCase()) return false;
  if (phone !== undefined && phone !== person.phone) return false;
  // In a fuzzy search, practice and death date only lower the score.
  if (isFuzzy) return true;
  if (practice !== undefined && practice.toUpperCase() !== person.registeredAt?.odsCode) return false;
  return died.every((bound) => within(person.deceasedAt?.slice(0, 10), bound));
}

function scoringDifferences(
  { registeredAt, deceasedAt }: Person,
  { practice, died }: SearchParameters,
): number {
  const practiceDiffers = practice !== undefined && practice.toUpperCase() !== registeredAt?.odsCode;
  const deathDiffers = !died.every((bound) => within(deceasedAt?.slice(0, 10), bound));
  return Number(practiceDiffers) + Number(deathDiffers);
}

function within(held: string | undefined, { relation, date }: DateBound): boolean {
  if (held === undefined) return false;
  if (relation === "eq") return held === date;
  return relation === "ge" ? held >= date : held <= date;
}

/** Compares case-insensitively. An asterisk matches any letters. */
export function matchesText(criteria: string, held: string): boolean {
  const [start = "", ...rest] = criteria.toLowerCase().split("*");
  const text = held.toLowerCase();
  if (rest.length === 0) return text === start;
  const end = rest.at(-1) ?? "";
  return text.length >= start.length + end.length && text.startsWith(start) && text.endsWith(end);
}

function soundsLike(criteria: string, held: string): boolean {
  return held !== "" && soundex(criteria) === soundex(held);
}

function compact(postcode: string): string {
  return postcode.replace(/\s/g, "");
}
