import { LRUCache } from "lru-cache";
import type { Clock } from "../../../platform/clock.js";
import type { Secret } from "../../../platform/crypto/secret.js";
import { signalUntil } from "../../../platform/resilience/deadline.js";
import { waitForSharedResponse } from "../../../platform/resilience/shared-response.js";
import type { CallContext } from "../../call-context.js";
import type { UpstreamService } from "../../policies.js";

/** An access token as its issuer gave it. */
export interface IssuedToken {
  readonly token: Secret;
  /** How long the issuer lets it live. */
  readonly ttlMs: number;
  /** When it was issued, by the issuer's clock, where it says so. */
  readonly issuedAt?: number | undefined;
  /** The end of something that the token must not outlive, milliseconds since the epoch. */
  readonly notBeyond?: number | undefined;
}

/** Requests a token from the issuer. The context is the caller's, but does not end with the caller's request. */
export type IssueToken = (context: CallContext) => Promise<IssuedToken>;

export interface AccessTokensOptions {
  readonly clock: Clock;
  /** The service that the tokens are for: waiting in vain for one is laid at it. */
  readonly service: UpstreamService;
  /** Owners whose tokens are kept; beyond it the one longest unused is forgotten. */
  readonly maxOwners?: number;
}

interface Held {
  readonly token: Secret;
  readonly renewAt: number;
}

/** The longest that a token request may take, retries included: as long as the request that needs it can last. */
const LONGEST_REQUEST_MS = 20_000;

/**
 * Access tokens: fetched when first needed, shared while in flight, kept in this process's memory only until shortly
 * before they expire (PDS notes, 3.6). Nothing here is logged or stored elsewhere.
 */
export class AccessTokens {
  readonly #held: LRUCache<string, Held>;
  readonly #pending = new Map<string, Promise<Secret>>();

  constructor(private readonly options: AccessTokensOptions) {
    this.#held = new LRUCache({ max: options.maxOwners ?? 10_000, ttlAutopurge: true });
  }

  /**
   * A token that may be used now.
   *
   * @param owner of the token: the client, or one person. A token is never used for another owner.
   * @param issue runs once for all simultaneous callers with the same owner. It continues when the caller that started it
   *   disconnects, because others wait for the token.
   */
  async get(owner: string, context: CallContext, issue: IssueToken): Promise<Secret> {
    const { clock, service } = this.options;
    const held = this.#held.get(owner);
    if (held && clock.now() < held.renewAt) return held.token;
    const pending = this.#pending.get(owner) ?? this.#request(owner, context, issue);
    this.#pending.set(owner, pending);
    return waitForSharedResponse(pending, context.signal, service);
  }

  /** Discards a token that was refused. Does nothing when another token has replaced it meanwhile. */
  drop(owner: string, token: Secret): void {
    if (this.#held.peek(owner)?.token === token) this.#held.delete(owner);
  }

  async #request(owner: string, context: CallContext, issue: IssueToken): Promise<Secret> {
    const requestedAt = this.options.clock.now();
    try {
      const issued = await issue({ ...context, signal: signalUntil(LONGEST_REQUEST_MS) });
      this.#keep(owner, issued, requestedAt);
      return issued.token;
    } finally {
      this.#pending.delete(owner);
    }
  }

  #keep(owner: string, issued: IssuedToken, requestedAt: number): void {
    const now = this.options.clock.now();
    const until = renewAt(issued, requestedAt, now);
    // The owner may never call again, so an expired token is removed from memory by a timer.
    if (until > now) this.#held.set(owner, { token: issued.token, renewAt: until }, { ttl: until - now });
  }
}

/** Longer than the time to live of any token, and short enough for a timer. */
const LONGEST_LIFE_MS = 24 * 60 * 60 * 1000;

/** A twentieth of its time to live before its end, but between 5 and 30 seconds (PDS notes, 3.6). */
function renewAt({ ttlMs, issuedAt, notBeyond }: IssuedToken, requestedAt: number, now: number): number {
  const marginMs = Math.min(30_000, Math.max(5_000, ttlMs / 20));
  // It was issued after the request, so it is valid at least until then, even if a clock is wrong.
  const ends = [requestedAt + Math.min(ttlMs, LONGEST_LIFE_MS)];
  // A token that has expired when it arrives means that the clocks differ. Trusting it would cost a call for each use.
  if (issuedAt !== undefined && issuedAt + ttlMs - marginMs > now) ends.push(issuedAt + ttlMs);
  if (notBeyond !== undefined) ends.push(notBeyond);
  return Math.min(...ends) - marginMs;
}
