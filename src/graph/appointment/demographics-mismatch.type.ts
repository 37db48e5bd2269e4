import { Field, ObjectType } from "type-graphql";
import type { DemographicDifference } from "../../domain/demographic-differences.js";
import { DemographicField } from "../shared/enums.js";
import { ProblemType } from "../shared/problem.type.js";

@ObjectType("DemographicDifference", { simpleResolvers: true, description: "One detail that differs." })
export class DemographicDifferenceType {
  @Field(() => DemographicField, { description: "The detail." })
  field!: string;

  @Field(() => String, { nullable: true, description: "What PDS holds." })
  ours?: string;

  @Field(() => String, { nullable: true, description: "What the practice holds." })
  theirs?: string;
}

@ObjectType("DemographicsMismatch", {
  implements: ProblemType,
  simpleResolvers: true,
  description:
    "The practice's record differs from PDS: it may be another person. Nothing was booked. Show the differences to a person; only on their decision send the booking again with `acknowledgeDiscrepancies`.",
})
export class DemographicsMismatchType extends ProblemType {
  @Field(() => [DemographicDifferenceType], { description: "Every difference, with both values." })
  differences: DemographicDifferenceType[];

  constructor(differences: readonly DemographicDifference[]) {
    super();
    this.code = "DEMOGRAPHICS_MISMATCH";
    this.message = "The practice's record of this patient differs from PDS. Please compare the details.";
    this.differences = differences.map((each) => Object.assign(new DemographicDifferenceType(), each));
  }
}
