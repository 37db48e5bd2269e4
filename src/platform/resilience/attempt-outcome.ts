import { UpstreamError } from "../errors.js";
import type { CalledService } from "../telemetry/call-log.js";
import type { Verdict } from "./circuit-breaker.js";
import { FAIR_CHANCE_MS } from "./numbers.js";

/** What one failed attempt says of the service, and of the practice behind it. */
export interface Verdicts {
  readonly service: Verdict;
  readonly practice: Verdict;
  /** Who is meant when the answer asks for a pause. */
  readonly blamed: "service" | "practice";
  /** Whether the service has shown that it works. */
  readonly proves: boolean;
}

export interface FailedAttempt {
  readonly service: CalledService;
  readonly error: unknown;
  /** How long the attempt was out. */
  readonly tookMs: number;
  /** The request that it was made for has ended. */
  readonly calledOff: boolean;
  /** The service has lately brought answers, from whichever practice. */
  readonly serviceProved: boolean;
}

const NOTHING: Verdicts = { service: "untold", practice: "untold", blamed: "service", proves: false };

/**
 * Whose failure it was. 4xx, 429 and content that cannot be used are answers. Behind the proxy, what the practice
 * failed in is never laid at the proxy: where it cannot be told which of the two it was (silence, a cut
 * connection, a bare 503, which the proxy passes on unaltered), it is the practice's, and the proxy's as well only
 * if the proxy has brought nobody an answer lately.
 */
export function verdictsOn(attempt: FailedAttempt): Verdicts {
  const { error } = attempt;
  if (!(error instanceof UpstreamError)) return NOTHING;
  if (wasCutShort(attempt, error)) return NOTHING;
  const failed = isFailure(error);
  const verdict: Verdict = failed ? "failed" : "answered";
  const proves = !failed && error.code !== "UPSTREAM_RATE_LIMITED";
  if (attempt.service === "SSP" && error.service === "PROVIDER") {
    return { service: "answered", practice: verdict, blamed: "practice", proves: true };
  }
  if (attempt.service !== "SSP" || !error.originUnsure) {
    return { service: verdict, practice: "untold", blamed: "service", proves };
  }
  const blamed = attempt.serviceProved ? "practice" : "service";
  const service = failed && attempt.serviceProved ? "untold" : verdict;
  return { service, practice: verdict, blamed, proves };
}

function isFailure({ code, httpStatus }: UpstreamError): boolean {
  // 501 is an answer: this is not offered.
  return code === "UPSTREAM_TIMEOUT" || (code === "UPSTREAM_UNAVAILABLE" && httpStatus !== 501);
}

/** Ended by the client going away or by the request's deadline, before it had a fair chance. */
function wasCutShort({ calledOff, tookMs }: FailedAttempt, { httpStatus }: UpstreamError): boolean {
  return calledOff && httpStatus === undefined && tookMs < FAIR_CHANCE_MS;
}
