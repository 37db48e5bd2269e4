import { UpstreamError } from "../errors.js";
import { type AttributedOutcome, attributeOutcome, UNKNOWN_OUTCOME } from "./attempt-outcome.js";
import type { Entrant } from "./bulkhead.js";
import type { CircuitPermit } from "./circuit-breaker.js";
import { hasEnded } from "./deadline.js";
import {
  type BackendDestination,
  createServiceDestination,
  type Destination,
  type DestinationOptions,
  rejectIfHopeless,
  type ServiceDestination,
} from "./destinations.js";
import { NotSentError } from "./not-sent.js";
import type { ObservedPipeline, OutboundCall, ServiceState, WaitListener } from "./pipeline.js";
import { type AttemptState, RETRY_DELAYS, RetryDecision, type RetryDelays } from "./retry.js";
import { RetryBudget } from "./retry-budget.js";
import type { ServicePolicy } from "./service-policy.js";
import { wait } from "./wait.js";

export interface PipelineOptions extends DestinationOptions {
  /** The policy of each service, by the name that calls use. */
  readonly services: Readonly<Record<string, ServicePolicy>>;
  readonly delays?: Partial<RetryDelays>;
}

/** How long a response proves that a service works. */
const PROOF_MS = 10_000;

interface Route {
  readonly service: ServiceDestination;
  readonly backend: BackendDestination | undefined;
}

/** Creates the resilience policies of this process. Keeps no timer while no call waits. */
export function createResiliencePipeline(options: PipelineOptions): ObservedPipeline {
  return new PolicyPipeline(options);
}

class PolicyPipeline implements ObservedPipeline {
  readonly #services: ReadonlyMap<string, ServiceDestination>;
  readonly #retryBudget = new RetryBudget();
  readonly #delays: RetryDelays;
  readonly #waitListeners: WaitListener[] = [];

  constructor(options: PipelineOptions) {
    this.#delays = { ...RETRY_DELAYS, ...options.delays };
    this.#services = new Map(
      Object.entries(options.services).map(([service, policy]) => [
        service,
        createServiceDestination(service, policy, options),
      ]),
    );
  }

  onWait(listener: WaitListener): void {
    this.#waitListeners.push(listener);
  }

  get states(): readonly ServiceState[] {
    return [...this.#services].map(([service, { bulkhead, circuitBreaker, backends }]) => ({
      service,
      inFlight: bulkhead.inUse,
      waiting: bulkhead.waiting,
      isCircuitOpen: circuitBreaker.isOpen,
      openBackends: backends?.open ?? 0,
    }));
  }

  async run<T>(call: OutboundCall, attempt: () => Promise<T>): Promise<T> {
    const service = this.#services.get(call.service);
    if (!service) throw new TypeError(`no policy for the service ${call.service}`);
    const backend = call.target === null ? undefined : service.backends?.acquire(call.target);
    try {
      return await this.#runWithinRetryBudget(call, { service, backend }, attempt);
    } finally {
      if (backend) service.backends?.release(backend);
    }
  }

  async #runWithinRetryBudget<T>(call: OutboundCall, route: Route, attempt: () => Promise<T>): Promise<T> {
    const { policy } = route.service;
    const destination = route.backend ? `${call.service} ${route.backend.target}` : call.service;
    const budgeted = this.#retryBudget.isSpent(call, destination) ? { ...call, maxRetries: 0 } : call;
    try {
      const value = await this.#runWithRetries(budgeted, route, attempt);
      this.#retryBudget.restore(call, destination);
      return value;
    } catch (error) {
      const wasSent = error instanceof UpstreamError && !(error instanceof NotSentError);
      if (wasSent && policy.retriesAfter(error) > 0) this.#retryBudget.spend(call, destination);
      throw error;
    }
  }

  /** @throws what the last attempt that was sent threw. */
  async #runWithRetries<T>(call: OutboundCall, route: Route, attempt: () => Promise<T>): Promise<T> {
    const decision = new RetryDecision(call, route.service.policy, this.#delays);
    let failure: unknown;
    for (let isRetry = false; ; isRetry = true) {
      const state: AttemptState = { isRetry, mayRetry: true };
      try {
        return await this.#attempt(call, route, state, attempt);
      } catch (error) {
        // A retry that was never sent says less than the attempt before it.
        if (isRetry && error instanceof NotSentError) throw failure;
        failure = error;
        const delayMs = decision.delayAfter(error, state);
        if (delayMs === undefined || !(await wait(delayMs, call.signal))) throw error;
      }
    }
  }

  /** Enters the backend's bulkhead first: a call that waits for a slow backend holds no place that others need. */
  async #attempt<T>(
    call: OutboundCall,
    { service, backend }: Route,
    state: AttemptState,
    attempt: () => Promise<T>,
  ): Promise<T> {
    const destinations = backend ? [backend, service] : [service];
    for (const destination of destinations) rejectIfHopeless(call, destination);
    await call.prepare?.();

    const waitsSince = performance.now();
    const send = () => {
      const waitedMs = performance.now() - waitsSince;
      for (const listener of this.#waitListeners) listener(call.service, waitedMs);
      return this.#send(call, { service, backend }, state, attempt);
    };
    const inService = () => service.bulkhead.run(entrantOf(call, service, backend?.target), send);
    try {
      return await (backend?.bulkhead.run(entrantOf(call, backend), inService) ?? inService());
    } finally {
      const mayProbe = call.purpose === "read";
      state.mayRetry = destinations.every(({ circuitBreaker }) => !circuitBreaker.rejects(mayProbe));
    }
  }

  /** Sends the request if the circuit breakers let it through, and reports to them how it ended. */
  async #send<T>(
    call: OutboundCall,
    { service, backend }: Route,
    state: AttemptState,
    attempt: () => Promise<T>,
  ): Promise<T> {
    const mayProbe = call.purpose === "read";
    const backendPermit = backend?.circuitBreaker.acquire(mayProbe);
    let servicePermit: CircuitPermit | undefined;
    let value: T;
    try {
      servicePermit = service.circuitBreaker.acquire(mayProbe);
      // The signal may have ended between this call's turn and now, or the process was paused beyond its deadline. A
      // command's lease is longer than that, so nothing is sent after another process has taken the command over.
      if (hasEnded(call.signal)) throw new NotSentError(service.name, "DEADLINE_WHILE_WAITING");
      state.sentAt = performance.now();
      value = await attempt();
    } catch (error) {
      const outcome = this.#learn(call, { service, backend }, state, error);
      servicePermit?.fail(outcome.service);
      // A call counts once against a failing backend: its retries follow too closely to be failures of their own.
      const isRepeated = state.isRetry && !backendPermit?.isProbe && outcome.backend === "failure";
      backendPermit?.fail(isRepeated ? "unknown" : outcome.backend);
      throw error;
    }
    service.provedAt = performance.now();
    servicePermit.succeed();
    backendPermit?.succeed();
    return value;
  }

  /** Learns from the failure of an attempt. One that was not sent teaches nothing. */
  #learn(
    call: OutboundCall,
    { service, backend }: Route,
    { sentAt }: AttemptState,
    error: unknown,
  ): AttributedOutcome {
    if (sentAt === undefined) return UNKNOWN_OUTCOME;
    const now = performance.now();
    const outcome = attributeOutcome({
      policy: service.policy,
      error,
      tookMs: now - sentAt,
      isAborted: call.purpose === "read" && call.signal.aborted,
      isServiceProved: now - service.provedAt < PROOF_MS,
    });
    if (outcome.provesService) service.provedAt = now;
    this.#pauseIfAsked(error, outcome.pauses === "backend" ? (backend ?? service) : service);
    return outcome;
  }

  #pauseIfAsked(error: unknown, { bulkhead }: Destination): void {
    if (!(error instanceof UpstreamError)) return;
    if (error.retryAfterMs !== undefined) bulkhead.pause(error.retryAfterMs);
    else if (error.httpStatus === 429) bulkhead.pause(this.#delays.rateLimitedMs);
  }
}

function entrantOf({ flow, signal }: OutboundCall, { name }: Destination, backend?: string): Entrant {
  return { flow, signal, backend, rejection: (reason) => new NotSentError(name, reason) };
}
