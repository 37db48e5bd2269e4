import { Arg, Ctx, Directive, FieldResolver, Query, Resolver, Root } from "type-graphql";
import { traceByDetails, traceMatch } from "../../journeys/trace-by-details.js";
import type { GraphContext } from "../context.js";
import { costOfCalls } from "../shared/price.js";
import { STAFF } from "../shared/tags.js";
import { PatientType } from "./patient.type.js";
import { PatientTraceCandidateType } from "./trace-candidate.type.js";
import { PatientTraceInput } from "./trace-patient.input.js";
import { PatientTraceResult, toPatientTraceResult } from "./trace-patient.result.js";

@Resolver()
export class TracePatientResolver {
  @Directive(STAFF)
  @Directive(costOfCalls(2))
  @Query(() => PatientTraceResult, {
    nullable: true,
    description:
      "Looks for a person on PDS by name, date of birth and other details. Every search is recorded as an access to everybody whom it finds, so search when somebody needs to know, and no wider than needed. Costs one search, and one read of the person who matches.",
  })
  async tracePatient(
    @Arg("criteria", () => PatientTraceInput, { description: "What is known of the person." })
    criteria: PatientTraceInput,
    @Ctx() context: GraphContext,
  ): Promise<typeof PatientTraceResult> {
    return toPatientTraceResult(await traceByDetails(criteria, context), context.now);
  }
}

@Resolver(() => PatientTraceCandidateType)
export class PatientTraceCandidateResolver {
  @Directive(costOfCalls(1))
  @FieldResolver(() => PatientType, {
    nullable: true,
    description: "The whole record, read by its number. Costs one call to PDS for each candidate.",
  })
  async patient(
    @Root() { match }: PatientTraceCandidateType,
    @Ctx() context: GraphContext,
  ): Promise<PatientType> {
    return new PatientType(await traceMatch(match, context), context.now);
  }
}
