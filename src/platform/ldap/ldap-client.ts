import { raceWithSignal } from "../resilience/wait.js";
import { LdapConnection, type LdapEntry, type LdapQuestion, type LdapTarget } from "./ldap-connection.js";
import { LdapFailure, toLdapFailure } from "./ldap-failure.js";

export type { LdapEntry, LdapQuestion, LdapTls } from "./ldap-connection.js";
export { LdapFailure, type LdapFailureKind } from "./ldap-failure.js";

export interface LdapSearch extends Omit<LdapQuestion, "timeLimitSeconds"> {
  /** For all of it: waiting its turn, connecting and answering. */
  readonly timeoutMs: number;
  /** Lets the waiter go early; the connection and the searches of others go on. */
  readonly signal?: AbortSignal | undefined;
}

export interface LdapClientOptions extends Omit<LdapTarget, "connectTimeoutMs"> {
  readonly connectTimeoutMs?: number | undefined;
  /** Searches in flight on the connection; further ones wait. slapd hangs up on more than 100. */
  readonly maxInFlight?: number | undefined;
}

interface Waiter {
  start(connection: LdapConnection): void;
  fail(failure: LdapFailure): void;
}

/** Reads from one directory over one kept connection, opened when it is first needed. Knows nothing of any service. */
export class LdapClient {
  readonly #waiting = new Set<Waiter>();
  readonly #underWay = new Set<Promise<unknown>>();
  #connection: LdapConnection | undefined;
  #opening: Promise<void> | undefined;
  #closed = false;

  constructor(private readonly options: LdapClientOptions) {}

  /**
   * Sends the search once. Repeating it is for whoever asks: after a cut line, a time-out, or words of the server
   * that it is in trouble, the next search goes over a new connection.
   *
   * @throws LdapFailure
   */
  async search({ timeoutMs, signal, ...search }: LdapSearch): Promise<LdapEntry[]> {
    // A second more than we wait, so that ours is the limit that strikes.
    const question = { ...search, timeLimitSeconds: Math.ceil(timeoutMs / 1_000) + 1 };
    const timeout = AbortSignal.timeout(timeoutMs);
    const leave = signal ? AbortSignal.any([signal, timeout]) : timeout;
    if (this.#closed) throw new LdapFailure("cancelled");
    if (leave.aborted) throw toLdapFailure(leave);

    let waiter: Waiter | undefined;
    const answer = new Promise<LdapEntry[]>((resolve, reject) => {
      waiter = {
        start: (connection) => {
          const end = connection.search(question, timeout);
          end.then(resolve, reject).finally(() => this.#serve());
        },
        fail: reject,
      };
      this.#waiting.add(waiter);
    });
    this.#underWay.add(answer);
    this.#serve();
    try {
      return await raceWithSignal(answer, leave, toLdapFailure);
    } finally {
      this.#underWay.delete(answer);
      if (waiter) this.#waiting.delete(waiter);
    }
  }

  /** Lets the searches under way end, then hangs up. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled([...this.#underWay, this.#opening]);
    await this.#connection?.close();
  }

  /** Gives each waiter its turn, in order, as far as there are places on the connection. */
  #serve(): void {
    const { maxInFlight = 50 } = this.options;
    for (const waiter of this.#waiting) {
      const connection = this.#connection;
      if (!connection?.isUsable) {
        this.#open();
        return;
      }
      if (connection.inFlight >= maxInFlight) return;
      this.#waiting.delete(waiter);
      waiter.start(connection);
    }
  }

  #open(): void {
    const { connectTimeoutMs = 2_000 } = this.options;
    this.#opening ??= LdapConnection.open({ ...this.options, connectTimeoutMs })
      .then(
        (connection) => {
          this.#connection = connection;
        },
        (failure: LdapFailure) => {
          // Nobody waits on for a server that cannot be had; the next search tries again.
          for (const waiter of this.#waiting) waiter.fail(failure);
          this.#waiting.clear();
        },
      )
      .finally(() => {
        this.#opening = undefined;
        this.#serve();
      });
  }
}
