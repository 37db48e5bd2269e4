import { Random } from "./kit/random.js";

/** An ask as it will be made. `of` names an earlier one that it repeats, or whose appointment it cancels. */
export interface AskPlan {
  readonly index: number;
  readonly kind: "book" | "again" | "cancel";
  readonly at: number;
  readonly organisation: number;
  readonly patient: number;
  readonly slots: readonly number[];
  readonly key?: string | undefined;
  readonly text: string;
  /** The caller's patience: then they go away, or the request's deadline ends. */
  readonly patienceMs: number;
  readonly instance: number;
  readonly of?: number;
}

/** Something that happens to the world. */
export type WorldEvent =
  | { readonly kind: "outage" | "store-gone"; readonly at: number; readonly ms: number }
  | { readonly kind: "kill"; readonly at: number; readonly instance: number; readonly downMs: number }
  | { readonly kind: "clock"; readonly at: number; readonly instance: number; readonly byMs: number }
  | { readonly kind: "staff-books" | "staff-cancels"; readonly at: number; readonly slot: number };

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
const PATIENTS = 6;
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
    patienceMs,
    instance: random.between(0, instances - 1),
  } as const;
  const roll = random.next();
  if (before.length === 0 || roll < 0.5) return fresh;
  const other = random.pick(before.filter(({ kind }) => kind === "book"));
  const later = other.at + random.pick([0, 1, 50, 2_000, 15_000, 40_000, 90_000]);
  const repeat = { ...other, index, at: Math.min(later, ASKING_MS), patienceMs, instance: fresh.instance };
  if (roll < 0.7) return { ...repeat, kind: "again", of: other.index };
  if (roll < 0.85) return { ...repeat, kind: "cancel", of: other.index };
  // The same patient and slots under another key; other words under the same key.
  if (roll < 0.93) return { ...repeat, key: fresh.key, text: random.chance(0.5) ? other.text : fresh.text };
  return { ...repeat, text: fresh.text };
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
  if (random.chance(0.3)) {
    const at = random.between(ASKING_MS, RETURN_MS - 2_000);
    events.push({ kind: "kill", at, instance: instance(), downMs: 1_000 });
  }
  return events;
}
