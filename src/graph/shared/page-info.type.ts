import { Directive, Field, ObjectType } from "type-graphql";

/** Under the name and with the fields that Relay prescribes, and shared with any other subgraph that pages. */
@Directive("@shareable")
@ObjectType("PageInfo", {
  simpleResolvers: true,
  description: "Where a page stands in its list, as Relay's connection specification says.",
})
export class PageInfoType {
  @Field(() => Boolean, { description: "Whether there are items after the page." })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: "Whether there may be items before the page." })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: "Position of the first item; null on an empty page." })
  startCursor: string | undefined;

  @Field(() => String, { nullable: true, description: "Position of the last item; null on an empty page." })
  endCursor: string | undefined;
}
