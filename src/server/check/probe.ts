import { once } from "node:events";
import { connect, isIP, type Socket } from "node:net";
import { connect as connectSecurely, TLSSocket } from "node:tls";
import type { Clock } from "../../platform/clock.js";
import { HttpClient, HttpFailure } from "../../platform/http/http-client.js";
import type { TlsSource } from "../../platform/tls/tls-source.js";

/** What a look at an address showed. */
export interface Sighting {
  /** End of the other side's certificate, milliseconds since the epoch; absent without TLS. */
  readonly certificateEnds?: number;
  /** How far the other side's clock is ahead of ours, in milliseconds; absent where it did not say. */
  readonly clockAheadMs?: number;
}

/** Nothing was reached. `code` is the system's or OpenSSL's name of the reason, and no more of it is kept. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";

  constructor(readonly code: string) {
    super(`unreachable: ${code}`);
  }
}

export interface ProbeOptions {
  readonly clock: Clock;
  readonly tls?: TlsSource | undefined;
  readonly timeoutMs: number;
}

const PORTS: Record<string, number> = {
  "https:": 443,
  "http:": 80,
  "ldaps:": 636,
  "ldap:": 389,
  "rediss:": 6379,
  "redis:": 6379,
};

/**
 * Reaches an address as our clients would: TCP, TLS where the scheme says so and, over HTTP, one request for the root
 * of the service without any parameter, which no service answers with a patient. Any answer will do.
 *
 * @throws Unreachable
 */
export async function look(address: string, options: ProbeOptions): Promise<Sighting> {
  const url = new URL(address);
  const certificateEnds = await shakeHands(url, options);
  const clockAheadMs = url.protocol.startsWith("http") ? await compareClocks(address, options) : undefined;
  return {
    ...(certificateEnds !== undefined && { certificateEnds }),
    ...(clockAheadMs !== undefined && { clockAheadMs }),
  };
}

async function shakeHands(url: URL, { tls, timeoutMs }: ProbeOptions): Promise<number | undefined> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const port = Number(url.port || PORTS[url.protocol]);
  const isSecure = /^(https|ldaps|rediss):$/.test(url.protocol);
  const name = isIP(host) === 0 ? { servername: host } : {};
  const socket: Socket = isSecure
    ? connectSecurely({ minVersion: "TLSv1.2", ...name, ...tls?.current(), host, port })
    : connect({ host, port });
  try {
    await once(socket, isSecure ? "secureConnect" : "connect", { signal: AbortSignal.timeout(timeoutMs) });
    if (!(socket instanceof TLSSocket)) return undefined;
    return Date.parse(socket.getPeerCertificate().valid_to);
  } catch (error) {
    throw new Unreachable(codeOf(error));
  } finally {
    // What comes after the look is nobody's concern.
    socket.on("error", () => {});
    socket.destroy();
  }
}

/** The header tells whole seconds, cut off; half of one is put back, and half of the way. */
async function compareClocks(
  address: string,
  { clock, tls, timeoutMs }: ProbeOptions,
): Promise<number | undefined> {
  const http = new HttpClient({ connectionsPerOrigin: 1, tls });
  try {
    const leftAt = clock.now();
    const { headers } = await http.request({ method: "GET", url: address, headers: {}, timeoutMs });
    const theirs = Date.parse(headers.date ?? "");
    return Number.isNaN(theirs) ? undefined : theirs + 500 - (leftAt + clock.now()) / 2;
  } catch (error) {
    throw new Unreachable(error instanceof HttpFailure ? (error.systemCode ?? error.kind) : "unknown");
  } finally {
    await http.close();
  }
}

function codeOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return "unknown";
  if ("name" in error && error.name === "AbortError") return "timeout";
  if ("code" in error && typeof error.code === "string") return error.code;
  return "errors" in error && Array.isArray(error.errors) ? codeOf(error.errors[0]) : "unknown";
}
