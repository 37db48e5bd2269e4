import { once } from "node:events";
import { connect, isIP, type Socket } from "node:net";
import { connect as connectSecurely, TLSSocket } from "node:tls";
import type { Clock } from "../../platform/clock.js";
import { HttpClient, HttpFailure } from "../../platform/http/http-client.js";
import type { TlsSource } from "../../platform/tls/tls-source.js";

/** What a probe of an address measured. */
export interface ProbeResult {
  /** End of the server's certificate, in milliseconds since the epoch. Absent without TLS. */
  readonly certificateEnds?: number;
  /** How far the server's clock is ahead of ours, in milliseconds. Absent when the response has no `Date` header. */
  readonly clockAheadMs?: number;
  /** HTTP status of the root of the service. Absent for other protocols. */
  readonly status?: number;
}

/** The address could not be reached. `code` is the name of the reason by the system or OpenSSL; nothing else is kept. */
export class UnreachableError extends Error {
  override readonly name = "UnreachableError";

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
 * Connects to an address as our clients do: TCP, and TLS where the scheme requires it. Over HTTP it also requests the
 * root of the service without parameters, for which no service returns a patient. Any response counts as reachable.
 *
 * @throws UnreachableError
 */
export async function probe(address: string, options: ProbeOptions): Promise<ProbeResult> {
  const url = new URL(address);
  const certificateEnds = await connectTo(url, options);
  return {
    ...(certificateEnds !== undefined && { certificateEnds }),
    ...(url.protocol.startsWith("http") && (await requestRoot(address, options))),
  };
}

async function connectTo(url: URL, { tls, timeoutMs }: ProbeOptions): Promise<number | undefined> {
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
    throw new UnreachableError(codeOf(error));
  } finally {
    // A late error must not end the process: the probe is over.
    socket.on("error", () => {});
    socket.destroy();
  }
}

/** For the clock it adds half a second, since the `Date` header is cut to whole seconds, and compares with the middle of the exchange. */
async function requestRoot(
  address: string,
  { clock, tls, timeoutMs }: ProbeOptions,
): Promise<Pick<ProbeResult, "status" | "clockAheadMs">> {
  const http = new HttpClient({ connectionsPerOrigin: 1, tls });
  try {
    const sentAt = clock.now();
    const { status, headers } = await http.request({ method: "GET", url: address, headers: {}, timeoutMs });
    const theirs = Date.parse(headers.date ?? "");
    return Number.isNaN(theirs)
      ? { status }
      : { status, clockAheadMs: theirs + 500 - (sentAt + clock.now()) / 2 };
  } catch (error) {
    throw new UnreachableError(error instanceof HttpFailure ? (error.systemCode ?? error.kind) : "unknown");
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
