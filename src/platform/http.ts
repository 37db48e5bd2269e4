import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { Agent, type Dispatcher } from "undici";
import { onAbort } from "./on-abort.js";
import type { TlsSource } from "./tls.js";
import { createConnector, HandshakeFailure } from "./tls-connector.js";

const unzip = promisify(gunzip);

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT";
  /** Sent byte for byte: no normalisation, since the proxy's URLs hold a second URL whose `//` must survive. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For the whole exchange, head and body. */
  readonly timeoutMs: number;
  /** Ends the exchange early. Leave it out for a write that must not be abandoned half way. */
  readonly signal?: AbortSignal | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case; a repeated header is joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * How an exchange can fail before there is an answer. `refused`, `unresolved` and `tls` are certain to have
 * left nothing at the other side; `timeout`, `reset` and `cancelled` are not; `too-large` is an answer beyond
 * what we read.
 */
export type HttpFailureKind =
  | "timeout"
  | "refused"
  | "unresolved"
  | "tls"
  | "reset"
  | "cancelled"
  | "too-large";

export class HttpFailure extends Error {
  override readonly name = "HttpFailure";

  constructor(
    readonly kind: HttpFailureKind,
    /** `ECONNREFUSED`, `UND_ERR_SOCKET`, …: all that is kept of the cause, which may hold addresses and received bytes. */
    readonly systemCode?: string | undefined,
  ) {
    super(`the exchange failed: ${kind}${systemCode ? ` (${systemCode})` : ""}`);
  }
}

export interface HttpClientOptions {
  /** Connections kept to each origin; further requests wait their turn. */
  readonly connectionsPerOrigin?: number;
  readonly maxResponseBytes?: number;
  /** Our certificate and the only authorities trusted; left out, none of ours and those that Node knows. */
  readonly tls?: Pick<TlsSource, "current"> | undefined;
}

const MEBIBYTE = 1024 * 1024;
const CONNECT_TIMEOUT_MS = 3_000;

/**
 * How many connections so many calls at once need: a quarter more, for undici takes a connection back into use only
 * after a whole turn of the event loop. With none to spare, a burst of answers is worked off before the first request
 * of the next burst leaves, and the line is idle meanwhile (`npm run bench -- practices`).
 */
export function connectionsFor(callsAtOnce: number): number {
  return Math.ceil(callsAtOnce * 1.25);
}

/** One HTTP/1.1 client over undici with kept connections. Knows nothing of any service. */
export class HttpClient {
  readonly #agent: Agent;
  readonly #maxResponseBytes: number;

  constructor(options: HttpClientOptions = {}) {
    this.#maxResponseBytes = options.maxResponseBytes ?? 32 * MEBIBYTE;
    this.#agent = new Agent({
      connections: options.connectionsPerOrigin ?? 64,
      pipelining: 1,
      connect: createConnector({ timeoutMs: CONNECT_TIMEOUT_MS, tls: options.tls }),
      // One time-out rules the exchange (below); undici's own two would only blur which one struck.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxResponseSize: this.#maxResponseBytes,
    });
  }

  /** @throws HttpFailure when there is no whole answer; any status is an answer. */
  async request(request: HttpRequest): Promise<HttpAnswer> {
    const end = endOf(request);
    try {
      if (end.cause !== undefined) throw new HttpFailure(end.cause);
      const { origin, path } = splitUrl(request.url);
      const answer = await this.#agent.request({
        origin,
        path,
        method: request.method,
        headers: { ...request.headers, "accept-encoding": "gzip" },
        body: request.body ?? null,
        signal: end.signal,
      });
      const headers = foldHeaders(answer.headers);
      return { status: answer.statusCode, headers, body: await this.#readBody(answer, headers) };
    } catch (error) {
      throw new HttpFailure(end.cause ?? failureKind(error), errorCode(error) || undefined);
    } finally {
      end.forget();
    }
  }

  async #readBody(answer: Dispatcher.ResponseData, headers: Record<string, string>): Promise<string> {
    if (headers["content-encoding"]?.toLowerCase() !== "gzip") return answer.body.text();
    const packed = Buffer.from(await answer.body.arrayBuffer());
    return (await unzip(packed, { maxOutputLength: this.#maxResponseBytes })).toString("utf8");
  }

  /** Lets the exchanges under way end, then closes every connection. */
  async close(): Promise<void> {
    await this.#agent.close();
  }
}

interface ExchangeEnd {
  readonly signal: AbortSignal;
  /** Why the exchange was ended by us, if it was. */
  readonly cause: "timeout" | "cancelled" | undefined;
  /** The exchange is over. */
  readonly forget: () => void;
}

/**
 * Ends an exchange at its time-out, or with the caller's signal. By hand: `AbortSignal.any` and `.timeout` leave weak
 * references behind, which with a thousand exchanges in one request cost more than the exchanges themselves.
 */
function endOf({ timeoutMs, signal }: HttpRequest): ExchangeEnd {
  const controller = new AbortController();
  let cause: ExchangeEnd["cause"];
  const endAs = (why: typeof cause) => {
    cause ??= why;
    controller.abort();
  };
  const callOff = () => endAs(signal?.reason?.name === "TimeoutError" ? "timeout" : "cancelled");
  const timer = setTimeout(endAs, timeoutMs, "timeout");
  const stopListening = signal && onAbort(signal, callOff);
  if (signal?.aborted) callOff();
  return {
    signal: controller.signal,
    get cause() {
      return cause;
    },
    forget: () => {
      clearTimeout(timer);
      stopListening?.();
    },
  };
}

/** Splits after the host by hand: URL parsers may rewrite the path. */
function splitUrl(url: string): { origin: string; path: string } {
  const match = /^(https?:\/\/[^/?#]+)([^#]*)$/i.exec(url);
  if (!match?.[1]) throw new TypeError("not an absolute http(s) URL");
  const rest = match[2] ?? "";
  return { origin: match[1], path: rest.startsWith("/") ? rest : `/${rest}` };
}

function foldHeaders(headers: Dispatcher.ResponseData["headers"]): Record<string, string> {
  const folded: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) folded[name.toLowerCase()] = Array.isArray(value) ? value.join(", ") : value;
  }
  return folded;
}

const REFUSED = new Set(["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH"]);
const UNRESOLVED = new Set(["ENOTFOUND", "EAI_AGAIN"]);
const TOO_LARGE = new Set(["UND_ERR_RES_EXCEEDED_MAX_SIZE", "ERR_BUFFER_TOO_LARGE"]);
const TIMEOUTS = new Set(["UND_ERR_CONNECT_TIMEOUT", "ETIMEDOUT"]);

/** Matches on `code` and never on class: two copies of undici may be loaded. */
function failureKind(error: unknown): HttpFailureKind {
  const code = errorCode(error);
  if (TIMEOUTS.has(code)) return "timeout";
  if (REFUSED.has(code)) return "refused";
  if (UNRESOLVED.has(code)) return "unresolved";
  if (TOO_LARGE.has(code)) return "too-large";
  // Trouble of TLS on a connection that stands is another matter: it leaves open what the other side has read.
  if (error instanceof HandshakeFailure) return "tls";
  return "reset";
}

/** Errors of Node itself fail `instanceof` in another realm (as under jest), so only the shape is looked at. */
function errorCode(error: unknown): string {
  if (typeof error !== "object" || error === null) return "";
  if ("code" in error && typeof error.code === "string") return error.code;
  if ("errors" in error && Array.isArray(error.errors)) return errorCode(error.errors[0]);
  return "cause" in error ? errorCode(error.cause) : "";
}
