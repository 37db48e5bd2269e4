import { Args, Ctx, Directive, FieldResolver, Resolver, Root } from "type-graphql";
import { toLondonDateTime } from "../../domain/london-time.js";
import type { GraphContext } from "../context.js";
import { PracticeType } from "../practice/practice.type.js";
import { requirePracticeAccess } from "../practice/require-practice-access.js";
import { costOfCalls, SLOT_LIST_SIZE } from "../shared/price.js";
import { SlotType } from "./slot.type.js";
import { SlotConnectionType } from "./slot-connection.type.js";
import { requireSlotCursor } from "./slot-cursor.js";
import {
  DEFAULT_PAGE_SIZE,
  FreeSlotsArgs,
  NextFreeSlotsArgs,
  SlotSearchArgs,
  SlotsArgs,
} from "./slot-search.args.js";
import { SlotSearchType } from "./slot-search.type.js";
import {
  requireFreeSlotsQuery,
  requireNextFreeSlotsQuery,
  requireSlotSearchQuery,
} from "./slot-search-query.js";
import { toSlotConnection } from "./to-slot-connection.js";
import { toSlotTypes, toSlotWarnings } from "./to-slot-types.js";

@Resolver(() => PracticeType)
export class PracticeSlotsResolver {
  @Directive("@cost(weight: 5)")
  @Directive(SLOT_LIST_SIZE)
  @FieldResolver(() => [SlotType], {
    nullable: true,
    description:
      "Slots that are free now, in order of time. An empty list means that the practice has none; null means that we do not know, and `errors` says why. One call for each two weeks; never cached.",
  })
  async freeSlots(
    @Root() practice: PracticeType,
    @Ctx() context: GraphContext,
    @Args(() => FreeSlotsArgs) args: FreeSlotsArgs,
  ): Promise<SlotType[]> {
    const query = requireFreeSlotsQuery(practice, args, context);
    requirePracticeAccess(practice, context);
    return toSlotTypes(await context.loaders.slots.search(query), query, practice, context);
  }

  @Directive("@cost(weight: 5)")
  @Directive(SLOT_LIST_SIZE)
  @FieldResolver(() => [SlotType], {
    nullable: true,
    description:
      "The next free slots from now on, in order of time. The search covers two weeks, then later ones only until enough slots are found or the horizon is reached. Fewer than `first` slots means that there are no more up to the horizon; `slotSearch(horizonDays:)` says how far the search went.",
  })
  async nextFreeSlots(
    @Root() practice: PracticeType,
    @Ctx() context: GraphContext,
    @Args(() => NextFreeSlotsArgs) args: NextFreeSlotsArgs,
  ): Promise<SlotType[]> {
    const query = requireNextFreeSlotsQuery(practice, args, context);
    requirePracticeAccess(practice, context);
    return toSlotTypes(await context.loaders.slots.search(query), query, practice, context);
  }

  @Directive(costOfCalls(1))
  @FieldResolver(() => SlotConnectionType, {
    nullable: true,
    description:
      "Free slots like `freeSlots`, in pages. Every page repeats the calls of the whole range, since slots are never cached: select `freeSlots` when you need all of them.",
  })
  async slots(
    @Root() practice: PracticeType,
    @Ctx() context: GraphContext,
    @Args(() => SlotsArgs) args: SlotsArgs,
  ): Promise<SlotConnectionType> {
    const query = requireFreeSlotsQuery(
      practice,
      { ...args, first: args.first ?? DEFAULT_PAGE_SIZE },
      context,
    );
    const after = requireSlotCursor(args.after);
    requirePracticeAccess(practice, context);
    return toSlotConnection(await context.loaders.slots.search(query), query, after, practice, context);
  }

  @Directive(costOfCalls(1))
  @FieldResolver(() => SlotSearchType, {
    nullable: true,
    description:
      "Free slots like `freeSlots`, or like `nextFreeSlots` when `horizonDays` is given, with the range, how far the search went, when, and what the filter withheld. Shares its calls with them. Null means that we do not know, and `errors` says why.",
  })
  async slotSearch(
    @Root() practice: PracticeType,
    @Ctx() context: GraphContext,
    @Args(() => SlotSearchArgs) args: SlotSearchArgs,
  ): Promise<SlotSearchType> {
    const query = requireSlotSearchQuery(practice, args, context);
    requirePracticeAccess(practice, context);
    const found = await context.loaders.slots.search(query);
    const startsInPast = args.from != null && Date.parse(args.from) < context.now;
    return Object.assign(new SlotSearchType(), {
      slots: toSlotTypes(found, query, practice, context),
      from: toLondonDateTime(query.range.from),
      to: toLondonDateTime(query.range.to),
      searchedUntil: toLondonDateTime(found.searchedUntil),
      fetchedAt: new Date(context.now).toISOString(),
      withheldByFilter: found.withheld,
      withheldTotal: found.withheldTotal,
      serviceFiltering: found.serviceFiltering,
      warnings: toSlotWarnings(found, query, startsInPast),
    });
  }
}
