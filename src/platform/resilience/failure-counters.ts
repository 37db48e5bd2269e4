/** Decides when a circuit breaker opens. */
export interface FailureCounter {
  countSuccess(): void;
  /** @returns whether the failures are too many now. */
  countFailure(): boolean;
  /** Forgets everything, once the service works again. */
  reset(): void;
  /** Whether nothing is counted. */
  readonly isClean: boolean;
}

/** Opens after so many failures in a row. */
export class ConsecutiveFailures implements FailureCounter {
  #failures = 0;

  constructor(private readonly limit: number) {}

  countSuccess(): void {
    this.#failures = 0;
  }

  countFailure(): boolean {
    this.#failures += 1;
    return this.#failures >= this.limit;
  }

  reset(): void {
    this.#failures = 0;
  }

  get isClean(): boolean {
    return this.#failures === 0;
  }
}

export interface FailureRateOptions {
  readonly windowMs: number;
  /** Fewer attempts than this in the window never open the circuit breaker. */
  readonly minAttempts: number;
  /** Share of failures, from 0 to 1. */
  readonly threshold: number;
}

/** Opens at a share of failures among the attempts of a sliding window. */
export class FailureRate implements FailureCounter {
  #attempts: { readonly at: number; readonly failed: boolean }[] = [];
  /** Where the window begins. The entries before it are dropped in bulk: shifting thousands for each call is expensive. */
  #first = 0;
  #failures = 0;

  constructor(private readonly options: FailureRateOptions) {}

  countSuccess(): void {
    this.#count(false);
  }

  countFailure(): boolean {
    this.#count(true);
    const { minAttempts, threshold } = this.options;
    return this.#size >= minAttempts && this.#failures >= this.#size * threshold;
  }

  reset(): void {
    this.#attempts = [];
    this.#first = 0;
    this.#failures = 0;
  }

  get isClean(): boolean {
    return this.#size === 0;
  }

  get #size(): number {
    return this.#attempts.length - this.#first;
  }

  #count(failed: boolean): void {
    const at = performance.now();
    this.#attempts.push({ at, failed });
    if (failed) this.#failures += 1;
    for (let oldest = this.#attempts[this.#first]; oldest; oldest = this.#attempts[this.#first]) {
      if (oldest.at > at - this.options.windowMs) break;
      if (oldest.failed) this.#failures -= 1;
      this.#first += 1;
    }
    if (this.#first < this.#attempts.length / 2) return;
    this.#attempts.splice(0, this.#first);
    this.#first = 0;
  }
}
