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

/** What a TLS connection is made with. The server's certificate is always checked. */
export type LdapTls = Pick<ConnectionOptions, "ca" | "cert" | "key" | "minVersion" | "servername">;

/** A search below a base, as the directory is asked it. */
export interface LdapQuestion {
  readonly baseDn: string;
  /** An object, never text: values then need no escaping. */
  readonly filter: Filter;
  readonly attributes: readonly string[];
  /** When the server should stop by itself. */
  readonly timeLimitSeconds: number;
}

/**
 * An entry's attributes. Names are in lower case, since servers answer in their own spelling whatever was asked;
 * each attribute is a list, whatever the number of its values.
 */
export type LdapEntry = ReadonlyMap<string, readonly string[]>;

export interface LdapTarget {
  /** `ldap://…` or `ldaps://…`, host and port. */
  readonly url: string;
  /** For `ldaps:`. Read anew for each connection, so that renewed certificates are taken up. */
  readonly tls?: LdapTls | undefined;
  /** For the connection, its handshake and the anonymous bind together. */
  readonly connectTimeoutMs: number;
}

/** timeLimitExceeded, busy, unavailable: another connection may reach another server behind the same name. */
const SERVER_IN_TROUBLE: ReadonlySet<number> = new Set([3, 51, 52]);

/** One bound connection that carries many searches at once; when it is cut it is done with. */
export class LdapConnection {
  #inFlight = 0;
  #retired = false;

  private constructor(
    private readonly client: Client,
    private readonly socket: Socket,
  ) {}

  /**
   * Connects and binds anonymously (simple bind, no SASL). The bind makes sure of the connection: a rejected client
   * certificate shows as late as in the first answer.
   *
   * @throws LdapFailure
   */
  static async open(target: LdapTarget): Promise<LdapConnection> {
    const isSecure = new URL(target.url).protocol === "ldaps:";
    const socket = isSecure ? dialSecurely(target) : connect(address(target.url, 389));
    let handshaking = false;
    socket.once("connect", () => {
      handshaking = isSecure;
    });
    const late = setTimeout(() => socket.destroy(new LdapFailure("timeout")), target.connectTimeoutMs);
    try {
      await once(socket, isSecure ? "secureConnect" : "connect");
      // Many small searches side by side: none may wait until the one before has been acknowledged.
      socket.setNoDelay(true);
      // A firewall may forget an idle connection without a word; this notices.
      socket.setKeepAlive(true, 30_000);
      const client = speakOver(socket);
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

  /** Searches that the server has not answered, whether or not somebody still waits for them. */
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
   * @param timeout ends the search. What became of it is then unknown, so the connection takes no further one.
   * @throws LdapFailure
   */
  async search(question: LdapQuestion, timeout: AbortSignal): Promise<LdapEntry[]> {
    const { baseDn, filter, attributes, timeLimitSeconds: timeLimit } = question;
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

  /** Says goodbye and hangs up; searches in flight fail. */
  async close(): Promise<void> {
    this.#retired = true;
    await this.client.unbind().catch(() => {});
    this.socket.destroy();
  }

  #toFailure(error: unknown): LdapFailure {
    if (error instanceof ResultCodeError) {
      this.#retired ||= SERVER_IN_TROUBLE.has(error.code);
      return resultCodeFailure(error.code);
    }
    if (error instanceof LdapFailure) {
      this.#retired ||= error.kind === "timeout";
      return error;
    }
    if (this.#isCut) {
      return new LdapFailure("reset", { systemCode: systemCodeOf(this.socket.errored) });
    }
    // The library drops what follows an answer that it cannot read.
    this.#retired = true;
    return new LdapFailure("malformed");
  }
}

function dialSecurely({ url, tls }: LdapTarget): Socket {
  const { host, port } = address(url, 636);
  const name = isIP(host) === 0 ? { servername: host } : {};
  try {
    return connectSecurely({ minVersion: "TLSv1.2", ...name, ...tls, host, port });
  } catch (error) {
    // A certificate or key that cannot be read, or that do not belong together.
    throw connectFailure(error, true);
  }
}

function address(url: string, defaultPort: number): { host: string; port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname.replace(/^\[|\]$/g, ""), port: Number(port || defaultPort) };
}

/**
 * The library speaks over a socket that is ready; its own way of connecting would tell neither time-outs nor TLS
 * faults apart, and would come back by itself after a cut, without a limit.
 */
function speakOver(socket: Socket): Client {
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
