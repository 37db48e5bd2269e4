import { Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import { toLondonDate } from "../../domain/london-time.js";
import { currentPractice } from "../../domain/patient-gates.js";
import { denyPracticeName, throwIfDenied } from "../../journeys/gates.js";
import type { GraphContext } from "../context.js";
import { PracticeType } from "../practice/practice.type.js";
import { PatientType } from "./patient.type.js";

@Resolver(() => PatientType)
export class PatientPracticeResolver {
  @FieldResolver(() => PracticeType, {
    nullable: true,
    description:
      "The general practice where the patient is registered today, as PDS has it. Null with the error `FORBIDDEN`, reason `ACCESS_NOT_AVAILABLE`, when PDS gives none. Naming it costs no call.",
  })
  practice(@Root() { traced }: PatientType, @Ctx() context: GraphContext): PracticeType | undefined {
    throwIfDenied(denyPracticeName(traced, context));
    const odsCode = currentPractice(traced.record, toLondonDate(context.clock.now()));
    return odsCode && new PracticeType(odsCode, { onBehalfOf: traced });
  }
}
