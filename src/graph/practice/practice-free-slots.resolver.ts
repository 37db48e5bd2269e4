import { Args, Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import type { GraphContext } from "../context.js";
import { requireSlotFilter } from "../slot/require-slot-filter.js";
import { SlotType } from "../slot/slot.type.js";
import { findSlots, type SlotSearchRequest, toSlotTypes } from "./find-slots.js";
import { DEFAULT_FIRST, DEFAULT_HORIZON_DAYS, FreeSlotsArgs, NextFreeSlotsArgs } from "./free-slots.args.js";
import { PracticeType } from "./practice.type.js";
import { requireServiceId } from "./service-id.js";
import { requireFirst, requireHorizon, requireSlotRange } from "./slot-range.js";

@Resolver(() => PracticeType)
export class PracticeFreeSlotsResolver {
  @FieldResolver(() => [SlotType], {
    nullable: true,
    description:
      "Slots that are free now, in order of time. An empty list means that the practice was asked and has none; null means that we do not know, and `errors` says why. One call for each two weeks; never cached.",
  })
  async freeSlots(
    @Root() practice: PracticeType,
    @Ctx() context: GraphContext,
    @Args(() => FreeSlotsArgs) args: FreeSlotsArgs,
  ): Promise<SlotType[]> {
    const request = requireFreeSlots(args, context);
    return toSlotTypes(await findSlots(practice, request, context), practice, request, context);
  }

  @FieldResolver(() => [SlotType], {
    nullable: true,
    description:
      "The next free slots from now on, in order of time. The practice is asked for two weeks, and for later ones only until enough slots are found or the horizon is reached. Fewer than `first` means that there are no more up to the horizon; `slotSearch(horizonDays:)` tells how far it looked.",
  })
  async nextFreeSlots(
    @Root() practice: PracticeType,
    @Ctx() context: GraphContext,
    @Args(() => NextFreeSlotsArgs) args: NextFreeSlotsArgs,
  ): Promise<SlotType[]> {
    const request = requireNextFreeSlots(args, context);
    return toSlotTypes(await findSlots(practice, request, context), practice, request, context);
  }
}

/** @throws BadUserInputError naming the argument. */
export function requireFreeSlots(
  { from, to, filter, first, serviceId }: FreeSlotsArgs,
  context: GraphContext,
): SlotSearchRequest {
  return {
    range: requireSlotRange({ from, to }, context.now),
    filter: requireSlotFilter(filter),
    first: first == null ? undefined : requireFirst(first),
    serviceId: requireServiceId(serviceId, context),
    untilEnough: false,
  };
}

/** @throws BadUserInputError naming the argument. */
export function requireNextFreeSlots(
  { from, horizonDays, filter, first, serviceId }: NextFreeSlotsArgs & Pick<FreeSlotsArgs, "from">,
  context: GraphContext,
): SlotSearchRequest {
  return {
    range: requireHorizon({ from, horizonDays: horizonDays ?? DEFAULT_HORIZON_DAYS }, context.now),
    filter: requireSlotFilter(filter),
    first: requireFirst(first ?? DEFAULT_FIRST),
    serviceId: requireServiceId(serviceId, context),
    untilEnough: true,
  };
}
