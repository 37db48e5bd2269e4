import { Field, ObjectType } from "type-graphql";
import type { ChargeableStatus } from "../../domain/chargeable-status.js";
import { CodedValueType } from "../shared/coded-value.type.js";
import { DateTime } from "../shared/scalars.js";

@ObjectType("ChargeableStatus", {
  simpleResolvers: true,
  description:
    "What Visitors & Migrants records of a patient, for staff: it is administrative, not clinical, and must not hold up care. `recorded: false`, status `U` (unset) and null are three different results, and none of them means 'not chargeable'. Status and category are recorded independently: show both, derive neither from the other.",
})
export class ChargeableStatusType implements ChargeableStatus {
  @Field(() => Boolean, { description: "False: the search worked, and there is no record of this patient." })
  recorded!: boolean;

  @Field(() => CodedValueType, {
    nullable: true,
    description: "`Y` chargeable, `N` not chargeable, `U` unset; code and display as received.",
  })
  status?: CodedValueType;

  @Field(() => CodedValueType, {
    nullable: true,
    description: "`A` to `F`, `NONE`, `DECISION_PENDING`; code and display as received.",
  })
  category?: CodedValueType;

  @Field(() => DateTime, {
    nullable: true,
    description: "The latest change by the Home Office or an overseas visitor manager.",
  })
  effectiveAt?: string;
}
