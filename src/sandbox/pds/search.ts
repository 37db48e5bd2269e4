import { PEOPLE, personByNumber } from "../personas/people.js";
import type { Person } from "../personas/person.js";
import { matchScore } from "./match-score.js";
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
 * The body of a search's answer, a Bundle or, when there are too many, an OperationOutcome under the same 200. With
 * nobody found there is no `entry` at all (PDS notes, 6.5).
 */
export function searchResponse(sought: SearchParameters, base: string, now: number): object {
  const found = findPeople(sought);
  if (found.length > sought.maxResults) return TOO_MANY_MATCHES;
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

/** Likeliest first. Somebody matched under a superseded number appears under the current one, and once. */
function findPeople(sought: SearchParameters): Found[] {
  const byNumber = new Map<string, Found>();
  for (const person of PEOPLE) {
    const score = matchScore(person, sought);
    const shown = score === undefined ? undefined : standIn(person);
    if (score === undefined || !shown || isHidden(shown, sought)) continue;
    if (score > (byNumber.get(shown.nhsNumber)?.score ?? 0))
      byNumber.set(shown.nhsNumber, { person: shown, score });
  }
  return [...byNumber.values()].sort((one, other) => other.score - one.score);
}

/** Whose record is returned; nobody's for one that is invalidated or not on PDS. */
function standIn(person: Person): Person | undefined {
  if (typeof person.standing === "string") return undefined;
  return person.standing === undefined ? person : personByNumber(person.standing.supersededBy);
}

/** A restricted record is never returned when its place could be guessed from the question (PDS notes, 6.4). */
function isHidden({ confidentiality }: Person, { postcode, practice }: SearchParameters): boolean {
  return confidentiality !== undefined && (postcode !== undefined || practice !== undefined);
}
