import { Ctx, Directive, FieldResolver, Resolver, Root } from "type-graphql";
import type { GraphContext } from "../context.js";
import { costOfCalls } from "../shared/price.js";
import { ChargeableStatusType } from "./chargeable-status.type.js";
import { PatientType } from "./patient.type.js";

@Resolver(() => PatientType)
export class PatientChargeableStatusResolver {
  @Directive(costOfCalls(2))
  @FieldResolver(() => ChargeableStatusType, {
    nullable: true,
    description:
      "Whether the patient may be chargeable for secondary care, from Visitors & Migrants. Null with an error when the service could not be reached: that means 'we do not know'. Also given for patients who have died or whose record is restricted.",
  })
  async chargeableStatus(
    @Root() patient: PatientType,
    @Ctx() { loaders }: GraphContext,
  ): Promise<ChargeableStatusType> {
    const status = await loaders.chargeableStatus.load(patient.traced.record.nhsNumber);
    return Object.assign(new ChargeableStatusType(), status);
  }
}
