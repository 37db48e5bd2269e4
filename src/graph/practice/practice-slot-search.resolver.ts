import { Args, Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import { toLondonDateTime } from "../../domain/london-time.js";
import { BadUserInputError } from "../../platform/errors.js";
import type { GraphContext } from "../context.js";
import { SlotSearchType } from "../slot/slot-search.type.js";
import { findSlots, type SlotSearchRequest, toSlotTypes, warningsOf } from "./find-slots.js";
import { SlotSearchArgs } from "./free-slots.args.js";
import { PracticeType } from "./practice.type.js";
import { requireFreeSlots, requireNextFreeSlots } from "./practice-free-slots.resolver.js";

@Resolver(() => PracticeType)
export class PracticeSlotSearchResolver {
  @FieldResolver(() => SlotSearchType, {
    nullable: true,
    description:
      "Free slots like `freeSlots`, or like `nextFreeSlots` when `horizonDays` is given, with what was asked, how far the search looked, when, and what the filter held back. Shares its calls with them. Null means that we do not know, and `errors` says why.",
  })
  async slotSearch(
    @Root() practice: PracticeType,
    @Ctx() context: GraphContext,
    @Args(() => SlotSearchArgs) args: SlotSearchArgs,
  ): Promise<SlotSearchType> {
    const request = requireSearch(args, context);
    const found = await findSlots(practice, request, context);
    const beganInPast = args.from != null && Date.parse(args.from) < context.now;
    return Object.assign(new SlotSearchType(), {
      slots: toSlotTypes(found, practice, request, context),
      from: toLondonDateTime(request.range.from),
      to: toLondonDateTime(request.range.to),
      searchedUntil: toLondonDateTime(found.searchedUntil),
      fetchedAt: new Date(context.now).toISOString(),
      withheldByFilter: found.withheld,
      withheldTotal: found.withheldTotal,
      serviceFiltering: found.serviceFiltering,
      warnings: warningsOf(found, request, beganInPast),
    });
  }
}

function requireSearch(args: SlotSearchArgs, context: GraphContext): SlotSearchRequest {
  if (args.horizonDays == null) return requireFreeSlots(args, context);
  if (args.to != null) throw new BadUserInputError("horizonDays", "Give either to or horizonDays, not both.");
  return requireNextFreeSlots(args, context);
}
