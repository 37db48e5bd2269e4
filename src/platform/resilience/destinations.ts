import type { Log } from "../telemetry/log.js";
import { Bulkhead } from "./bulkhead.js";
import { CircuitBreaker } from "./circuit-breaker.js";
import { remainingMs } from "./deadline.js";
import { ConsecutiveFailures, type FailureCounter, FailureRate } from "./failure-counters.js";
import { NotSentError } from "./not-sent.js";
import type { OutboundCall } from "./pipeline.js";
import { type RateLimit, type RateLimiter, SlidingLogLimiter } from "./rate-limit.js";
import type { BackendPolicy, ServicePolicy } from "./service-policy.js";

/** Design, section 7: a service's circuit breaker opens at half of at least 20 attempts in 10 s. */
const SERVICE_FAILURE_RATE = { windowMs: 10_000, minAttempts: 20, threshold: 0.5 };

/** A service, or a backend behind a proxy, with the policies that protect it and us. */
export interface Destination {
  /** The service that errors name. */
  readonly name: string;
  readonly bulkhead: Bulkhead;
  readonly circuitBreaker: CircuitBreaker;
}

export interface ServiceDestination extends Destination {
  readonly policy: ServicePolicy;
  readonly backends: Backends | undefined;
  /** When the service last proved that it works. */
  provedAt: number;
}

export interface BackendDestination extends Destination {
  readonly target: string;
  /** Calls in progress, waiting ones included. */
  users: number;
}

export interface DestinationOptions {
  /** Creates a service's rate limiter. Left out: one that this process has for itself. */
  readonly createRateLimiter?: ((service: string, rateLimit: RateLimit) => RateLimiter) | undefined;
  readonly log?: Pick<Log, "warn" | "info"> | undefined;
}

export function createServiceDestination(
  service: string,
  policy: ServicePolicy,
  { createRateLimiter, log }: DestinationOptions,
): ServiceDestination {
  const { rateLimit, maxConcurrency, errorService: name } = policy;
  const rateLimiter =
    rateLimit && (createRateLimiter?.(service, rateLimit) ?? new SlidingLogLimiter(rateLimit));
  const backends = policy.backends && new Backends(limitToHalf(policy.backends, maxConcurrency), log);
  return {
    name,
    policy,
    backends,
    bulkhead: new Bulkhead({
      maxConcurrency,
      rateLimiter,
      ...(backends && { maxConcurrencyPerBackend: backends.policy.maxConcurrency }),
    }),
    circuitBreaker: createCircuitBreaker(new FailureRate(SERVICE_FAILURE_RATE), name, { service }, log),
    provedAt: Number.NEGATIVE_INFINITY,
  };
}

/** The backends of one proxy that there is something to remember about. */
export class Backends {
  readonly #byTarget = new Map<string, BackendDestination>();

  constructor(
    readonly policy: BackendPolicy,
    private readonly log: DestinationOptions["log"],
  ) {}

  /** Call {@link release} when the call has ended. */
  acquire(target: string): BackendDestination {
    const backend = this.#byTarget.get(target) ?? this.#create(target);
    this.#byTarget.set(target, backend);
    backend.users += 1;
    return backend;
  }

  /** Forgets a backend without anything to remember, because there are thousands. */
  release(backend: BackendDestination): void {
    backend.users -= 1;
    const isIdle =
      backend.users === 0 && backend.circuitBreaker.isClean && backend.bulkhead.pausedForMs === 0;
    if (isIdle) this.#byTarget.delete(backend.target);
  }

  /** How many have an open circuit breaker. */
  get open(): number {
    return [...this.#byTarget.values()].filter(({ circuitBreaker }) => circuitBreaker.isOpen).length;
  }

  #create(target: string): BackendDestination {
    const { errorService: name, maxConcurrency, maxQueued, failuresToOpen } = this.policy;
    const counter = new ConsecutiveFailures(failuresToOpen);
    return {
      name,
      target,
      bulkhead: new Bulkhead({ maxConcurrency, maxQueued }),
      circuitBreaker: createCircuitBreaker(counter, name, { practice: target }, this.log),
      users: 0,
    };
  }
}

/** Rejects a call at once when waiting cannot succeed. @throws NotSentError */
export function rejectIfHopeless({ purpose, signal }: OutboundCall, destination: Destination): void {
  const { name, bulkhead, circuitBreaker } = destination;
  if (circuitBreaker.rejects(purpose === "read")) throw new NotSentError(name, "CIRCUIT_OPEN");
  if (bulkhead.pausedForMs > remainingMs(signal)) {
    throw new NotSentError(name, "ASKED_TO_PAUSE", Math.ceil(bulkhead.pausedForMs));
  }
}

/** One backend never fills the bulkhead of its proxy, whatever the settings. */
function limitToHalf(policy: BackendPolicy, proxyMaxConcurrency: number): BackendPolicy {
  const half = Math.max(1, Math.floor(proxyMaxConcurrency / 2));
  return { ...policy, maxConcurrency: Math.min(policy.maxConcurrency, half) };
}

function createCircuitBreaker(
  counter: FailureCounter,
  name: string,
  logged: object,
  log: DestinationOptions["log"],
): CircuitBreaker {
  return new CircuitBreaker({
    counter,
    rejection: () => new NotSentError(name, "CIRCUIT_OPEN"),
    onChange: (state) =>
      state === "open"
        ? log?.warn(logged, "circuit breaker opened")
        : log?.info(logged, "circuit breaker closed"),
  });
}
