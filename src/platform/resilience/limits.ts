import type { CalledService } from "../telemetry/call-log.js";
import { DEFAULT_LIVE_RPS, SPIKE_FACTOR } from "./numbers.js";
import { type Budget, budgetPerSecond } from "./rate-limit.js";

/** How much of one service this program may use. */
export interface ServiceLimits {
  readonly maxConcurrency: number;
  /** Left out: no limit. */
  readonly budget?: Budget | undefined;
}

export interface TrafficLimits {
  readonly services: Readonly<Record<CalledService, ServiceLimits>>;
  readonly practiceMaxConcurrency: number;
}

/** The settings that the limits are made from (design, section 7). */
export interface LimitSettings {
  readonly SPINE_ENV: string;
  readonly PDS_MAX_RPS?: number | undefined;
  readonly SDS_MAX_RPS?: number | undefined;
  readonly PDS_MAX_CONCURRENCY: number;
  readonly SDS_MAX_CONCURRENCY: number;
  readonly SSP_MAX_CONCURRENCY: number;
  readonly VM_MAX_CONCURRENCY: number;
  readonly PRACTICE_MAX_CONCURRENCY: number;
}

/**
 * PDS and SDS have a budget of requests; unless set it is what they allow by default, and none in the sandbox. The
 * token endpoint allows an application as much as PDS does, counted apart.
 */
export function trafficLimits(settings: LimitSettings): TrafficLimits {
  const initial = settings.SPINE_ENV === "live" ? DEFAULT_LIVE_RPS : undefined;
  const pdsRps = settings.PDS_MAX_RPS ?? initial;
  const sdsRps = settings.SDS_MAX_RPS ?? initial;
  const budget = (rps: number | undefined, spikeFactor?: number) =>
    rps === undefined ? undefined : budgetPerSecond(rps, spikeFactor);
  return {
    services: {
      PDS: { maxConcurrency: settings.PDS_MAX_CONCURRENCY, budget: budget(pdsRps, SPIKE_FACTOR.PDS) },
      TOKEN: { maxConcurrency: settings.PDS_MAX_CONCURRENCY, budget: budget(pdsRps) },
      SDS: { maxConcurrency: settings.SDS_MAX_CONCURRENCY, budget: budget(sdsRps, SPIKE_FACTOR.SDS) },
      SSP: { maxConcurrency: settings.SSP_MAX_CONCURRENCY },
      VM: { maxConcurrency: settings.VM_MAX_CONCURRENCY },
    },
    practiceMaxConcurrency: settings.PRACTICE_MAX_CONCURRENCY,
  };
}
