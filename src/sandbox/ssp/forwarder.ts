import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import type { SimulatedResponse } from "../http/service.js";
import { sspResponse } from "./ssp-outcome.js";

/** Headers that belong to one connection and are not passed on. */
const HOP_BY_HOP = new Set([
  "connection",
  "host",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Passes requests on to practices, bodies as streams. */
export class Forwarder {
  readonly #agent = new Agent({ keepAlive: true });

  /**
   * Sends the request to the target URL as it stands, without parsing and rebuilding it, and answers with what
   * comes back. A caller that hangs up does not stop a request that is under way: the practice still does it.
   */
  forward(target: string, method: string, incoming: IncomingMessage): Promise<SimulatedResponse> {
    const parts = /^http:\/\/([^/:]+):(\d+)(\/.*)$/.exec(target);
    const withoutQuery = target.split("?", 1)[0];
    const unreachable = sspResponse(502, `ERROR_COMMUNICATING_TO_ENDPOINT_URL_${withoutQuery}`);
    // A caller that left before anything was forwarded has taken the body along.
    if (!parts || incoming.destroyed) return Promise.resolve(unreachable);
    return new Promise((resolve) => {
      const [, host, port, path] = parts;
      const onward = request(
        { host, port, path, method, headers: endToEnd(incoming.headers), agent: this.#agent },
        (response) =>
          resolve({
            status: response.statusCode ?? 502,
            headers: endToEnd(response.headers),
            body: response,
          }),
      );
      onward.on("error", () => resolve(unreachable));
      incoming.once("close", () => {
        if (!incoming.complete) onward.destroy();
      });
      incoming.pipe(onward);
    });
  }

  /** Drops all connections to practices. */
  close(): void {
    this.#agent.destroy();
  }
}

function endToEnd(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !HOP_BY_HOP.has(name)) kept[name] = value;
  }
  return kept;
}
