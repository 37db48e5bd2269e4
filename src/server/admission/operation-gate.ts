export interface OperationGateOptions {
  /** Operations at the same time. */
  readonly maxConcurrent: number;
  /** Operations that wait for one of these to end. */
  readonly maxQueued: number;
  /** How long an operation waits. */
  readonly maxWaitMs: number;
}

/**
 * Limits the operations that run at the same time. A short queue absorbs bursts; whatever exceeds it is refused at once,
 * so that the admitted operations keep their deadline.
 */
export class OperationGate {
  #running = 0;
  readonly #queue = new Set<(admitted: boolean) => void>();

  constructor(private readonly options: OperationGateOptions) {}

  get running(): number {
    return this.#running;
  }

  /** True when a new operation would be refused at once. */
  get isFull(): boolean {
    const { maxConcurrent, maxQueued } = this.options;
    return this.#running >= maxConcurrent && this.#queue.size >= maxQueued;
  }

  /**
   * Waits for a place. Whoever gets one calls {@link release} when the operation has ended.
   *
   * @param signal takes the operation out of the queue, for a client that has gone.
   */
  async enter(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted || this.isFull) return false;
    if (this.#running < this.options.maxConcurrent) {
      this.#running += 1;
      return true;
    }
    return new Promise((resolve) => {
      const settle = (admitted: boolean) => {
        clearTimeout(timer);
        signal.removeEventListener("abort", leave);
        this.#queue.delete(settle);
        resolve(admitted);
      };
      const leave = () => settle(false);
      const timer = setTimeout(leave, this.options.maxWaitMs);
      signal.addEventListener("abort", leave);
      this.#queue.add(settle);
    });
  }

  /** Gives the place to the operation that has waited longest. */
  release(): void {
    const [next] = this.#queue;
    if (next === undefined) this.#running -= 1;
    else next(true);
  }
}
