import { systemClock } from "../clock.js";

/** A larger reset time is an instant in seconds since the epoch, as some gateways send it, and not a span. */
const EPOCH_LIKE_SECONDS = 1_000_000_000;

/**
 * How long an overloaded upstream asks us to wait: `Retry-After` in seconds or as an HTTP date, or the proxy's planned
 * `X-Rate-Limit-Reset` in seconds, whichever is longer (GP Connect notes, 3.2; assurance notes, 3.2). A date is measured
 * from the response's own `Date`, if it has one, because the upstream's clock may differ from ours.
 *
 * @param headers names in lower case.
 * @returns milliseconds, or undefined when the headers say nothing usable.
 */
export function retryAfterMs(
  headers: Readonly<Record<string, string>>,
  clock = systemClock,
): number | undefined {
  const respondedAt = Date.parse(headers.date ?? "");
  const now = Number.isNaN(respondedAt) ? clock.now() : respondedAt;
  const asked = [
    inSeconds(headers["retry-after"], now) ?? untilDate(headers["retry-after"], now),
    inSeconds(headers["x-rate-limit-reset"], now),
  ].filter((ms) => ms !== undefined);
  return asked.length === 0 ? undefined : Math.max(...asked);
}

function inSeconds(text: string | undefined, now: number): number | undefined {
  if (text === undefined || !/^\d{1,12}(\.\d{1,6})?$/.test(text.trim())) return undefined;
  const seconds = Number(text);
  return Math.max(0, Math.ceil(seconds > EPOCH_LIKE_SECONDS ? seconds * 1000 - now : seconds * 1000));
}

function untilDate(text: string | undefined, now: number): number | undefined {
  // Every form of an HTTP date begins with the name of the day; `Date.parse` accepts almost any text.
  const instant = /^[A-Z][a-z]{2}/.test(text ?? "") ? Date.parse(text ?? "") : Number.NaN;
  return Number.isNaN(instant) ? undefined : Math.max(0, instant - now);
}
