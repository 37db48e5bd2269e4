import { createUnionType, Directive, Field, ObjectType } from "type-graphql";
import type { TraceOutcome } from "../../journeys/trace-by-details.js";
import { assumedSize } from "../shared/price.js";
import { ProblemType } from "../shared/problem.type.js";
import { STAFF } from "../shared/tags.js";
import { PatientType } from "./patient.type.js";
import { PatientTraceCandidateType } from "./trace-candidate.type.js";

@Directive(STAFF)
@ObjectType("PatientTraceCandidates", {
  simpleResolvers: true,
  description: "Several people match. A person has to choose; only where each user signs in to the Spine.",
})
export class PatientTraceCandidatesType {
  @Directive(assumedSize(50))
  @Field(() => [PatientTraceCandidateType], { description: "Everybody who matches, likeliest first." })
  candidates!: PatientTraceCandidateType[];
}

@Directive(STAFF)
@ObjectType("PatientTraceNoMatch", {
  implements: ProblemType,
  simpleResolvers: true,
  description:
    "The search found nobody. That is no proof that the person is not on PDS, and no reason to register them again.",
})
export class PatientTraceNoMatchType extends ProblemType {
  @Field(() => Boolean, {
    description:
      "The search named a postcode or a practice, and such a search never finds a restricted record. It says nothing of the person looked for.",
  })
  restrictedRecordsHidden!: boolean;
}

@Directive(STAFF)
@ObjectType("PatientTraceTooManyMatches", {
  implements: ProblemType,
  simpleResolvers: true,
  description:
    "More people match than may be shown: one, unless each user signs in to the Spine. Nobody is named.",
})
export class PatientTraceTooManyMatchesType extends ProblemType {}

export const PatientTraceResult = createUnionType({
  name: "PatientTraceResult",
  description:
    "What came of looking for a person: the one who matches, several to choose from, or a `SpineProblem`.",
  types: () =>
    [
      PatientType,
      PatientTraceCandidatesType,
      PatientTraceNoMatchType,
      PatientTraceTooManyMatchesType,
    ] as const,
});

const NOBODY = "Nobody on PDS matches these details.";
const RESTRICTED_HIDDEN =
  "A search with a postcode or a practice never finds a restricted record. Leave both out before you conclude that the person is not on PDS.";
const TOO_MANY = "Too many people match these details. Give more of them.";

/** Maps the outcome of the journey to the schema. */
export function toPatientTraceResult(outcome: TraceOutcome, now: number): typeof PatientTraceResult {
  switch (outcome.kind) {
    case "match":
      return new PatientType(outcome.patient, now);
    case "candidates":
      return Object.assign(new PatientTraceCandidatesType(), {
        candidates: outcome.candidates.map((match) => new PatientTraceCandidateType(match, now)),
      });
    case "no-match":
      return Object.assign(new PatientTraceNoMatchType(), {
        code: "PATIENT_TRACE_NO_MATCH",
        message: outcome.restrictedHidden ? `${NOBODY} ${RESTRICTED_HIDDEN}` : NOBODY,
        restrictedRecordsHidden: outcome.restrictedHidden,
      });
    case "too-many":
      return Object.assign(new PatientTraceTooManyMatchesType(), {
        code: "PATIENT_TRACE_TOO_MANY_MATCHES",
        message: TOO_MANY,
      });
  }
}
