import type { Clock } from "../../platform/clock.js";
import type { SimulatedResponse } from "../http/service.js";

/** How long the gateway keeps a response (SDS notes, 9.6). */
const KEPT_MS = 1_800_000;
/** Bounds memory: above this number the oldest response is dropped. */
const MOST_KEPT = 2_000;

/**
 * The response cache of the gateway in front of SDS. It keeps successful responses for 30 minutes, empty ones as well.
 * `Cache-Control: no-cache` skips the look-up, and its response replaces the kept one.
 */
export class ResponseCache {
  readonly #kept = new Map<string, { readonly response: SimulatedResponse; readonly atMs: number }>();

  constructor(private readonly clock: Clock) {}

  get(key: string): SimulatedResponse | undefined {
    const kept = this.#kept.get(key);
    const age = kept ? this.clock.now() - kept.atMs : KEPT_MS;
    return age >= 0 && age < KEPT_MS ? kept?.response : undefined;
  }

  set(key: string, response: SimulatedResponse): void {
    this.#kept.delete(key);
    this.#kept.set(key, { response, atMs: this.clock.now() });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
  }

  clear(): void {
    this.#kept.clear();
  }
}
