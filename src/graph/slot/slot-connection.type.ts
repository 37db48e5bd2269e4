import { Directive, Field, ObjectType } from "type-graphql";
import { PageInfoType } from "../shared/page-info.type.js";
import { assumedSize, SLOTS_PER_WINDOW } from "../shared/price.js";
import { SlotType } from "./slot.type.js";

@ObjectType("SlotEdge", { simpleResolvers: true, description: "A slot and its position." })
export class SlotEdgeType {
  @Field(() => String, { description: "The position, for `after`. It stays right when slots come or go." })
  cursor!: string;

  @Field(() => SlotType, { description: "The slot." })
  node!: SlotType;
}

@ObjectType("SlotConnection", {
  simpleResolvers: true,
  description: "A page of the free slots of a practice, in order of time.",
})
export class SlotConnectionType {
  @Directive(assumedSize(SLOTS_PER_WINDOW))
  @Field(() => [SlotEdgeType], { description: "The slots of the page with their positions." })
  edges!: SlotEdgeType[];

  @Directive(assumedSize(SLOTS_PER_WINDOW))
  @Field(() => [SlotType], { description: "The slots of the page." })
  nodes!: SlotType[];

  @Field(() => PageInfoType, { description: "Whether there are more, and where the page ends." })
  pageInfo!: PageInfoType;

  @Field(() => [String], { description: "Conditions that the caller could otherwise miss, in plain words." })
  warnings!: readonly string[];
}
