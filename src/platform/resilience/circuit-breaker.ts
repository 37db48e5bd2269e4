import {
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  DelegateBackoff,
  handleWhen,
  type IBreaker,
  type IHalfOpenAfterBackoffContext,
} from "cockatiel";
import {
  PROBE_EVERY_MS,
  SERVICE_FAILING_SHARE,
  SERVICE_LEAST_ATTEMPTS,
  SERVICE_WINDOW_MS,
} from "./numbers.js";

/**
 * What an attempt that failed says of whoever is behind the circuit: `failed`, it did not do its work; `answered`, it
 * works, whatever it said; `untold`, nothing, for instance because the attempt was called off.
 */
export type Verdict = "failed" | "answered" | "untold";

export type CircuitChange = "open" | "closed";

/**
 * cockatiel's circuit breaker, with what it lacks here: nobody waits for a probe, a probe that tells nothing is
 * followed by another at once, a slow probe does not put off the next, and writes never probe.
 */
export class Circuit {
  readonly #policy: CircuitBreakerPolicy;
  readonly #counted = new WeakSet<Error>();
  #probeAt = 0;
  #probedAt = 0;
  #probeToldNothing = false;

  /** @param refusal made for each call that is turned away. */
  constructor(
    private readonly breaker: IBreaker & { readonly isClean: boolean },
    private readonly refusal: () => Error,
    onChange: (state: CircuitChange) => void,
  ) {
    const halfOpenAfter = new DelegateBackoff((context: IHalfOpenAfterBackoffContext) => this.#rest(context));
    this.#policy = circuitBreaker(
      handleWhen((error) => this.#counted.delete(error)),
      { breaker, halfOpenAfter },
    );
    this.#policy.onBreak(() => onChange("open"));
    this.#policy.onReset(() => {
      // Not every answer that closes the circuit is counted as a success; what opened it is over all the same.
      breaker.success(CircuitState.HalfOpen);
      onChange("closed");
    });
  }

  /** Whether a call would be turned away now. Asking changes nothing. */
  refuses(purpose: "read" | "write"): boolean {
    switch (this.#policy.state) {
      case CircuitState.Open:
        return purpose === "write" || Date.now() < this.#probeAt;
      case CircuitState.HalfOpen:
        return true;
      default:
        return false;
    }
  }

  /** Closed, with nothing to remember. */
  get isClean(): boolean {
    return this.#policy.state === CircuitState.Closed && this.breaker.isClean;
  }

  /**
   * @param judge says what a failure of the work means, of a probe or an ordinary call; asked right after it.
   * @throws the refusal when the circuit is open; the work has not been begun.
   */
  run<T>(
    purpose: "read" | "write",
    work: () => Promise<T>,
    judge: (isProbe: boolean) => Verdict,
  ): Promise<T> {
    if (this.refuses(purpose)) return Promise.reject(this.refusal());
    const isProbe = this.#policy.state === CircuitState.Open;
    if (isProbe) this.#probedAt = Date.now();
    return this.#policy.execute(async () => {
      try {
        return await work();
      } catch (error) {
        const verdict = judge(isProbe);
        const toldNothing = isProbe && verdict === "untold";
        if (isProbe) this.#probeToldNothing = toldNothing;
        // For cockatiel any other error is a success of the probe, and nothing at all of an ordinary call.
        if (error instanceof Error && (toldNothing || verdict === "failed")) this.#counted.add(error);
        throw error;
      }
    });
  }

  /** How long the circuit rests before its next probe. */
  #rest({ attempt }: IHalfOpenAfterBackoffContext): number {
    const now = Date.now();
    const sinceProbe = attempt > 1 ? now - this.#probedAt : 0;
    const rest = attempt > 1 && this.#probeToldNothing ? 0 : Math.max(0, PROBE_EVERY_MS - sinceProbe);
    this.#probeAt = now + rest;
    return rest;
  }
}

/** Opens at so many failures in a row. */
export class FailuresInARowBreaker extends ConsecutiveBreaker {
  get isClean(): boolean {
    return this.state === 0;
  }
}

/**
 * Opens at half of at least 20 attempts in 10 s (design, section 7). cockatiel's `SamplingBreaker` does not fit: its
 * windows only move on while there are calls, so failures of the hour before would count.
 */
export class FailingShareBreaker implements IBreaker {
  state: { readonly at: number; readonly failed: boolean }[] = [];
  /** Where the window begins. What lies before is thrown away by the heap: to shift thousands for each call is dear. */
  #first = 0;
  #failed = 0;

  get isClean(): boolean {
    return this.#attempts === 0;
  }

  success(state: CircuitState): void {
    if (state === CircuitState.HalfOpen) this.#forgetAll();
    else this.#note(false);
  }

  failure(state: CircuitState): boolean {
    this.#note(true);
    if (state !== CircuitState.Closed) return true;
    return this.#attempts >= SERVICE_LEAST_ATTEMPTS && this.#failed >= this.#attempts * SERVICE_FAILING_SHARE;
  }

  get #attempts(): number {
    return this.state.length - this.#first;
  }

  #note(failed: boolean): void {
    const at = performance.now();
    this.state.push({ at, failed });
    if (failed) this.#failed += 1;
    for (let oldest = this.state[this.#first]; oldest; oldest = this.state[this.#first]) {
      if (oldest.at > at - SERVICE_WINDOW_MS) break;
      if (oldest.failed) this.#failed -= 1;
      this.#first += 1;
    }
    if (this.#first < this.state.length / 2) return;
    this.state.splice(0, this.#first);
    this.#first = 0;
  }

  #forgetAll(): void {
    this.state = [];
    this.#first = 0;
    this.#failed = 0;
  }
}
