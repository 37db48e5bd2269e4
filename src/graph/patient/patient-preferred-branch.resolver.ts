import { Arg, Ctx, Directive, FieldResolver, ID, Resolver, Root } from "type-graphql";
import type { GraphContext } from "../context.js";
import { requireOdsCode } from "../practice/practice.resolver.js";
import { costOfCalls } from "../shared/price.js";
import { PatientType } from "./patient.type.js";
import { requirePatientPractice } from "./require-patient-practice.js";

@Resolver(() => PatientType)
export class PatientPreferredBranchResolver {
  @Directive(costOfCalls(1))
  @FieldResolver(() => ID, {
    nullable: true,
    description:
      "Branch of a practice that the patient prefers, to compare with `Slot.location.localId` at the same practice. Null when the practice does not know the patient or names no branch, as some systems never do. One call to the practice, the one that `appointments` begins with.",
  })
  async preferredBranchId(
    @Root() patient: PatientType,
    @Ctx() context: GraphContext,
    @Arg("odsCode", () => ID, {
      nullable: true,
      description: "Practice to read from. The default is the registered practice.",
    })
    odsCode?: string | null,
  ): Promise<string | undefined> {
    const elsewhere = odsCode == null ? undefined : requireOdsCode(odsCode, "odsCode");
    const practice = requirePatientPractice(patient, elsewhere, context);
    const { nhsNumber } = patient.traced.record;
    const known = await context.loaders.practicePatient.load({ odsCode: practice, nhsNumber });
    return known?.preferredBranchLocationId;
  }
}
