import { raceWithSignal } from "../resilience/wait.js";
import {
  LdapConnection,
  type LdapEntry,
  type LdapSearchRequest,
  type LdapTarget,
} from "./ldap-connection.js";
import { LdapFailure, toLdapFailure } from "./ldap-failure.js";

export type { LdapEntry, LdapSearchRequest, LdapTls } from "./ldap-connection.js";
export { LdapFailure, type LdapFailureKind } from "./ldap-failure.js";

export interface LdapSearch extends Omit<LdapSearchRequest, "timeLimitSeconds"> {
  /** For everything: waiting, connecting and the response. */
  readonly timeoutMs: number;
  /** Ends the wait early. The connection and the searches of others go on. */
  readonly signal?: AbortSignal | undefined;
}

export interface LdapClientOptions extends Omit<LdapTarget, "connectTimeoutMs"> {
  readonly connectTimeoutMs?: number | undefined;
  /** Searches in flight on the connection; further ones wait. slapd closes a connection with more than 100. */
  readonly maxInFlight?: number | undefined;
}

interface Waiter {
  start(connection: LdapConnection): void;
  fail(failure: LdapFailure): void;
}

/** Reads from one directory over one persistent connection, opened when it is first needed. It knows no service. */
export class LdapClient {
  readonly #waiting = new Set<Waiter>();
  readonly #inFlight = new Set<Promise<unknown>>();
  #connection: LdapConnection | undefined;
  #opening: Promise<void> | undefined;
  #closed = false;

  constructor(private readonly options: LdapClientOptions) {}

  /**
   * Sends the search once; a retry is up to the caller. After a cut connection, a time-out, or a result code that says the
   * server is unavailable, the next search uses a new connection.
   *
   * @throws LdapFailure
   */
  async search({ timeoutMs, signal, ...search }: LdapSearch): Promise<LdapEntry[]> {
    // One second more than our own time-out, so that ours ends the search.
    const request = { ...search, timeLimitSeconds: Math.ceil(timeoutMs / 1_000) + 1 };
    const timeout = AbortSignal.timeout(timeoutMs);
    const leave = signal ? AbortSignal.any([signal, timeout]) : timeout;
    if (this.#closed) throw new LdapFailure("cancelled");
    if (leave.aborted) throw toLdapFailure(leave);

    let waiter: Waiter | undefined;
    const entries = new Promise<LdapEntry[]>((resolve, reject) => {
      waiter = {
        start: (connection) => {
          const end = connection.search(request, timeout);
          end.then(resolve, reject).finally(() => this.#startWaiting());
        },
        fail: reject,
      };
      this.#waiting.add(waiter);
    });
    this.#inFlight.add(entries);
    this.#startWaiting();
    try {
      return await raceWithSignal(entries, leave, toLdapFailure);
    } finally {
      this.#inFlight.delete(entries);
      if (waiter) this.#waiting.delete(waiter);
    }
  }

  /** Waits for the searches in flight, then closes the connection. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled([...this.#inFlight, this.#opening]);
    await this.#connection?.close();
  }

  /** Starts waiting searches in order, within the limit of the connection. */
  #startWaiting(): void {
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
          // Nobody waits for an unreachable server; the next search tries again.
          for (const waiter of this.#waiting) waiter.fail(failure);
          this.#waiting.clear();
        },
      )
      .finally(() => {
        this.#opening = undefined;
        this.#startWaiting();
      });
  }
}
