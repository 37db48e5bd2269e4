import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { Agent, type Dispatcher } from "undici";
import { createConnector } from "../tls/tls-connector.js";
import type { TlsSource } from "../tls/tls-source.js";
import { exchange } from "./http-exchange.js";
import { toHttpFailure } from "./http-failure.js";

export { HttpFailure, type HttpFailureKind } from "./http-failure.js";

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

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; a repeated header is joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
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
 * How long a connection without work is kept where the server does not say. Spine recommends that it is (GP Connect notes,
 * 3.2): a person takes longer than undici's four seconds from one step to the next, and a handshake with certificates on
 * both sides costs more than a call. Gateways keep theirs for a minute or so, so it is we who close.
 */
const KEPT_IDLE_MS = 30_000;

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
      keepAliveTimeout: KEPT_IDLE_MS,
      connect: createConnector({ timeoutMs: CONNECT_TIMEOUT_MS, tls: options.tls }),
      // One time-out rules the exchange (`http-exchange.ts`); undici's own two would only blur which one struck.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxResponseSize: this.#maxResponseBytes,
    });
  }

  /** @throws HttpFailure when there is no whole answer; any status is an answer. */
  async request({ url, headers, body, ...rest }: HttpRequest): Promise<HttpResponse> {
    const request = {
      ...splitUrl(url),
      method: rest.method,
      headers: { ...headers, "accept-encoding": "gzip" },
      body: body ?? null,
    };
    const answer = await exchange(this.#agent, request, rest);
    const folded = foldHeaders(answer.headers);
    return { status: answer.status, headers: folded, body: await this.#readBody(answer.body, folded) };
  }

  async #readBody(body: Buffer, headers: Record<string, string>): Promise<string> {
    if (headers["content-encoding"]?.toLowerCase() !== "gzip") return toText(body);
    try {
      return toText(await unzip(body, { maxOutputLength: this.#maxResponseBytes }));
    } catch (error) {
      throw toHttpFailure(error);
    }
  }

  /** Lets the exchanges under way end, then closes every connection. */
  async close(): Promise<void> {
    await this.#agent.close();
  }
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

/** UTF-8, without the mark of byte order that some systems put in front. */
function toText(bytes: Buffer): string {
  const text = bytes.toString("utf8");
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}
