import { UpstreamError } from "../../platform/errors.js";
import type { CheckRow } from "./check-row.js";
import { type ProbeResult, UnreachableError } from "./probe.js";

export type CheckOutcome = Pick<CheckRow, "result" | "details">;

const DAY_MS = 24 * 60 * 60 * 1000;
const WARN_DAYS = 30;
/** With a larger difference, peers may reject our tokens as expired or not yet valid (assurance notes, 3.4). */
const MAX_SKEW_MS = 3_000;
/** A proxy's words for a client certificate that it rejects, or that it did not get (GP Connect notes, 7). */
const CERTIFICATE_REFUSED = [495, 496];

/**
 * Outcome for a service that responded: `FAIL` when it rejects our certificate, `WARN` when its own ends soon or the clocks
 * differ.
 */
export function toProbeOutcome(
  { certificateEnds, clockAheadMs, status }: ProbeResult,
  now: number,
): CheckOutcome {
  if (status !== undefined && CERTIFICATE_REFUSED.includes(status)) {
    return { result: "FAIL", details: `our certificate is refused, status ${status}` };
  }
  const days = certificateEnds === undefined ? undefined : daysUntil(certificateEnds, now);
  const isSoon = days !== undefined && days < WARN_DAYS;
  const isSkewed = clockAheadMs !== undefined && Math.abs(clockAheadMs) > MAX_SKEW_MS;
  const details = [
    "reachable",
    ...(days === undefined ? [] : [`certificate ends in ${days} days`]),
    ...(clockAheadMs === undefined
      ? []
      : [isSkewed ? `clocks differ by ${seconds(clockAheadMs)}` : "clocks agree"]),
  ];
  return { result: isSoon || isSkewed ? "WARN" : "OK", details: details.join(", ") };
}

/** Outcome for our own client certificate. */
export function toCertificateOutcome(endsAt: number | undefined, now: number): CheckOutcome {
  if (endsAt === undefined) return { result: "SKIP", details: "not set" };
  const days = daysUntil(endsAt, now);
  if (days < 0) return { result: "FAIL", details: "expired" };
  return { result: days < WARN_DAYS ? "WARN" : "OK", details: `ends in ${days} days` };
}

/** Describes an error by codes from closed lists, never by an address, a body or a token. */
export function reasonOf(error: unknown): string {
  if (error instanceof UnreachableError) return `not reachable: ${error.code}`;
  if (error instanceof UpstreamError) return [error.code, error.reason].filter(Boolean).join(", ");
  return "internal error";
}

const daysUntil = (moment: number, now: number): number => Math.floor((moment - now) / DAY_MS);

const seconds = (ms: number): string => `${Math.round(Math.abs(ms) / 1000)} s`;
