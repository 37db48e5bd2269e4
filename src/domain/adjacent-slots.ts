/** What the four rules look at. */
export interface AdjacencyFacts {
  readonly start: string;
  readonly end: string;
  readonly scheduleId: string;
  readonly deliveryChannel?: string | undefined;
  readonly serviceType?: string | undefined;
}

export type AdjacencyRule =
  | "NOT_CONSECUTIVE"
  | "DIFFERENT_SCHEDULE"
  | "DIFFERENT_DELIVERY_CHANNEL"
  | "DIFFERENT_TYPE";

/** In order of time: practices take the first and the last slot as sent. */
export function inTimeOrder<T extends { readonly start: string }>(slots: readonly T[]): T[] {
  return [...slots].sort((a, b) => Date.parse(a.start) - Date.parse(b.start));
}

/**
 * Whether slots, in order of time, may be booked as one appointment (GP Connect notes, 11.2): each begins at
 * the instant the one before ends, in the same schedule, by the same delivery channel, of the same type.
 *
 * @returns the first rule that fails, or undefined.
 */
export function brokenAdjacencyRule(slots: readonly AdjacencyFacts[]): AdjacencyRule | undefined {
  for (let index = 1; index < slots.length; index++) {
    const [before, after] = [slots[index - 1], slots[index]];
    if (!before || !after) continue;
    if (after.scheduleId !== before.scheduleId) return "DIFFERENT_SCHEDULE";
    if (Date.parse(after.start) !== Date.parse(before.end)) return "NOT_CONSECUTIVE";
    if (after.deliveryChannel !== before.deliveryChannel) return "DIFFERENT_DELIVERY_CHANNEL";
    if (after.serviceType !== before.serviceType) return "DIFFERENT_TYPE";
  }
  return undefined;
}
