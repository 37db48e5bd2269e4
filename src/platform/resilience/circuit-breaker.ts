import type { FailureCounter } from "./failure-counters.js";

/**
 * What an attempt says about the service behind a circuit breaker. `success`: it works, whatever its response.
 * `failure`: it did not do its work. `unknown`: the attempt says nothing, for instance because it was aborted.
 */
export type AttemptOutcome = "success" | "failure" | "unknown";

export type CircuitChange = "open" | "closed";

export interface CircuitBreakerOptions {
  /** Decides when the failures are too many. */
  readonly counter: FailureCounter;
  /** Creates the error of a call that is rejected. */
  readonly rejection: () => Error;
  /** Called with `open` after a failed probe too. */
  readonly onChange?: (state: CircuitChange) => void;
  /** How long an open circuit breaker waits before it lets a probe through. */
  readonly probeAfterMs?: number;
}

export interface BreakerCall<T> {
  readonly work: () => Promise<T>;
  /** A call that changes data must not be the probe. Default: true. */
  readonly mayProbe?: boolean;
  /** Classifies an error of the work, right after it. Default: every error is a failure. */
  readonly outcomeOf?: (error: unknown, isProbe: boolean) => AttemptOutcome;
}

/** Design, section 7: one probe at latest every 5 s. */
const PROBE_AFTER_MS = 5_000;

/**
 * Rejects calls to a service that keeps failing.
 *
 * Closed, it counts outcomes. When its counter finds too many failures it opens and rejects every call. After a while it
 * lets a single probe through and goes on rejecting the others. A successful probe closes it; a failed one starts the
 * wait again, counted from the start of the probe, so that a slow probe does not delay the next. A probe with an unknown
 * outcome is followed by another at once.
 */
export class CircuitBreaker {
  readonly #probeAfterMs: number;
  #state: "closed" | "open" | "probing" = "closed";
  #probeAt = 0;
  /** Grows with each change of state. Outcomes of calls that began before the last change are ignored. */
  #epoch = 0;

  constructor(private readonly options: CircuitBreakerOptions) {
    this.#probeAfterMs = options.probeAfterMs ?? PROBE_AFTER_MS;
  }

  /** Whether a call would be rejected now. */
  rejects(mayProbe = true): boolean {
    switch (this.#state) {
      case "closed":
        return false;
      case "probing":
        return true;
      case "open":
        return !mayProbe || performance.now() < this.#probeAt;
    }
  }

  /** Closed, and nothing is counted. */
  get isClean(): boolean {
    return this.#state === "closed" && this.options.counter.isClean;
  }

  /** @throws the rejection when the circuit breaker is open, without starting the work; else what the work throws. */
  async run<T>({ work, mayProbe = true, outcomeOf = () => "failure" }: BreakerCall<T>): Promise<T> {
    if (this.rejects(mayProbe)) throw this.options.rejection();
    const isProbe = this.#state === "open";
    if (isProbe) this.#enter("probing");
    const epoch = this.#epoch;
    const startedAt = performance.now();
    const conclude = (outcome: AttemptOutcome) => {
      if (epoch !== this.#epoch) return;
      if (isProbe) this.#concludeProbe(outcome, startedAt);
      else this.#count(outcome);
    };
    try {
      const value = await work();
      conclude("success");
      return value;
    } catch (error) {
      // Only a successful response counts as a success; an error that proves the service works counts as nothing.
      const outcome = outcomeOf(error, isProbe);
      conclude(!isProbe && outcome === "success" ? "unknown" : outcome);
      throw error;
    }
  }

  #count(outcome: AttemptOutcome): void {
    const { counter } = this.options;
    if (outcome === "success") counter.countSuccess();
    if (outcome !== "failure" || !counter.countFailure()) return;
    this.#open(performance.now() + this.#probeAfterMs);
  }

  #concludeProbe(outcome: AttemptOutcome, startedAt: number): void {
    if (outcome !== "success") {
      this.#open(outcome === "unknown" ? performance.now() : startedAt + this.#probeAfterMs);
      return;
    }
    this.options.counter.reset();
    this.#enter("closed");
    this.options.onChange?.("closed");
  }

  #open(probeAt: number): void {
    this.#probeAt = probeAt;
    this.#enter("open");
    this.options.onChange?.("open");
  }

  #enter(state: "closed" | "open" | "probing"): void {
    this.#state = state;
    this.#epoch += 1;
  }
}
