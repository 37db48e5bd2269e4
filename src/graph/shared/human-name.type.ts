import { Field, ObjectType } from "type-graphql";
import type { HumanName } from "../../domain/patient.js";
import { displayName } from "../../domain/person-name.js";

@ObjectType("HumanName", { simpleResolvers: true, description: "A person's name." })
export class HumanNameType {
  @Field(() => String, {
    description: "The whole name on one line, family name in capitals, as NHS screens write it.",
  })
  display: string;

  @Field(() => String, { nullable: true, description: "Family name." })
  family: string | undefined;

  @Field(() => [String], {
    description: "Given names in order. One of them may be a compound name such as `John Paul`.",
  })
  given: readonly string[];

  @Field(() => [String], { description: "Titles, such as `Mrs`." })
  prefix: readonly string[];

  constructor(name: HumanName) {
    this.display = displayName(name);
    this.family = name.family;
    this.given = name.given;
    this.prefix = name.prefix;
  }
}
