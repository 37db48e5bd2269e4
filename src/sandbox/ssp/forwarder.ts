import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import { request as requestTls, Agent as TlsAgent } from "node:https";
import type { SimulatedResponse } from "../http/service.js";
import { PROXY_HEADER } from "../shared/proxy-header.js";
import { sspResponse } from "./ssp-outcome.js";

/** Hop-by-hop headers, which are not forwarded. */
const HOP_BY_HOP = new Set([
  "connection",
  "host",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Forwards requests to practices and streams the bodies. */
export class Forwarder {
  readonly #agent: Agent;
  readonly #timers = new Set<NodeJS.Timeout>();

  /**
   * @param proxySecret proves to the practices that a request comes from the proxy; without TLS in place of its certificate
   * @param timeoutMs how long the proxy waits for a practice; the practice still processes the request after that
   */
  constructor(
    private readonly proxySecret: string,
    private readonly timeoutMs: number,
    private readonly tls?: { readonly ca: string; readonly cert: string; readonly key: string },
  ) {
    this.#agent = tls ? new TlsAgent({ keepAlive: true, ...tls }) : new Agent({ keepAlive: true });
  }

  /**
   * Sends the request to the target URL without reparsing it, and returns the response. A request under way goes
   * on when the caller disconnects: the practice still processes it.
   */
  forward(target: string, method: string, incoming: IncomingMessage): Promise<SimulatedResponse> {
    const parts = /^https?:\/\/([^/:]+):(\d+)(\/.*)$/.exec(target);
    const withoutQuery = target.split("?", 1)[0];
    const unreachable = sspResponse(502, `ERROR_COMMUNICATING_TO_ENDPOINT_URL_${withoutQuery}`);
    // The caller disconnected before forwarding started, so the body is lost.
    if (!parts || incoming.destroyed) return Promise.resolve(unreachable);
    return new Promise((resolve) => {
      const [, host, port, path] = parts;
      const onward = (this.tls ? requestTls : request)(
        {
          host,
          port,
          path,
          method,
          headers: { ...endToEnd(incoming.headers), [PROXY_HEADER]: this.proxySecret },
          agent: this.#agent,
        },
        (response) => {
          if (isTimedOut) return void response.resume();
          clearTimeout(timer);
          resolve({
            status: response.statusCode ?? 502,
            headers: endToEnd(response.headers),
            body: response,
          });
        },
      );
      let isTimedOut = false;
      const timer = setTimeout(() => {
        isTimedOut = true;
        resolve(sspResponse(504, `TIMEOUT_FROM_ENDPOINT_URL_${withoutQuery}`));
      }, this.timeoutMs);
      this.#timers.add(timer);
      onward.on("close", () => {
        clearTimeout(timer);
        this.#timers.delete(timer);
      });
      onward.on("error", () => resolve(unreachable));
      incoming.once("close", () => {
        if (!incoming.complete) onward.destroy();
      });
      incoming.pipe(onward);
    });
  }

  /** Closes all connections to practices. */
  close(): void {
    this.#agent.destroy();
    for (const timer of this.#timers) clearTimeout(timer);
  }
}

function endToEnd(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !HOP_BY_HOP.has(name)) kept[name] = value;
  }
  return kept;
}
