import { Field, InterfaceType } from "type-graphql";

@InterfaceType("Problem", {
  description:
    "What every unsuccessful result of a command has in common, so that a caller with a default branch survives a new member.",
})
export abstract class ProblemType {
  @Field(() => String, {
    description: "For programs: the type's name in UPPER_SNAKE, or a finer code where there is one.",
  })
  code!: string;

  @Field(() => String, { description: "Plain words, safe to show to the person at the screen." })
  message!: string;
}
