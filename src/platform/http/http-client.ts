import { Agent, type Dispatcher } from "undici";
import { createConnector } from "../tls/tls-connector.js";
import type { TlsSource } from "../tls/tls-source.js";
import { decodeBody, decodeErrorBody } from "./decode-body.js";
import { HttpExchange, type RawResponse } from "./http-exchange.js";

export { HttpFailure, type HttpFailureKind } from "./http-failure.js";

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT";
  /** Sent byte for byte, without normalisation: a proxy's URL may contain a second URL whose `//` must survive. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For the whole exchange, head and body. */
  readonly timeoutMs: number;
  /** Ends the exchange early. Leave it out for a write that must run to its end. */
  readonly signal?: AbortSignal | undefined;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; a repeated header is joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** Decompressed and decoded; empty when there is none. */
  readonly body: string;
}

export interface HttpClientOptions {
  /** Connections to each origin; further requests wait. */
  readonly connectionsPerOrigin?: number;
  readonly maxResponseBytes?: number;
  /** Our certificate and the authorities that we trust. Left out: no certificate, and the authorities that Node knows. */
  readonly tls?: Pick<TlsSource, "current"> | undefined;
}

const MEBIBYTE = 1024 * 1024;
const CONNECT_TIMEOUT_MS = 3_000;
/**
 * How long an idle connection is kept where the server does not say. Spine recommends keeping it (GP Connect notes, 3.2):
 * a person needs longer than undici's four seconds between two steps, and a mutual TLS handshake costs more than a call.
 * Gateways keep connections for about a minute, so we close first.
 */
const IDLE_CONNECTION_MS = 30_000;

/**
 * The number of connections for so many concurrent calls: a quarter more, because undici reuses a connection only after a
 * whole turn of the event loop. Without spare ones, a burst of responses is processed before the first request of the
 * next burst is sent, and the network is idle meanwhile (`npm run bench -- practices`).
 */
export function connectionsFor(concurrentCalls: number): number {
  return Math.ceil(concurrentCalls * 1.25);
}

/** An HTTP/1.1 client over undici with persistent connections. It knows no service. */
export class HttpClient {
  readonly #agent: Agent;
  readonly #maxResponseBytes: number;

  constructor(options: HttpClientOptions = {}) {
    this.#maxResponseBytes = options.maxResponseBytes ?? 32 * MEBIBYTE;
    this.#agent = new Agent({
      connections: options.connectionsPerOrigin ?? 64,
      pipelining: 1,
      keepAliveTimeout: IDLE_CONNECTION_MS,
      connect: createConnector({ timeoutMs: CONNECT_TIMEOUT_MS, tls: options.tls }),
      // The only time-out is that of the exchange (`http-exchange.ts`): undici's two would hide which one ended it.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxResponseSize: this.#maxResponseBytes,
    });
  }

  /** @returns a complete response with any status. @throws HttpFailure when there is none. */
  async request({ url, headers, body, ...rest }: HttpRequest): Promise<HttpResponse> {
    const request = {
      ...splitUrl(url),
      method: rest.method,
      headers: { ...headers, "accept-encoding": "gzip" },
      body: body ?? null,
    };
    const response = new Promise<RawResponse>((resolve, reject) => {
      const exchange = new HttpExchange(rest, resolve, reject);
      if (!exchange.hasEndedEarly) this.#agent.dispatch(request, exchange);
    });
    const { status, headers: received, body: bytes } = await response;
    const folded = foldHeaders(received);
    const decode = status >= 200 && status <= 299 ? decodeBody : decodeErrorBody;
    return { status, headers: folded, body: await decode(bytes, folded, this.#maxResponseBytes) };
  }

  /** Waits for the exchanges in progress, then closes every connection. */
  async close(): Promise<void> {
    await this.#agent.close();
  }
}

/** Splits after the host without a URL parser, which may rewrite the path. */
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
