import type { SlotSearchQuery, SlotSearchResult } from "../../domain/slot-search.js";
import type { GraphContext } from "../context.js";
import type { PracticeType } from "../practice/practice.type.js";
import { PageInfoType } from "../shared/page-info.type.js";
import { SlotConnectionType, SlotEdgeType } from "./slot-connection.type.js";
import { isAfter, type SlotCursor, toSlotCursor } from "./slot-cursor.js";
import { toSlotTypes } from "./to-slot-types.js";

/** One page of what a search found: the slots after the cursor, at most `first` of the query. */
export function toSlotConnection(
  found: SlotSearchResult,
  query: SlotSearchQuery,
  after: SlotCursor | undefined,
  practice: PracticeType,
  context: GraphContext,
): SlotConnectionType {
  const rest = after ? found.slots.filter((slot) => isAfter(slot, after)) : found.slots;
  const slots = rest.slice(0, query.first);
  const nodes = toSlotTypes({ ...found, slots }, query, practice, context);
  const cursors = slots.map(toSlotCursor);
  return Object.assign(new SlotConnectionType(), {
    nodes,
    edges: nodes.map((node, index) => Object.assign(new SlotEdgeType(), { node, cursor: cursors[index] })),
    pageInfo: Object.assign(new PageInfoType(), {
      hasNextPage: rest.length > slots.length,
      hasPreviousPage: after !== undefined && rest.length < found.slots.length,
      startCursor: cursors[0],
      endCursor: cursors.at(-1),
    }),
    warnings: found.warnings,
  });
}
