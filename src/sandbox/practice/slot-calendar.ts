import { LRUCache } from "lru-cache";
import { addDays, toLondonDate } from "../shared/london-time.js";
import type { PracticeSlot } from "./slot.js";

const DAY_MS = 86_400_000;
/** Day 0 of slot ids. */
const FIRST_DAY_MS = Date.parse("2020-01-01T00:00:00Z");
/** Slot and schedule ids of one day. A practice has fewer slots a day. */
export const IDS_PER_DAY = 1000;
/** How far ahead slots can be booked. */
export const BOOKING_WINDOW_DAYS = 56;

/** Generates the slots of one day. It must return equal slots for the same date each time. */
export type DayGenerator = (date: string, firstId: number) => readonly PracticeSlot[];

/** Days generated recently, shared by all practices so that memory stays bounded. Keys start with the ODS code. */
export type DayCache = LRUCache<string, readonly PracticeSlot[]>;

/** Creates the cache for {@link SlotCalendar}. @param maxDays practice days kept */
export function createDayCache(maxDays: number): DayCache {
  return new LRUCache({ max: maxDays });
}

/**
 * The slots of a practice, generated day by day on demand. Only bookings are stored, so the timetable rolls with the
 * clock and an untouched practice needs no memory.
 */
export class SlotCalendar {
  /** The ids of slots whose status differs from the generated one. */
  readonly #changed = new Map<string, "free" | "busy">();

  constructor(
    private readonly odsCode: string,
    private readonly generate: DayGenerator,
    private readonly cache: DayCache,
  ) {}

  /** The slot with this id, or undefined. */
  get(id: string): PracticeSlot | undefined {
    const number = Number(id);
    if (!Number.isSafeInteger(number) || number < 0) return undefined;
    const date = new Date(FIRST_DAY_MS + Math.floor(number / IDS_PER_DAY) * DAY_MS);
    if (Number.isNaN(date.getTime())) return undefined;
    return this.ofDate(date.toISOString().slice(0, 10)).find((slot) => slot.id === id);
  }

  /** All slots of a UK calendar date, booked ones included. */
  ofDate(date: string): readonly PracticeSlot[] {
    const key = `${this.odsCode} ${date}`;
    const known = this.cache.get(key);
    if (known) return known;
    const firstId = ((Date.parse(`${date}T00:00:00Z`) - FIRST_DAY_MS) / DAY_MS) * IDS_PER_DAY;
    const slots = this.generate(date, firstId);
    this.cache.set(key, slots);
    return slots;
  }

  /** The slots of the booking window of `nowMs` (today and the following eight weeks) from one date to another. */
  inWindow(nowMs: number, from: string, to: string): PracticeSlot[] {
    const today = toLondonDate(nowMs);
    const last = addDays(today, BOOKING_WINDOW_DAYS - 1);
    const slots: PracticeSlot[] = [];
    for (let date = from > today ? from : today; date <= to && date <= last; date = addDays(date, 1)) {
      for (const slot of this.ofDate(date)) slots.push(slot);
    }
    return slots;
  }

  /** The status of each slot that differs from the generated one, by id. */
  changes(): Readonly<Record<string, "free" | "busy">> {
    return Object.fromEntries(this.#changed);
  }

  /** Replaces all changes. */
  restore(changes: Iterable<readonly [id: string, status: "free" | "busy"]>): void {
    this.#changed.clear();
    for (const [id, status] of changes) this.#changed.set(id, status);
  }

  /** Whether a slot is free. */
  isFree(slot: PracticeSlot): boolean {
    return (this.#changed.get(slot.id) ?? slot.initialStatus) === "free";
  }

  /** Marks slots as booked. */
  take(slots: readonly PracticeSlot[]): void {
    for (const { id } of slots) this.#changed.set(id, "busy");
  }

  /** Makes slots free again. */
  release(slots: readonly PracticeSlot[]): void {
    for (const { id } of slots) this.#changed.set(id, "free");
  }
}
