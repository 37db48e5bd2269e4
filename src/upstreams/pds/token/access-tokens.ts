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

/** Asks the issuer. The context is the asker's, but does not end with the asker's request. */
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

/** The longest that a token may be asked for, repeats included: as long as the request that needs it lasts at most. */
const LONGEST_FLIGHT_MS = 20_000;

/**
 * Access tokens: fetched when first needed, shared while in flight, kept in this process's memory only until shortly
 * before they expire (PDS notes, 3.6). Nothing here is logged or stored elsewhere.
 */
export class AccessTokens {
  readonly #held: LRUCache<string, Held>;
  readonly #flights = new Map<string, Promise<Secret>>();

  constructor(private readonly options: AccessTokensOptions) {
    this.#held = new LRUCache({ max: options.maxOwners ?? 10_000, ttlAutopurge: true });
  }

  /**
   * A token that may be used now.
   *
   * @param owner whose it is: the client's, or one person's. A token never serves another owner.
   * @param issue runs once for all who ask for the same owner meanwhile. It goes on when the one who set it off has
   *   gone away, since the others wait for it and the next will want it.
   */
  async get(owner: string, context: CallContext, issue: IssueToken): Promise<Secret> {
    const { clock, service } = this.options;
    const held = this.#held.get(owner);
    if (held && clock.now() < held.renewAt) return held.token;
    const flight = this.#flights.get(owner) ?? this.#fly(owner, context, issue);
    this.#flights.set(owner, flight);
    return waitForSharedResponse(flight, context.signal, service);
  }

  /** Forgets a token that was refused. Does nothing when another has taken its place meanwhile. */
  drop(owner: string, token: Secret): void {
    if (this.#held.peek(owner)?.token === token) this.#held.delete(owner);
  }

  async #fly(owner: string, context: CallContext, issue: IssueToken): Promise<Secret> {
    const askedAt = this.options.clock.now();
    try {
      const issued = await issue({ ...context, signal: signalUntil(LONGEST_FLIGHT_MS) });
      this.#keep(owner, issued, askedAt);
      return issued.token;
    } finally {
      this.#flights.delete(owner);
    }
  }

  #keep(owner: string, issued: IssuedToken, askedAt: number): void {
    const now = this.options.clock.now();
    const until = renewAt(issued, askedAt, now);
    // The owner may never come back: what is over leaves the memory by itself.
    if (until > now) this.#held.set(owner, { token: issued.token, renewAt: until }, { ttl: until - now });
  }
}

/** No token of a service that is asked for one lives so long; timers end somewhere beyond it. */
const LONGEST_LIFE_MS = 24 * 60 * 60 * 1000;

/** Between 5 and 30 seconds before its end, a twentieth of its life (PDS notes, 3.6). */
function renewAt({ ttlMs, issuedAt, notBeyond }: IssuedToken, askedAt: number, now: number): number {
  const marginMs = Math.min(30_000, Math.max(5_000, ttlMs / 20));
  // It was issued after we asked, so it lives until then at least, however wrong a clock is.
  const ends = [askedAt + Math.min(ttlMs, LONGEST_LIFE_MS)];
  // A token that is over when it arrives tells of clocks that disagree; believing it would cost a call for each use.
  if (issuedAt !== undefined && issuedAt + ttlMs - marginMs > now) ends.push(issuedAt + ttlMs);
  if (notBeyond !== undefined) ends.push(notBeyond);
  return Math.min(...ends) - marginMs;
}
