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

/** Permission to make one call. Exactly one of its functions is called, once, right after the end of the call. */
export interface CircuitPermit {
  readonly isProbe: boolean;
  readonly succeed: () => void;
  /** @param outcome what the call's error says about the service. */
  readonly fail: (outcome: AttemptOutcome) => void;
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

  /** Rejecting calls, or waiting for the end of a probe. */
  get isOpen(): boolean {
    return this.#state !== "closed";
  }

  /** Closed, and nothing is counted. */
  get isClean(): boolean {
    return this.#state === "closed" && this.options.counter.isClean;
  }

  /**
   * Lets one call through, as the probe where one is due. Report its end to the permit; until then, no other probe starts.
   *
   * @param mayProbe false for a call that changes data, which must not be the probe.
   * @throws the rejection when the circuit breaker is open.
   */
  acquire(mayProbe = true): CircuitPermit {
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
    return {
      isProbe,
      succeed: () => conclude("success"),
      // Only a successful response counts as a success; an error that proves the service works counts as nothing.
      fail: (outcome) => conclude(!isProbe && outcome === "success" ? "unknown" : outcome),
    };
  }

  /** Runs work of which every error is a failure. @throws the rejection, without starting the work; else what it throws. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const permit = this.acquire();
    try {
      const value = await work();
      permit.succeed();
      return value;
    } catch (error) {
      permit.fail("failure");
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
