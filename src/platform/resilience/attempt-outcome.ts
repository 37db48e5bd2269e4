import { UpstreamError } from "../errors.js";
import type { AttemptOutcome } from "./circuit-breaker.js";
import type { ServicePolicy } from "./service-policy.js";

/** What a failed attempt says about the service and, behind a proxy, about the backend. */
export interface AttributedOutcome {
  readonly service: AttemptOutcome;
  readonly backend: AttemptOutcome;
  /** Which of the two must not be called for a while, when the response requests a pause. */
  readonly pauses: "service" | "backend";
  /** Whether the attempt proves that the service works. */
  readonly provesService: boolean;
}

export interface FailedAttempt {
  readonly policy: Pick<ServicePolicy, "backends" | "expectedResponseMs">;
  readonly error: unknown;
  /** Time from sending the request to the error. */
  readonly tookMs: number;
  /** The request that the attempt was made for has ended. */
  readonly isAborted: boolean;
  /** The service has lately proved that it works, with any backend. */
  readonly isServiceProved: boolean;
}

/** Nothing was sent, or its end says nothing. */
export const UNKNOWN_OUTCOME: AttributedOutcome = {
  service: "unknown",
  backend: "unknown",
  pauses: "service",
  provesService: false,
};

/**
 * Attributes a failure. A 4xx, a 429 and content that cannot be used show that the service works. Behind a proxy, a
 * failure of the backend never counts against the proxy. Where it may be either (silence, a cut connection, a bare 503
 * that the proxy passes on), it counts against the backend, and also against the proxy unless the proxy has lately
 * returned a response from any backend.
 */
export function attributeOutcome(attempt: FailedAttempt): AttributedOutcome {
  const { error, policy } = attempt;
  if (!(error instanceof UpstreamError)) return UNKNOWN_OUTCOME;
  if (wasCutShort(attempt, error)) return UNKNOWN_OUTCOME;
  const isFailed = isFailure(error);
  const outcome: AttemptOutcome = isFailed ? "failure" : "success";
  const provesService = !isFailed && error.code !== "UPSTREAM_RATE_LIMITED";
  if (policy.backends && error.service === policy.backends.errorService) {
    return { service: "success", backend: outcome, pauses: "backend", provesService: true };
  }
  if (!policy.backends || !error.originUnsure) {
    return { service: outcome, backend: "unknown", pauses: "service", provesService };
  }
  const pauses = attempt.isServiceProved ? "backend" : "service";
  const service = isFailed && attempt.isServiceProved ? "unknown" : outcome;
  return { service, backend: outcome, pauses, provesService };
}

function isFailure({ code, httpStatus }: UpstreamError): boolean {
  // 501 means that the operation is not offered: the service works.
  return code === "UPSTREAM_TIMEOUT" || (code === "UPSTREAM_UNAVAILABLE" && httpStatus !== 501);
}

/** The client went away or the request's deadline passed before the service had a fair chance to respond. */
function wasCutShort({ isAborted, tookMs, policy }: FailedAttempt, { httpStatus }: UpstreamError): boolean {
  return isAborted && httpStatus === undefined && tookMs < policy.expectedResponseMs;
}
