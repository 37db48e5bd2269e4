import { UpstreamError } from "../../platform/errors.js";
import { type Sighting, Unreachable } from "./probe.js";
import type { CheckRow } from "./table.js";

export type Verdict = Pick<CheckRow, "result" | "details">;

const DAY_MS = 24 * 60 * 60 * 1000;
const WARN_DAYS = 30;
/** Beyond a few seconds tokens are taken for expired or for not yet valid (assurance notes, 3.4). */
const WARN_SKEW_MS = 3_000;

/** What was reached: good, or good for now. */
export function judgeSighting({ certificateEnds, clockAheadMs }: Sighting, now: number): Verdict {
  const days = certificateEnds === undefined ? undefined : daysUntil(certificateEnds, now);
  const isSoon = days !== undefined && days < WARN_DAYS;
  const isSkewed = clockAheadMs !== undefined && Math.abs(clockAheadMs) > WARN_SKEW_MS;
  const details = [
    "reachable",
    ...(days === undefined ? [] : [`certificate ends in ${days} days`]),
    ...(clockAheadMs === undefined
      ? []
      : [isSkewed ? `clocks differ by ${seconds(clockAheadMs)}` : "clocks agree"]),
  ];
  return { result: isSoon || isSkewed ? "WARN" : "OK", details: details.join(", ") };
}

/** Our own certificate. */
export function judgeOurs(endsAt: number | undefined, now: number): Verdict {
  if (endsAt === undefined) return { result: "SKIP", details: "not set" };
  const days = daysUntil(endsAt, now);
  if (days < 0) return { result: "FAIL", details: "expired" };
  return { result: days < WARN_DAYS ? "WARN" : "OK", details: `ends in ${days} days` };
}

/** Codes from closed lists; never an address, a body or a token. */
export function reasonOf(error: unknown): string {
  if (error instanceof Unreachable) return `not reachable: ${error.code}`;
  if (error instanceof UpstreamError) return [error.code, error.reason].filter(Boolean).join(", ");
  return "failed for a reason of our own";
}

const daysUntil = (moment: number, now: number): number => Math.floor((moment - now) / DAY_MS);

const seconds = (ms: number): string => `${Math.round(Math.abs(ms) / 1000)} s`;
