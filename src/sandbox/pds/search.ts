import type { Person } from "../personas/person.js";
import type { PeopleCriteria } from "../population/generated-people.js";
import type { Population } from "../population/population.js";
import { matchesText, matchScore } from "./match-score.js";
import { pdsSearchedPatient } from "./patient-resource.js";
import type { SearchParameters } from "./search-parameters.js";

interface Found {
  readonly person: Person;
  readonly score: number;
}

const TOO_MANY_MATCHES = {
  resourceType: "OperationOutcome",
  issue: [
    {
      severity: "information",
      code: "multiple-matches",
      details: {
        coding: [
          {
            system: "https://fhir.nhs.uk/R4/CodeSystem/Spine-ErrorOrWarningCode",
            version: "1",
            code: "TOO_MANY_MATCHES",
            display: "Too Many Matches",
          },
        ],
      },
    },
  ],
};

/**
 * The body of a search response: a Bundle or, for too many matches, an OperationOutcome, both with status 200.
 * Without matches there is no `entry` member (PDS notes, 6.5).
 *
 * @param onMatch is called for each matched patient, also when there are too many: PDS audits them all (6.4).
 */
export function searchResponse(
  criteria: SearchParameters,
  base: string,
  now: number,
  population: Population,
  onMatch: (nhsNumber: string) => void,
): object {
  const found = findPeople(criteria, population);
  for (const { person } of found) onMatch(person.nhsNumber);
  if (found.length > criteria.maxResults) return TOO_MANY_MATCHES;
  const entry = found.map(({ person, score }) => ({
    fullUrl: `${base}/Patient/${person.nhsNumber}`,
    search: { score },
    resource: pdsSearchedPatient(person),
  }));
  return {
    resourceType: "Bundle",
    type: "searchset",
    timestamp: new Date(now).toISOString().replace(/\.\d+Z$/, "+00:00"),
    total: found.length,
    ...(entry.length === 0 ? {} : { entry }),
  };
}

/** Best match first. A match on a superseded number appears once, under the current number. */
function findPeople(criteria: SearchParameters, population: Population): Found[] {
  const byNumber = new Map<string, Found>();
  for (const person of population.candidates(candidateCriteria(criteria))) {
    const score = matchScore(person, criteria);
    const shown = score === undefined ? undefined : currentRecord(person, population);
    if (score === undefined || !shown || isHidden(shown, criteria)) continue;
    if (score > (byNumber.get(shown.nhsNumber)?.score ?? 0))
      byNumber.set(shown.nhsNumber, { person: shown, score });
  }
  return [...byNumber.values()].sort((one, other) => other.score - one.score);
}

/** The current record for a match. Undefined for an invalidated record or one not on PDS. */
function currentRecord(person: Person, population: Population): Person | undefined {
  if (typeof person.standing === "string") return undefined;
  if (person.standing === undefined) return person;
  const next = population.personByNumber(person.standing.supersededBy);
  return next && currentRecord(next, population);
}

/** A restricted record is never returned for criteria that would reveal where the patient lives (PDS notes, 6.4). */
function isHidden({ confidentiality }: Person, { postcode, practice }: SearchParameters): boolean {
  return confidentiality !== undefined && (postcode !== undefined || practice !== undefined);
}

/** Limits the people who are checked. A fuzzy search compares names by sound, so any family name can match. */
function candidateCriteria({ family, born, isFuzzy }: SearchParameters): PeopleCriteria {
  const from = born.filter(({ relation }) => relation !== "le").map(({ date }) => date);
  const to = born.filter(({ relation }) => relation !== "ge").map(({ date }) => date);
  return {
    matchesFamily: (name) => isFuzzy || family === undefined || matchesText(family, name),
    bornFrom: from.sort().at(-1) ?? "1000-01-01",
    bornTo: to.sort()[0] ?? "9999-12-31",
  };
}
