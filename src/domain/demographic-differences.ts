import type { HumanName, PartialDate } from "./patient.js";

export interface ComparedDemographics {
  readonly name?: HumanName | undefined;
  readonly gender?: string | undefined;
  readonly birthDate?: PartialDate | undefined;
}

export interface DemographicDifference {
  readonly field: "familyName" | "givenName" | "gender" | "birthDate";
  readonly ours: string | undefined;
  readonly theirs: string | undefined;
}

/**
 * The automatic cross-check before a booking (GP Connect notes, 11.5; assurance notes, 2.5): family name, first given
 * name, gender, birth date. Names are compared without regard to case, spacing and Unicode form. Nothing else is
 * ignored, because that could hide a wrong patient. A value missing on one side is a difference.
 */
export function demographicDifferences(
  ours: ComparedDemographics,
  theirs: ComparedDemographics,
): DemographicDifference[] {
  const pairs: [DemographicDifference["field"], string | undefined, string | undefined, boolean][] = [
    ["familyName", ours.name?.family, theirs.name?.family, true],
    ["givenName", ours.name?.given[0], theirs.name?.given[0], true],
    ["gender", ours.gender, theirs.gender, false],
    ["birthDate", ours.birthDate, theirs.birthDate, false],
  ];
  return pairs
    .filter(([, a, b, isName]) => (isName ? fold(a) !== fold(b) : a !== b))
    .map(([field, a, b]) => ({ field, ours: a || undefined, theirs: b || undefined }));
}

function fold(name: string | undefined): string {
  return (name ?? "").normalize("NFC").toLowerCase().replace(/\s+/g, " ").trim();
}
