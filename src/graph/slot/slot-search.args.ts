import { ArgsType, Field, ID, Int } from "type-graphql";
import { DateTime } from "../shared/scalars.js";
import { SlotFilterInput } from "./slot-filter.input.js";

/** What `nextFreeSlots` looks for when the caller does not say: design section 4. */
export const DEFAULT_FIRST = 10;
export const DEFAULT_HORIZON_DAYS = 56;

/** Slots on a page of `slots` when the caller does not say. */
export const DEFAULT_PAGE_SIZE = 50;

const FILTER = "Which slots are wanted. The default is all of them.";
const SERVICE_ID =
  "Only slots of this service: its id in the Directory of Services, digits. To be given when the practice was chosen through that directory; refused where this server does not use GP Connect 1.2.8. A practice that does not filter sends the slots of all its services: see `SlotSearch.serviceFiltering`.";

/** What the fields that search a range of time have in common. */
@ArgsType()
class SlotRangeArgs {
  @Field(() => DateTime, { nullable: true, description: "Earliest start; the default is now." })
  from?: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description:
      "Latest end; two weeks after `from` (less a second) by default. At most 26 weeks after `from`.",
  })
  to?: string | null;

  @Field(() => SlotFilterInput, { nullable: true, description: FILTER })
  filter?: SlotFilterInput | null;

  @Field(() => ID, { nullable: true, description: SERVICE_ID })
  serviceId?: string | null;
}

/** Arguments of `Practice.freeSlots`. */
@ArgsType()
export class FreeSlotsArgs extends SlotRangeArgs {
  @Field(() => Int, {
    nullable: true,
    description: "At most this many slots, the earliest ones. The default is all of them. At most 10,000.",
  })
  first?: number | null;
}

/** Arguments of `Practice.slots`. */
@ArgsType()
export class SlotsArgs extends SlotRangeArgs {
  @Field(() => Int, {
    nullable: true,
    defaultValue: DEFAULT_PAGE_SIZE,
    description: "At most this many slots on the page. At most 10,000.",
  })
  first?: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      "The page starts after this position: a `cursor` or `endCursor` of an earlier page with the same other arguments.",
  })
  after?: string | null;
}

/** Arguments of `Practice.nextFreeSlots`. */
@ArgsType()
export class NextFreeSlotsArgs {
  @Field(() => Int, {
    nullable: true,
    defaultValue: DEFAULT_FIRST,
    description: "How many slots are enough. At most 10,000.",
  })
  first?: number | null;

  @Field(() => Int, {
    nullable: true,
    defaultValue: DEFAULT_HORIZON_DAYS,
    description:
      "How many days ahead to search at most, from 1 to 182. The last part of a day is omitted when it would cost a call of its own.",
  })
  horizonDays?: number | null;

  @Field(() => SlotFilterInput, { nullable: true, description: FILTER })
  filter?: SlotFilterInput | null;

  @Field(() => ID, { nullable: true, description: SERVICE_ID })
  serviceId?: string | null;
}

/** Arguments of `Practice.slotSearch`. */
@ArgsType()
export class SlotSearchArgs extends FreeSlotsArgs {
  @Field(() => Int, {
    nullable: true,
    description:
      "Search for the next free slots as `nextFreeSlots` does: this many days ahead at most, from 1 to 182, and only until `first` (default 10) are found. Replaces `to`.",
  })
  horizonDays?: number | null;
}
