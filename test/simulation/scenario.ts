import type { CommandKind } from "./history.js";
import { Random } from "./kit/random.js";
import { type PracticeBehaviour, WELL_BEHAVED } from "./world/practice-behaviour.js";

/** A request that will be sent. */
export interface PlannedRequest {
  readonly index: number;
  readonly kind: CommandKind;
  readonly at: number;
  readonly organisation: number;
  readonly patient: number;
  readonly slots: readonly number[];
  readonly key?: string | undefined;
  /** The description, or the reason for cancelling. */
  readonly text: string;
  readonly comment?: string | undefined;
  readonly registerIfAbsent: boolean;
  /** After this time the caller disconnects, or the deadline of the request passes. */
  readonly patienceMs: number;
  readonly instance: number;
  /** The earlier request that this one repeats, with its key or with the handle of its reply. */
  readonly repeats?: number;
  /** The earlier booking whose appointment is changed; if it got none, another booking. */
  readonly of?: number;
  /** The caller uses the version of the booking, although a later reply had a newer one. */
  readonly stale?: boolean;
}

/** An event of a scenario. */
export type WorldEvent =
  | { readonly kind: "outage" | "store-outage" | "store-failover"; readonly at: number; readonly ms: number }
  | { readonly kind: "cache-loss"; readonly at: number }
  | { readonly kind: "kill"; readonly at: number; readonly instance: number; readonly downMs: number }
  | { readonly kind: "clock"; readonly at: number; readonly instance: number; readonly byMs: number }
  | { readonly kind: StaffEvent; readonly at: number; readonly slot: number };

type StaffEvent = "staff-books" | "staff-cancels" | "staff-amends";

/** A scenario before its run. The same seed gives the same scenario. Parts can be removed from it. */
export interface Scenario {
  readonly seed: string;
  readonly start: number;
  readonly store: StoreKind;
  readonly practice: PracticeBehaviour;
  readonly instances: number;
  /** The share of calls with a fault. */
  readonly faultRate: number;
  readonly requests: readonly PlannedRequest[];
  readonly events: readonly WorldEvent[];
}
/** SQLite in memory, or in a file with every commit forced to the disk. */
export type StoreKind = "memory" | "file";

/** A few minutes before each clock change, and an ordinary morning. */
const STARTS = ["2026-10-25T00:57:00Z", "2027-03-28T00:57:00Z", "2026-11-23T09:00:00Z"];
export const SLOTS = 60;
export const PATIENTS = 8;
/** So many of the patients are registered at the practice when a scenario starts. */
export const REGISTERED = 6;
const ORGANISATIONS = 2;
/** Requests arrive during this time. Then the practice is down for a while, and recovers for good. */
export const ACTIVE_MS = 240_000;
export const RECOVERY_MS = ACTIVE_MS + 45_000;

export interface ScenarioOptions {
  readonly store?: StoreKind | undefined;
  readonly practice?: PracticeBehaviour | undefined;
}

/** Creates a scenario with this number of requests. The options replace what the seed would choose. */
export function createScenario(seed: string, bookings: number, options: ScenarioOptions = {}): Scenario {
  const random = new Random(seed, "plan");
  const instances = random.between(1, 2);
  const requests: PlannedRequest[] = [];
  for (let index = 0; index < bookings; index += 1)
    requests.push(createRequest(seed, index, requests, instances));
  return {
    seed,
    start: Date.parse(random.pick(STARTS)),
    // One draw, so that the other choices of a seed stay the same.
    store: options.store ?? random.pick(["memory", "memory"] as const),
    practice: options.practice ?? createPracticeBehaviour(seed),
    instances,
    faultRate: random.pick([0, 0.05, 0.2, 0.4, 0.7]),
    requests,
    events: [...createEvents(random, instances), ...createLossEvents(seed)],
  };
}

/** From demonstrators that take seconds to systems that take the whole bound. */
const SAVE_DELAYS = [
  [1_200, 3_400],
  [0, 9_000],
  [0, 30_000],
  [25_000, 37_000],
] as const;

/** Half of the practices are well behaved. Each of the others has at least one fault. */
function createPracticeBehaviour(seed: string): PracticeBehaviour {
  const random = new Random(seed, "practice");
  if (random.chance(0.5)) return WELL_BEHAVED;
  const isSlow = random.chance(0.7);
  return {
    saveDelayMs: isSlow ? random.pick(SAVE_DELAYS) : undefined,
    texts: random.pick(["kept", "kept", "comment appended", "comment truncated"] as const),
    createdStatus: random.chance(0.05) ? "proposed" : "booked",
    versions: random.chance(0.25) ? "other in response" : "kept",
    failingSlot: random.chance(0.3) ? random.between(0, SLOTS - 1) : undefined,
    lateCopies: random.chance(0.2) ? 0.05 : 0,
  };
}

function createRequest(
  seed: string,
  index: number,
  before: readonly PlannedRequest[],
  instances: number,
): PlannedRequest {
  const random = new Random(seed, "ask", index);
  const at = random.between(0, ACTIVE_MS);
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
  return before.length === 0 ? fresh : createFollowUp(random, fresh, before, roll);
}

/** A request that follows an earlier one: a repetition, a change of its appointment, or one for the same slots. */
function createFollowUp(
  random: Random,
  fresh: PlannedRequest,
  before: readonly PlannedRequest[],
  roll: number,
): PlannedRequest {
  const { index, patienceMs, instance } = fresh;
  const after = (other: PlannedRequest): PlannedRequest => {
    const later = other.at + random.pick([0, 1, 50, 2_000, 15_000, 40_000, 90_000]);
    return { ...other, index, at: Math.min(later, ACTIVE_MS), patienceMs, instance };
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
  // The same patient and slots with another key, with the same or other texts, perhaps in reverse order; or other texts
  // with the same key.
  if (roll < 0.95) {
    const texts = random.chance(0.5) ? {} : { text: fresh.text, comment: fresh.comment };
    const slots = random.chance(0.3) ? [...other.slots].reverse() : other.slots;
    return { ...next, ...texts, slots, key: fresh.key };
  }
  return { ...next, text: fresh.text };
}

function createEvents(random: Random, instances: number): WorldEvent[] {
  const events: WorldEvent[] = [
    { kind: "outage", at: ACTIVE_MS - 15_000, ms: RECOVERY_MS - ACTIVE_MS + 15_000 },
  ];
  const some = (most: number, make: (at: number) => WorldEvent) => {
    for (let left = random.between(0, most); left > 0; left -= 1)
      events.push(make(random.between(0, ACTIVE_MS)));
  };
  const instance = () => random.between(0, instances - 1);
  some(2, (at) => ({ kind: "outage", at, ms: random.between(2_000, 40_000) }));
  some(2, (at) => ({ kind: "store-outage", at, ms: random.between(100, 20_000) }));
  some(3, (at) => ({ kind: "kill", at, instance: instance(), downMs: random.between(100, 10_000) }));
  some(3, (at) => ({ kind: "clock", at, instance: instance(), byMs: random.between(-300_000, 300_000) }));
  some(6, (at) => ({ kind: "staff-books", at, slot: random.between(0, SLOTS - 1) }));
  some(6, (at) => ({ kind: "staff-cancels", at, slot: random.between(0, SLOTS - 1) }));
  some(6, (at) => ({ kind: "staff-amends", at, slot: random.between(0, SLOTS - 1) }));
  if (random.chance(0.3)) {
    const at = random.between(ACTIVE_MS, RECOVERY_MS - 2_000);
    events.push({ kind: "kill", at, instance: instance(), downMs: 1_000 });
  }
  return events;
}

/** The database fails over to its replica, and the cache loses everything. */
function createLossEvents(seed: string): WorldEvent[] {
  const random = new Random(seed, "losses");
  const events: WorldEvent[] = [];
  if (random.chance(0.5)) {
    events.push({
      kind: "store-failover",
      at: random.between(0, ACTIVE_MS),
      ms: random.between(500, 10_000),
    });
  }
  if (random.chance(0.5)) events.push({ kind: "cache-loss", at: random.between(0, ACTIVE_MS) });
  return events;
}
