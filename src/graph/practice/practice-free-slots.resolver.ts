import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from "type-graphql";
import { loadFreeSlots } from "../../loaders/free-slots.js";
import type { GraphContext } from "../context.js";
import { DateTime } from "../shared/scalars.js";
import { SlotType } from "../slot/slot.type.js";
import { PracticeType } from "./practice.type.js";
import { openPractice } from "./practice-gate.js";
import { requireFirst, requireSlotRange } from "./slot-range.js";

const MAX_SLOTS = 10_000;

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
    @Arg("from", () => DateTime, { nullable: true, description: "Earliest start; now, when left out." })
    from?: string | null,
    @Arg("to", () => DateTime, {
      nullable: true,
      description:
        "Latest end; two weeks after `from` (less a second), when left out. At most 26 weeks after `from`.",
    })
    to?: string | null,
    @Arg("first", () => Int, { nullable: true, description: "At most so many slots; all, when left out." })
    first?: number | null,
  ): Promise<SlotType[]> {
    const range = requireSlotRange({ from, to }, context.now);
    const most = requireFirst(first, MAX_SLOTS);
    openPractice(practice, context);
    const slots = await loadFreeSlots(context.loaders, {
      odsCode: practice.odsCode,
      range,
      now: context.now,
    });
    const ids = context.slotIds;
    const organisationType = context.call.caller.organisation.type;
    return slots.slice(0, most).map((slot) => new SlotType({ slot, practice, ids, organisationType }));
  }
}
