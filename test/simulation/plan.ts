import type { AskKind } from "./history.js";
import { Random } from "./kit/random.js";

/** An ask as it will be made. */
export interface AskPlan {
  readonly index: number;
  readonly kind: AskKind;
  readonly at: number;
  readonly organisation: number;
  readonly patient: number;
  readonly slots: readonly number[];
  readonly key?: string | undefined;
  /** The description wished for, or the reason for cancelling. */
  readonly text: string;
  readonly comment?: string | undefined;
  readonly registerIfAbsent: boolean;
  /** The caller's patience: then they go away, or the request's deadline ends. */
  readonly patienceMs: number;
  readonly instance: number;
  /** The earlier ask that this one repeats, under its key or the handle told. */
  readonly repeats?: number;
  /** The earlier ask whose appointment is to be changed; should it have got none, another's. */
  readonly of?: number;
  /** The caller looks at the appointment as it was when booked, whatever they have been told since. */
  readonly stale?: boolean;
}

/** Something that happens to the world. */
export type WorldEvent =
  | { readonly kind: "outage" | "store-gone"; readonly at: number; readonly ms: number }
  | { readonly kind: "kill"; readonly at: number; readonly instance: number; readonly downMs: number }
  | { readonly kind: "clock"; readonly at: number; readonly instance: number; readonly byMs: number }
  | { readonly kind: StaffEvent; readonly at: number; readonly slot: number };

type StaffEvent = "staff-books" | "staff-cancels" | "staff-amends";

/** A story before it is lived through: the same seed gives the same plan. Parts can be taken out of it. */
export interface StoryPlan {
  readonly seed: string;
  readonly start: number;
  readonly store: StoreKind;
  readonly instances: number;
  /** Share of calls that go wrong. */
  readonly roughness: number;
  readonly asks: readonly AskPlan[];
  readonly events: readonly WorldEvent[];
}

export type StoreKind = "memory" | "redis" | "file";

/** Nights on which the clocks change, some minutes before they do, and an ordinary morning. */
const STARTS = ["2026-10-25T00:57:00Z", "2027-03-28T00:57:00Z", "2026-11-23T09:00:00Z"];
export const SLOTS = 60;
export const PATIENTS = 8;
/** Of them so many are at the practice when a story begins. */
export const PRESENT = 6;
const ORGANISATIONS = 2;
/** For so long asks come in; then the practice is gone for a while, and comes back for good. */
export const ASKING_MS = 240_000;
export const RETURN_MS = ASKING_MS + 45_000;

/** Makes up a story of so many asks. */
export function planStory(seed: string, bookings: number, store?: StoreKind): StoryPlan {
  const random = new Random(seed, "plan");
  const instances = random.between(1, 2);
  const asks: AskPlan[] = [];
  for (let index = 0; index < bookings; index += 1) asks.push(planAsk(seed, index, asks, instances));
  return {
    seed,
    start: Date.parse(random.pick(STARTS)),
    store: store ?? random.pick(["memory", "redis"] as const),
    instances,
    roughness: random.pick([0, 0.05, 0.2, 0.4, 0.7]),
    asks,
    events: planEvents(random, instances),
  };
}

function planAsk(seed: string, index: number, before: readonly AskPlan[], instances: number): AskPlan {
  const random = new Random(seed, "ask", index);
  const at = random.between(0, ASKING_MS);
  const patienceMs = random.pick([600, 4_000, 12_000, 60_000, 60_000]);
  const first = random.between(0, SLOTS - 2);
  const fresh = {
    index,
    kind: "book",
    at,
    organisation: random.between(0, ORGANISATIONS - 1),
    patient: random.between(0, PATIENTS - 1),
    slots: random.chance(0.2) ? [first, first + 1] : [first],
    key: random.chance(0.7) ? `key-${index}` : undefined,
    text: `Synthetic ${index}`,
    comment: random.chance(0.2) ? `Comment ${index}` : undefined,
    registerIfAbsent: random.chance(0.7),
    patienceMs,
    instance: random.between(0, instances - 1),
  } as const;
  const roll = random.next();
  if (roll < 0.03) return { ...fresh, kind: "register", key: undefined };
  if (roll < 0.5) return fresh;
  return before.length === 0 ? fresh : planFollowing(random, fresh, before, roll);
}

/** An ask that follows an earlier one: once more, about its appointment, or for the same slots. */
function planFollowing(random: Random, fresh: AskPlan, before: readonly AskPlan[], roll: number): AskPlan {
  const { index, patienceMs, instance } = fresh;
  const after = (other: AskPlan): AskPlan => {
    const later = other.at + random.pick([0, 1, 50, 2_000, 15_000, 40_000, 90_000]);
    return { ...other, index, at: Math.min(later, ASKING_MS), patienceMs, instance };
  };
  if (roll < 0.68) {
    const other = random.pick(before);
    return { ...after(other), repeats: other.index };
  }
  const booking = before.filter(({ kind }) => kind === "book");
  if (booking.length === 0) return fresh;
  const other = random.pick(booking);
  const next = after(other);
  if (roll < 0.86) {
    const kind = roll < 0.77 ? "cancel" : "amend";
    const text = kind === "cancel" ? "No longer needed" : `Amended ${index}`;
    const key = random.pick([`${kind}-${other.index}`, `${kind}-at-${index}`, ""]) || undefined;
    return { ...next, kind, key, text, comment: fresh.comment, of: other.index, stale: random.chance(0.2) };
  }
  // The same patient and slots under another key, in the same words or others, perhaps the other way round; other words
  // under the same key.
  if (roll < 0.95) {
    const words = random.chance(0.5) ? {} : { text: fresh.text, comment: fresh.comment };
    const slots = random.chance(0.3) ? [...other.slots].reverse() : other.slots;
    return { ...next, ...words, slots, key: fresh.key };
  }
  return { ...next, text: fresh.text };
}

function planEvents(random: Random, instances: number): WorldEvent[] {
  const events: WorldEvent[] = [
    { kind: "outage", at: ASKING_MS - 15_000, ms: RETURN_MS - ASKING_MS + 15_000 },
  ];
  const some = (most: number, make: (at: number) => WorldEvent) => {
    for (let left = random.between(0, most); left > 0; left -= 1)
      events.push(make(random.between(0, ASKING_MS)));
  };
  const instance = () => random.between(0, instances - 1);
  some(2, (at) => ({ kind: "outage", at, ms: random.between(2_000, 40_000) }));
  some(2, (at) => ({ kind: "store-gone", at, ms: random.between(100, 20_000) }));
  some(3, (at) => ({ kind: "kill", at, instance: instance(), downMs: random.between(100, 10_000) }));
  some(3, (at) => ({ kind: "clock", at, instance: instance(), byMs: random.between(-300_000, 300_000) }));
  some(6, (at) => ({ kind: "staff-books", at, slot: random.between(0, SLOTS - 1) }));
  some(6, (at) => ({ kind: "staff-cancels", at, slot: random.between(0, SLOTS - 1) }));
  some(6, (at) => ({ kind: "staff-amends", at, slot: random.between(0, SLOTS - 1) }));
  if (random.chance(0.3)) {
    const at = random.between(ASKING_MS, RETURN_MS - 2_000);
    events.push({ kind: "kill", at, instance: instance(), downMs: 1_000 });
  }
  return events;
}
