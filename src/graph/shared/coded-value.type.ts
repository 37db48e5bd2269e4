import { Field, ObjectType } from "type-graphql";
import type { CodedValue } from "../../domain/coded-value.js";

@ObjectType("CodedValue", {
  simpleResolvers: true,
  description:
    "A coded value as its source sent it. The lists are open: a code that nobody has seen before is passed on, never dropped.",
})
export class CodedValueType implements CodedValue {
  @Field(() => String, { nullable: true, description: "URL of the code system." })
  system?: string | undefined;

  @Field(() => String, { nullable: true, description: "The code itself." })
  code?: string | undefined;

  @Field(() => String, { nullable: true, description: "The display text of the source." })
  display?: string | undefined;
}
