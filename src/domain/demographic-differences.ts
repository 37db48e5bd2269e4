import { comparableName, sameFirstGivenName } from "./comparable-name.js";
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
 * name, gender, birth date. Names are compared without regard to how they are typed ({@link comparableName}). Nothing else
 * is ignored, because that could hide a wrong patient. A value missing on one side is a difference.
 */
export function demographicDifferences(
  ours: ComparedDemographics,
  theirs: ComparedDemographics,
): DemographicDifference[] {
  const [ourGiven, theirGiven] = [ours.name?.given ?? [], theirs.name?.given ?? []];
  const comparisons: [DemographicDifference["field"], string | undefined, string | undefined, boolean][] = [
    [
      "familyName",
      ours.name?.family,
      theirs.name?.family,
      comparableName(ours.name?.family) === comparableName(theirs.name?.family),
    ],
    ["givenName", ourGiven[0], theirGiven[0], sameFirstGivenName(ourGiven, theirGiven)],
    ["gender", ours.gender, theirs.gender, ours.gender === theirs.gender],
    ["birthDate", ours.birthDate, theirs.birthDate, ours.birthDate === theirs.birthDate],
  ];
  return comparisons
    .filter(([, , , isSame]) => !isSame)
    .map(([field, our, their]) => ({ field, ours: our || undefined, theirs: their || undefined }));
}
