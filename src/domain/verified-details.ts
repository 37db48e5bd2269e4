import { comparableName } from "./comparable-name.js";
import type { HumanName, PartialDate } from "./patient.js";

/** What the caller knows about the person, to be compared with PDS. */
export interface KnownDetails {
  /** A whole date: `1952-05-31`. */
  readonly birthDate: string;
  readonly familyName?: string | undefined;
  readonly givenName?: string | undefined;
}

/**
 * Gate G6: a bare NHS number verifies nothing. The details agree when the birth date is equal, or when two of
 * year, month and day are, and the first three letters of the family name and the first initial are too
 * (assurance notes, 1.4 CORE02 and 2.1).
 */
export function detailsAgree(
  known: KnownDetails,
  record: { readonly birthDate?: PartialDate | undefined; readonly names: readonly HumanName[] },
): boolean {
  if (record.birthDate === undefined) return false;
  if (record.birthDate === known.birthDate) return true;
  const ours = known.birthDate.split("-");
  const theirs = record.birthDate.slice(0, 10).split("-");
  const equalParts = ours.filter((part, index) => part === theirs[index]).length;
  return equalParts >= 2 && record.names.some((name) => namesAgree(known, name));
}

function namesAgree(known: KnownDetails, name: HumanName): boolean {
  const family = start(known.familyName, 3);
  const initial = start(known.givenName, 1);
  return (
    family !== "" && initial !== "" && family === start(name.family, 3) && initial === start(name.given[0], 1)
  );
}

function start(text: string | undefined, length: number): string {
  return [...comparableName(text)].slice(0, length).join("");
}
