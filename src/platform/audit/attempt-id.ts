import { randomUUID } from "node:crypto";

const TIME_DIGITS = 12;

/**
 * An id for an attempt: a UUID of version 7 (RFC 9562, 5.7), which begins with the time. The database finds attempts by an
 * index; with ids in order a transaction changes its last page, and with random ones a page for each record.
 *
 * @param now milliseconds since the epoch.
 */
export function createAttemptId(now: number): string {
  const time = now.toString(16).padStart(TIME_DIGITS, "0");
  // The variant and what is random, after the version.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}
