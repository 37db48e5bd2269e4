import { toEpochMs } from "./instant.js";

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
  return [...slots].sort((a, b) => toEpochMs(a.start) - toEpochMs(b.start));
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
    if (toEpochMs(after.start) !== toEpochMs(before.end)) return "NOT_CONSECUTIVE";
    if (after.deliveryChannel !== before.deliveryChannel) return "DIFFERENT_DELIVERY_CHANNEL";
    if (after.serviceType !== before.serviceType) return "DIFFERENT_TYPE";
  }
  return undefined;
}

/**
 * The slots that are part of at least one run of so many adjacent ones that may be booked as one appointment, in
 * the order given. Doubles at the same time are each tried, so a run is found whichever of them it goes through.
 */
export function inAdjacentRuns<T extends AdjacencyFacts>(slots: readonly T[], length: number): T[] {
  const ordered = inTimeOrder(slots);
  const starting = new Map<string, T[]>();
  for (const slot of ordered) {
    const key = `${slot.scheduleId} ${toEpochMs(slot.start)}`;
    starting.set(key, [...(starting.get(key) ?? []), slot]);
  }
  // A slot of no length would be its own neighbour for ever.
  const neighboursAfter = (slot: T) =>
    (starting.get(`${slot.scheduleId} ${toEpochMs(slot.end)}`) ?? []).filter(
      (next) => toEpochMs(next.start) > toEpochMs(slot.start) && !brokenAdjacencyRule([slot, next]),
    );
  const upTo = new Map<T, number>();
  const onwards = new Map<T, number>();
  for (const slot of ordered) {
    const reached = upTo.get(slot) ?? 1;
    upTo.set(slot, reached);
    for (const next of neighboursAfter(slot)) upTo.set(next, Math.max(upTo.get(next) ?? 1, reached + 1));
  }
  for (const slot of ordered.reverse()) {
    onwards.set(slot, 1 + Math.max(0, ...neighboursAfter(slot).map((next) => onwards.get(next) ?? 1)));
  }
  return slots.filter((slot) => (upTo.get(slot) ?? 1) + (onwards.get(slot) ?? 1) - 1 >= length);
}
