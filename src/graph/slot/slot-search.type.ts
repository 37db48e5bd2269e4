import { Directive, Field, Int, ObjectType } from "type-graphql";
import type { Withheld } from "../../domain/slot-filter.js";
import { SlotAttribute } from "../shared/enums.js";
import { assumedSize, SLOTS_PER_WINDOW } from "../shared/price.js";
import { DateTime } from "../shared/scalars.js";
import { SlotType } from "./slot.type.js";

@ObjectType("SlotsWithheld", {
  simpleResolvers: true,
  description: "What one field of the filter withheld.",
})
export class SlotsWithheldType implements Withheld {
  @Field(() => SlotAttribute, { description: "The field of `SlotFilter`." })
  attribute!: Withheld["attribute"];

  @Field(() => Int, {
    description:
      "Slots that do not agree in it. One that disagrees in several attributes counts for each of them.",
  })
  count!: number;

  @Field(() => Int, {
    description: "Of these, slots for which the practice gave no value: they might have been wanted.",
  })
  unknown!: number;
}

@ObjectType("SlotSearch", {
  simpleResolvers: true,
  description:
    "Free slots, and how they were found: the range, how far the search went, when, and what the filter withheld.",
})
export class SlotSearchType {
  @Directive(assumedSize(SLOTS_PER_WINDOW))
  @Field(() => [SlotType], { description: "The slots, in order of time." })
  slots!: SlotType[];

  @Field(() => DateTime, {
    description: "Start of the range that was searched, which is never in the past.",
  })
  from!: string;

  @Field(() => DateTime, { description: "End of the requested range." })
  to!: string;

  @Field(() => DateTime, {
    description:
      "How far the search went. Earlier than `to` when `horizonDays` was given and enough slots were found before.",
  })
  searchedUntil!: string;

  @Field(() => DateTime, {
    description: "When the search began: nothing in the list is older. Somebody may have booked since.",
  })
  fetchedAt!: string;

  @Field(() => [SlotsWithheldType], {
    description: "What the filter withheld, for each of its fields; empty without a filter.",
  })
  withheldByFilter!: readonly SlotsWithheldType[];

  @Field(() => Int, { description: "Slots that the filter withheld in total." })
  withheldTotal!: number;

  @Field(() => String, {
    nullable: true,
    description:
      "Whether the practice filtered by service, as it sent it: `enabled`, `organization-disabled`, `supplier-disabled`. Null when the search names no service, or the practice does not say.",
  })
  serviceFiltering?: string | undefined;

  @Field(() => [String], {
    description:
      "Conditions that the caller could otherwise miss, in plain words: that the list was cut, that the search ended at its horizon, that the range started in the past, and what the practice itself says.",
  })
  warnings!: readonly string[];
}
