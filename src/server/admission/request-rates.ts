import type { Caller } from "../../domain/caller.js";
import type { Clock } from "../../platform/clock.js";
import { hasherOf } from "../../platform/crypto/hmac.js";
import { LocalCounter, type SharedCounter, WINDOW_MS } from "./request-counter.js";

/** What a request has used of its limit. */
export interface RateOutcome {
  /** Whose limit it is. */
  readonly policy: "caller" | "organisation" | "anonymous";
  readonly exceeded: boolean;
  /** Requests in a window of one second. */
  readonly limit: number;
  readonly remaining: number;
  /** Seconds until the window ends, at least 1. */
  readonly resetSeconds: number;
}

export interface RequestRatesOptions {
  readonly clock: Clock;
  /** Keyed, so that nobody can read from a key who made requests. */
  readonly hashKey: Buffer;
  /** Counts for all processes together. Without it each process counts for itself. */
  readonly shared?: SharedCounter | undefined;
  readonly callerLimit: number;
  /** Left out: ten times the caller's limit, since an organisation has many callers. */
  readonly organisationLimit?: number | undefined;
  readonly anonymousLimit: number;
}

const ORGANISATION_FACTOR = 10;
/**
 * Counts the requests of callers, of their organisations, and of senders without a valid token, in windows of one
 * second. Without a shared counter, or while it is lost, each process counts for itself: then the limits hold for each
 * process.
 */
export class RequestRates {
  readonly #local: LocalCounter;
  #lostUntil = 0;

  constructor(private readonly options: RequestRatesOptions) {
    this.#local = new LocalCounter(options.clock);
  }

  /**
   * Counts a request of a caller against the caller's limit and that of the organisation.
   *
   * @returns the outcome of the limit that leaves the caller less.
   */
  async countCaller({ person, organisation }: Caller): Promise<RateOutcome> {
    const { callerLimit, organisationLimit = callerLimit * ORGANISATION_FACTOR } = this.options;
    const { localId, subject = "" } = person;
    const [own, shared] = await Promise.all([
      this.#count("caller", [organisation.odsCode, localId, subject], callerLimit),
      this.#count("organisation", [organisation.odsCode], organisationLimit),
    ]);
    if (own.exceeded !== shared.exceeded) return own.exceeded ? own : shared;
    return shared.remaining < own.remaining ? shared : own;
  }

  /** Counts a request without a valid token. All senders share one limit of this process: they have no identity. */
  countAnonymous(): RateOutcome {
    const { anonymousLimit } = this.options;
    return this.#toOutcome("anonymous", this.#local.increment("anonymous"), anonymousLimit);
  }

  async #count(policy: RateOutcome["policy"], who: readonly string[], limit: number): Promise<RateOutcome> {
    const text = JSON.stringify([policy, ...who]);
    const key = hasherOf(this.options.hashKey).base64url(text);
    return this.#toOutcome(policy, (await this.#countTogether(key)) ?? this.#local.increment(key), limit);
  }

  #toOutcome(policy: RateOutcome["policy"], count: number, limit: number): RateOutcome {
    return { policy, exceeded: count > limit, limit, remaining: Math.max(0, limit - count), resetSeconds: 1 };
  }

  /** Undefined when nothing is counted together. A lost counter is tried again after a second. */
  async #countTogether(key: string): Promise<number | undefined> {
    const { shared } = this.options;
    if (shared === undefined || performance.now() < this.#lostUntil) return undefined;
    try {
      return await shared.increment(key);
    } catch {
      this.#lostUntil = performance.now() + WINDOW_MS;
      return undefined;
    }
  }
}
