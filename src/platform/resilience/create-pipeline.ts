import { UpstreamError } from "../errors.js";
import { type AttributedOutcome, attributeOutcome } from "./attempt-outcome.js";
import type { Entrant } from "./bulkhead.js";
import {
  type BackendDestination,
  createServiceDestination,
  type Destination,
  type DestinationOptions,
  rejectIfHopeless,
  type ServiceDestination,
} from "./destinations.js";
import { NotSentError } from "./not-sent.js";
import type { OutboundCall, ResiliencePipeline } from "./pipeline.js";
import { type AttemptState, RETRY_DELAYS, type RetryDelays, withRetries } from "./retry.js";
import { RetryBudget } from "./retry-budget.js";
import type { ServicePolicy } from "./service-policy.js";

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
export function createResiliencePipeline(options: PipelineOptions): ResiliencePipeline {
  return new PolicyPipeline(options);
}

class PolicyPipeline implements ResiliencePipeline {
  readonly #services: ReadonlyMap<string, ServiceDestination>;
  readonly #retryBudget = new RetryBudget();
  readonly #delays: RetryDelays;

  constructor(options: PipelineOptions) {
    this.#delays = { ...RETRY_DELAYS, ...options.delays };
    this.#services = new Map(
      Object.entries(options.services).map(([service, policy]) => [
        service,
        createServiceDestination(service, policy, options),
      ]),
    );
  }

  async run<T>(call: OutboundCall, attempt: () => Promise<T>): Promise<T> {
    const service = this.#services.get(call.service);
    if (!service) throw new TypeError(`no policy for the service ${call.service}`);
    const backend = call.target === null ? undefined : service.backends?.acquire(call.target);
    try {
      return await this.#runWithRetries(call, { service, backend }, attempt);
    } finally {
      if (backend) service.backends?.release(backend);
    }
  }

  async #runWithRetries<T>(call: OutboundCall, route: Route, attempt: () => Promise<T>): Promise<T> {
    const { policy } = route.service;
    const destination = route.backend ? `${call.service} ${route.backend.target}` : call.service;
    const budgeted = this.#retryBudget.isSpent(call, destination) ? { ...call, maxRetries: 0 } : call;
    try {
      const value = await withRetries(budgeted, policy, this.#delays, (state) =>
        this.#attempt(call, route, state, attempt),
      );
      this.#retryBudget.restore(call, destination);
      return value;
    } catch (error) {
      const wasSent = error instanceof UpstreamError && !(error instanceof NotSentError);
      if (wasSent && policy.retriesAfter(error) > 0) this.#retryBudget.spend(call, destination);
      throw error;
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

    const mayProbe = call.purpose === "read";
    let learned: AttributedOutcome | undefined;
    const send = () =>
      this.#send(call, { service, backend }, state, attempt, (outcome) => {
        learned = outcome;
      });
    const throughService = () =>
      service.circuitBreaker.run({ work: send, mayProbe, outcomeOf: () => learned?.service ?? "unknown" });
    // A call counts once against a failing backend: its retries follow too closely to be failures of their own.
    const backendOutcome = (_error: unknown, isProbe: boolean) =>
      state.isRetry && !isProbe && learned?.backend === "failure"
        ? "unknown"
        : (learned?.backend ?? "unknown");
    const throughBoth = () =>
      backend
        ? backend.circuitBreaker.run({ work: throughService, mayProbe, outcomeOf: backendOutcome })
        : throughService();
    const inService = () => service.bulkhead.run(entrantOf(call, service, backend?.target), throughBoth);
    try {
      return await (backend?.bulkhead.run(entrantOf(call, backend), inService) ?? inService());
    } finally {
      state.mayRetry = destinations.every(({ circuitBreaker }) => !circuitBreaker.rejects(mayProbe));
    }
  }

  /** Sends the request, and learns from its failure. */
  async #send<T>(
    call: OutboundCall,
    { service, backend }: Route,
    state: AttemptState,
    attempt: () => Promise<T>,
    learn: (outcome: AttributedOutcome) => void,
  ): Promise<T> {
    // The signal may have ended between this call's turn and now.
    if (call.signal.aborted) throw new NotSentError(service.name, "DEADLINE_WHILE_WAITING");
    const sentAt = performance.now();
    state.sentAt = sentAt;
    try {
      const value = await attempt();
      service.provedAt = performance.now();
      return value;
    } catch (error) {
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
      learn(outcome);
      throw error;
    }
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
