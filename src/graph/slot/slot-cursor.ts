import type { Slot } from "../../domain/slot.js";
import { BadUserInputError } from "../../platform/errors.js";

/** A position among the slots of a practice in order of time. It stays right when slots are booked or added before it. */
export interface SlotCursor {
  /** Milliseconds since the epoch. */
  readonly start: number;
  readonly id: string;
}

const MAX_LENGTH = 500;

export function toSlotCursor({ start, id }: Pick<Slot, "start" | "id">): string {
  return Buffer.from(JSON.stringify([Date.parse(start), id])).toString("base64url");
}

/** @throws BadUserInputError when the text is none of ours. */
export function requireSlotCursor(text: string | null | undefined): SlotCursor | undefined {
  if (text == null) return undefined;
  const cursor = text.length <= MAX_LENGTH ? parseSlotCursor(text) : undefined;
  if (cursor) return cursor;
  throw new BadUserInputError("after", "after must be a cursor from an earlier page.");
}

function parseSlotCursor(text: string): SlotCursor | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    if (!Array.isArray(value) || value.length !== 2) return undefined;
    const [start, id]: unknown[] = value;
    return Number.isSafeInteger(start) && typeof id === "string" ? { start: start as number, id } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a slot comes after a cursor, in the order in which slots are given. */
export function isAfter({ start, id }: Pick<Slot, "start" | "id">, cursor: SlotCursor): boolean {
  const time = Date.parse(start);
  return time > cursor.start || (time === cursor.start && id > cursor.id);
}
