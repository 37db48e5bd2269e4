import type { SlotSearchQuery } from "../../domain/slot-search.js";
import { BadUserInputError } from "../../platform/errors.js";
import type { GraphContext } from "../context.js";
import type { PracticeType } from "../practice/practice.type.js";
import { requireServiceId } from "./require-service-id.js";
import { requireSlotFilter } from "./require-slot-filter.js";
import { requireFirst, requireHorizon, requireSlotRange } from "./require-slot-range.js";
import {
  DEFAULT_FIRST,
  DEFAULT_HORIZON_DAYS,
  type FreeSlotsArgs,
  type NextFreeSlotsArgs,
  type SlotSearchArgs,
} from "./slot-search.args.js";

/** The arguments of the three slot fields, checked. Each function throws before any call. */

/** @throws BadUserInputError naming the argument. */
export function requireFreeSlotsQuery(
  practice: PracticeType,
  { from, to, filter, first, serviceId }: FreeSlotsArgs,
  context: GraphContext,
): SlotSearchQuery {
  return {
    odsCode: practice.code,
    now: context.now,
    range: requireSlotRange({ from, to }, context.now),
    filter: requireSlotFilter(filter),
    first: first == null ? undefined : requireFirst(first),
    serviceId: requireServiceId(serviceId, context),
    stopWhenFound: false,
  };
}

/** @throws BadUserInputError naming the argument. */
export function requireNextFreeSlotsQuery(
  practice: PracticeType,
  { from, horizonDays, filter, first, serviceId }: NextFreeSlotsArgs & Pick<FreeSlotsArgs, "from">,
  context: GraphContext,
): SlotSearchQuery {
  return {
    odsCode: practice.code,
    now: context.now,
    range: requireHorizon({ from, horizonDays: horizonDays ?? DEFAULT_HORIZON_DAYS }, context.now),
    filter: requireSlotFilter(filter),
    first: requireFirst(first ?? DEFAULT_FIRST),
    serviceId: requireServiceId(serviceId, context),
    stopWhenFound: true,
  };
}

/** @throws BadUserInputError naming the argument. */
export function requireSlotSearchQuery(
  practice: PracticeType,
  args: SlotSearchArgs,
  context: GraphContext,
): SlotSearchQuery {
  if (args.horizonDays == null) return requireFreeSlotsQuery(practice, args, context);
  if (args.to != null) throw new BadUserInputError("horizonDays", "Give either to or horizonDays, not both.");
  return requireNextFreeSlotsQuery(practice, args, context);
}
