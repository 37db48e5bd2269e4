import type { GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, Directive, ID, Info, Query, Resolver } from "type-graphql";
import { requireNhsNumber } from "../../journeys/gates.js";
import { tracePatient } from "../../journeys/trace-patient.js";
import type { GraphContext } from "../context.js";
import { costOfCalls } from "../shared/price.js";
import { startSpineLookUpWhenSelected } from "./chargeable-status-look-ahead.js";
import { PatientType } from "./patient.type.js";
import { PatientDetailsInput } from "./patient-details.input.js";

@Resolver()
export class PatientResolver {
  @Directive(costOfCalls(1))
  @Query(() => PatientType, {
    nullable: true,
    description:
      "The patient with this NHS number, traced on PDS. Null when PDS knows no such patient. Costs one call to PDS, or none when the session has cached the record.",
  })
  async patient(
    @Arg("nhsNumber", () => ID, {
      description: "Ten digits with a valid check digit; grouping by spaces or hyphens (3-3-4) is accepted.",
    })
    nhsNumber: string,
    @Arg("verify", () => PatientDetailsInput, {
      nullable: true,
      description:
        "Details to hold against PDS. When they do not agree, the fields that would call a practice are closed.",
    })
    verify: PatientDetailsInput | undefined,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<PatientType | undefined> {
    const number = await requireNhsNumber(nhsNumber, "nhsNumber", context);
    startSpineLookUpWhenSelected(info, context);
    const traced = await tracePatient(number, verify ?? undefined, context);
    return traced && new PatientType(traced, context.now);
  }
}
