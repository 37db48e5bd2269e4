import type { Person } from "../personas/person.js";
import type { DateBound, SearchParameters } from "./search-parameters.js";
import { soundex } from "./soundex.js";

interface SearchedName {
  readonly family: string;
  readonly given: readonly string[];
}

/** What each kind of matchScore of the names is worth, and what a datum that only scores takes off (PDS notes, 6.1). */
const EQUAL = 1;
const SOUNDS_ALIKE = 0.9;
const TRANSPOSED = 0.8;
const DIFFERS = 0.05;

/** How well a person agrees with what is looked for, above 0 up to 1; undefined when they do not match. */
export function matchScore(person: Person, sought: SearchParameters): number | undefined {
  const scores = namesOf(person).flatMap((name) => nameMatchScore(name, sought) ?? []);
  if (scores.length === 0 || !agreesInTheRest(person, sought)) return undefined;
  const best = Math.max(...scores) - (sought.isFuzzy ? DIFFERS * scoringDifferences(person, sought) : 0);
  return sought.isExact && best < EQUAL ? undefined : best;
}

/** The usual name and the nickname that the record shows. */
function namesOf({ family, given }: Person): SearchedName[] {
  return [
    { family, given },
    { family, given: [given[0]?.slice(0, 3) ?? ""] },
  ];
}

function nameMatchScore(name: SearchedName, sought: SearchParameters): number | undefined {
  if (nameAgrees(name, sought, fits)) return EQUAL;
  if (!sought.isFuzzy) return undefined;
  if (nameAgrees(name, sought, soundsLike)) return SOUNDS_ALIKE;
  const turned = { family: name.given[0] ?? "", given: [name.family, ...name.given.slice(1)] };
  return nameAgrees(turned, sought, soundsLike) ? TRANSPOSED : undefined;
}

function nameAgrees(
  name: SearchedName,
  { family, given }: SearchParameters,
  agree: (sought: string, held: string) => boolean,
): boolean {
  if (family !== undefined && !agree(family, name.family)) return false;
  return given.every((one, place) => agree(one, name.given[place] ?? ""));
}

function agreesInTheRest(person: Person, sought: SearchParameters): boolean {
  const { gender, postcode, practice, email, phone, isFuzzy, born, died } = sought;
  if (!born.every((bound) => within(person.birthDate, bound))) return false;
  if (gender !== undefined && gender !== person.gender) return false;
  if (postcode !== undefined && !fits(compact(postcode), compact(person.postalCode))) return false;
  if (email !== undefined && email.toLowerCase() !== person.email?.toLowerCase()) return false;
  if (phone !== undefined && phone !== person.phone) return false;
  // A fuzzy search only scores these two.
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

/** Without regard to capitals; an asterisk stands for any letters. */
function fits(sought: string, held: string): boolean {
  const [start = "", ...rest] = sought.toLowerCase().split("*");
  const text = held.toLowerCase();
  if (rest.length === 0) return text === start;
  const end = rest.at(-1) ?? "";
  return text.length >= start.length + end.length && text.startsWith(start) && text.endsWith(end);
}

function soundsLike(sought: string, held: string): boolean {
  return held !== "" && soundex(sought) === soundex(held);
}

function compact(postcode: string): string {
  return postcode.replace(/\s/g, "");
}
