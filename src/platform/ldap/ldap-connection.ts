import { once } from "node:events";
import { connect, isIP, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectSecurely } from "node:tls";
import { Client, type Entry, type Filter, ResultCodeError } from "ldapts";
import { raceWithSignal } from "../resilience/wait.js";
import {
  connectFailure,
  LdapFailure,
  resultCodeFailure,
  systemCodeOf,
  toLdapFailure,
} from "./ldap-failure.js";

/** Options of a TLS connection. The server's certificate is always checked. */
export type LdapTls = Pick<ConnectionOptions, "ca" | "cert" | "key" | "minVersion" | "servername">;

/** A search below a base. */
export interface LdapSearchRequest {
  readonly baseDn: string;
  /** An object, never text, so that values need no escaping. */
  readonly filter: Filter;
  readonly attributes: readonly string[];
  /** After which the server should stop the search. */
  readonly timeLimitSeconds: number;
}

/**
 * An entry's attributes. Names are in lower case, because servers use their own spelling whatever the request says. Each
 * attribute is a list, whatever the number of its values.
 */
export type LdapEntry = ReadonlyMap<string, readonly string[]>;

export interface LdapTarget {
  /** `ldap://…` or `ldaps://…`, host and port. */
  readonly url: string;
  /** For `ldaps:`. Read again for each connection, so that renewed certificates are used. */
  readonly tls?: LdapTls | undefined;
  /** For the connection, its handshake and the anonymous bind together. */
  readonly connectTimeoutMs: number;
}

/** timeLimitExceeded, busy, unavailable: another connection may reach another server behind the same name. */
const SERVER_UNAVAILABLE: ReadonlySet<number> = new Set([3, 51, 52]);

/** One bound connection that carries many searches at once. It is not reused after it was cut. */
export class LdapConnection {
  #inFlight = 0;
  #retired = false;

  private constructor(
    private readonly client: Client,
    private readonly socket: Socket,
  ) {}

  /**
   * Connects and binds anonymously (simple bind, no SASL). The bind checks the connection: a rejected client certificate
   * shows only with the first response.
   *
   * @throws LdapFailure
   */
  static async open(target: LdapTarget): Promise<LdapConnection> {
    const isSecure = new URL(target.url).protocol === "ldaps:";
    const socket = isSecure ? connectWithTls(target) : connect(address(target.url, 389));
    let handshaking = false;
    socket.once("connect", () => {
      handshaking = isSecure;
    });
    const late = setTimeout(() => socket.destroy(new LdapFailure("timeout")), target.connectTimeoutMs);
    try {
      await once(socket, isSecure ? "secureConnect" : "connect");
      // Many small searches run at once: none may wait for the acknowledgement of the one before.
      socket.setNoDelay(true);
      // Notices when a firewall has silently dropped an idle connection.
      socket.setKeepAlive(true, 30_000);
      const client = createClientOver(socket);
      await client.bind("", "");
      return new LdapConnection(client, socket);
    } catch (error) {
      socket.destroy();
      if (error instanceof ResultCodeError) throw resultCodeFailure(error.code);
      throw connectFailure(socket.errored ?? error, handshaking);
    } finally {
      clearTimeout(late);
    }
  }

  /** Searches without a response yet, whether or not somebody still waits for them. */
  get inFlight(): number {
    return this.#inFlight;
  }

  get isUsable(): boolean {
    return !this.#retired && !this.#isCut;
  }

  get #isCut(): boolean {
    return this.socket.destroyed || this.socket.readableEnded || !this.client.isConnected;
  }

  /**
   * @param timeout ends the search. Its fate is then unknown, so the connection takes no further search.
   * @throws LdapFailure
   */
  async search(request: LdapSearchRequest, timeout: AbortSignal): Promise<LdapEntry[]> {
    const { baseDn, filter, attributes, timeLimitSeconds: timeLimit } = request;
    this.#inFlight += 1;
    try {
      const { searchEntries, searchReferences } = await raceWithSignal(
        this.client.search(baseDn, { scope: "sub", filter, attributes: [...attributes], timeLimit }),
        timeout,
        toLdapFailure,
      );
      if (searchReferences.length > 0) throw new LdapFailure("referral");
      return searchEntries.map(toEntry);
    } catch (error) {
      throw this.#toFailure(error);
    } finally {
      this.#inFlight -= 1;
      if (this.#retired && this.#inFlight === 0) void this.close();
    }
  }

  /** Unbinds and closes the connection. Searches in flight fail. */
  async close(): Promise<void> {
    this.#retired = true;
    await this.client.unbind().catch(() => {});
    this.socket.destroy();
  }

  #toFailure(error: unknown): LdapFailure {
    if (error instanceof ResultCodeError) {
      this.#retired ||= SERVER_UNAVAILABLE.has(error.code);
      return resultCodeFailure(error.code);
    }
    if (error instanceof LdapFailure) {
      this.#retired ||= error.kind === "timeout";
      return error;
    }
    if (this.#isCut) {
      return new LdapFailure("reset", { systemCode: systemCodeOf(this.socket.errored) });
    }
    // The library drops everything after a response that it cannot read.
    this.#retired = true;
    return new LdapFailure("malformed");
  }
}

function connectWithTls({ url, tls }: LdapTarget): Socket {
  const { host, port } = address(url, 636);
  const name = isIP(host) === 0 ? { servername: host } : {};
  try {
    return connectSecurely({ minVersion: "TLSv1.2", ...name, ...tls, host, port });
  } catch (error) {
    // A certificate or key that cannot be read, or a key of another certificate.
    throw connectFailure(error, true);
  }
}

function address(url: string, defaultPort: number): { host: string; port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname.replace(/^\[|\]$/g, ""), port: Number(port || defaultPort) };
}

/**
 * The library uses a socket that is ready. When it connects by itself, it does not distinguish time-outs from TLS
 * failures, and it reconnects after a cut without a limit.
 */
function createClientOver(socket: Socket): Client {
  let unused: Socket | undefined = socket;
  const handOver = () => {
    if (unused === undefined) throw new LdapFailure("reset");
    const given = unused;
    unused = undefined;
    return given;
  };
  return new Client({ url: "ldap://connected", createConnection: handOver });
}

function toEntry({ dn: _name, ...attributes }: Entry): LdapEntry {
  return new Map(
    Object.entries(attributes).map(([name, values]) => [name.toLowerCase(), [values].flat().map(String)]),
  );
}
