import type { UpstreamError } from "../platform/errors.js";
import { rateLimitPerSecond, type ServicePolicy } from "../platform/resilience/index.js";

/** The services that we send requests to, as the call log names them (design, section 5). `TOKEN` is PDS's token endpoint. */
export type CalledService = "PDS" | "TOKEN" | "SDS" | "SSP" | "VM";

/** The services that an error can name. `PROVIDER` is the practice's own system behind the proxy; `STORE` is our own store. */
export type UpstreamService = "PDS" | "SDS" | "SSP" | "PROVIDER" | "VM" | "STORE";

/** Which service an error names when a call brings no complete response. */
export interface FailureAttribution {
  readonly service: UpstreamService;
  /** The service behind a proxy. Silence and a cut connection may come from it; an oversized response can only be its own. */
  readonly behind?: UpstreamService | undefined;
}

/** The token endpoint belongs to PDS: a caller that reads a patient need not know about tokens. */
export const FAILURE_ATTRIBUTION: Readonly<Record<CalledService, FailureAttribution>> = {
  PDS: { service: "PDS" },
  TOKEN: { service: "PDS" },
  SDS: { service: "SDS" },
  SSP: { service: "SSP", behind: "PROVIDER" },
  VM: { service: "VM" },
};

/** The settings that the policies depend on (design, section 7). */
export interface PolicySettings {
  readonly SPINE_ENV: string;
  readonly PDS_MAX_RPS?: number | undefined;
  readonly SDS_MAX_RPS?: number | undefined;
  readonly PDS_MAX_CONCURRENCY: number;
  readonly SDS_MAX_CONCURRENCY: number;
  readonly SSP_MAX_CONCURRENCY: number;
  readonly VM_MAX_CONCURRENCY: number;
  readonly PRACTICE_MAX_CONCURRENCY: number;
}

/** PDS, SDS and the token endpoint allow an application 5 requests a second, 300 a minute (PDS notes, 9; SDS notes, 9.6). */
const DEFAULT_LIVE_RPS = 5;

/**
 * How many times its steady rate a gateway's spike arrest accepts: PDS three times (900 a minute to a quota of 300), SDS
 * once, so calls to SDS are spaced evenly (PDS notes, 9; SDS notes, 9.6).
 */
const SPIKE_FACTOR = { PDS: 3, SDS: 1 } as const;

/** "At most three automated retries", for the consumer as a whole (GP Connect notes, 3.2 and 10.3). */
const MAX_RETRIES = 3;

/** PDS and its token endpoint: "two or three attempts" (PDS notes, 9). */
const PDS_MAX_RETRIES = 2;

/** After silence, each retry may cost the whole time-out again. */
const RETRIES_AFTER_TIMEOUT = 1;

/** "Few" after a practice's 500 (GP Connect notes, 10.1); SDS mostly returns the same 500 again (SDS notes, 9.6). */
const RETRIES_AFTER_500 = 1;

/** Practices "SHALL" respond in less than 3 s (GP Connect notes, 12). Used for every service. */
const EXPECTED_RESPONSE_MS = 3_000;

/**
 * Calls that may wait for one practice: somewhat more than eight concurrent calls can serve within a request of 20 s, when
 * each response takes 1 s, the most that practices should take (GP Connect notes, 12).
 */
const MAX_QUEUED_PER_PRACTICE = 200;

/** Design, section 7: five failures in a row open a practice's circuit breaker. */
const PRACTICE_FAILURES_TO_OPEN = 5;

/**
 * How each service is called. PDS and SDS have a rate limit: the setting, else what they allow by default in live mode and
 * none in the sandbox. The token endpoint allows as much as PDS does, counted separately.
 */
export function servicePolicies(settings: PolicySettings): Readonly<Record<CalledService, ServicePolicy>> {
  const defaultRps = settings.SPINE_ENV === "live" ? DEFAULT_LIVE_RPS : undefined;
  const pdsRps = settings.PDS_MAX_RPS ?? defaultRps;
  const sdsRps = settings.SDS_MAX_RPS ?? defaultRps;
  const policy = (called: CalledService, maxConcurrency: number): ServicePolicy => ({
    errorService: FAILURE_ATTRIBUTION[called].service,
    maxConcurrency,
    maxRetries: MAX_RETRIES,
    retriesAfter: (error) => retriesAfter(called, error),
    expectedResponseMs: EXPECTED_RESPONSE_MS,
  });
  return {
    PDS: { ...policy("PDS", settings.PDS_MAX_CONCURRENCY), ...rateLimit(pdsRps, SPIKE_FACTOR.PDS) },
    TOKEN: { ...policy("TOKEN", settings.PDS_MAX_CONCURRENCY), ...rateLimit(pdsRps) },
    SDS: { ...policy("SDS", settings.SDS_MAX_CONCURRENCY), ...rateLimit(sdsRps, SPIKE_FACTOR.SDS) },
    SSP: {
      ...policy("SSP", settings.SSP_MAX_CONCURRENCY),
      backends: {
        errorService: "PROVIDER",
        maxConcurrency: settings.PRACTICE_MAX_CONCURRENCY,
        maxQueued: MAX_QUEUED_PER_PRACTICE,
        failuresToOpen: PRACTICE_FAILURES_TO_OPEN,
      },
    },
    VM: policy("VM", settings.VM_MAX_CONCURRENCY),
  };
}

function rateLimit(rps: number | undefined, spikeFactor?: number): Pick<ServicePolicy, "rateLimit"> {
  return rps === undefined ? {} : { rateLimit: rateLimitPerSecond(rps, spikeFactor) };
}

/**
 * How often a read may be retried after this failure (GP Connect notes, 10.3; PDS notes, 8.2 and 9; SDS notes, 9.6; V&M
 * notes, 7). Never after any other 4xx, a response that cannot be used, or a TLS failure. A changed address needs a new
 * look-up, which is up to the caller.
 */
function retriesAfter(service: CalledService, { code, httpStatus, retryable }: UpstreamError): number {
  const most = service === "PDS" || service === "TOKEN" ? PDS_MAX_RETRIES : MAX_RETRIES;
  switch (httpStatus) {
    case undefined:
      if (code === "UPSTREAM_TIMEOUT") return RETRIES_AFTER_TIMEOUT;
      return code === "UPSTREAM_UNAVAILABLE" && retryable ? most : 0;
    case 429:
    case 502:
    case 503:
    case 504:
    case 599:
      return most;
    case 408:
      return service === "PDS" || service === "TOKEN" ? most : 0;
    case 444:
      return service === "SSP" ? most : 0;
    case 501:
      return 0;
    default:
      return httpStatus >= 500 ? RETRIES_AFTER_5XX[service] : 0;
  }
}

/** V&M's notes name the gateways' statuses only. */
const RETRIES_AFTER_5XX: Readonly<Record<CalledService, number>> = {
  PDS: PDS_MAX_RETRIES,
  TOKEN: PDS_MAX_RETRIES,
  SDS: RETRIES_AFTER_500,
  SSP: RETRIES_AFTER_500,
  VM: 0,
};
