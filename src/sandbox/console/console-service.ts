import type { RequestHandler, RequestHead, SimulatedResponse } from "../http/service.js";
import { splitPath } from "../http/service.js";
import { type ConsoleFile, PAGE, readConsoleAssets } from "./console-assets.js";

const NOT_BUILT = `<!doctype html>
<html lang="en-GB"><meta charset="utf-8"><title>Console not built</title>
<p>The console has not been built. Run <code>npm run build</code>, then start the sandbox again. The control API under
<code>/__sandbox</code> works without it.</p>
</html>
`;

/** Nothing comes from another origin, and no script or style is inline. */
const CONTENT_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const PAGE_HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": CONTENT_POLICY,
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** The console at the root of the gateway: the page at `/`, its files under `/console/`. */
export class ConsoleService implements RequestHandler {
  readonly #files: ReadonlyMap<string, ConsoleFile>;

  /** @param folder the folder of the built console */
  constructor(folder: string) {
    this.#files = readConsoleAssets(folder);
  }

  respond({ method, path: target, headers }: RequestHead): SimulatedResponse {
    if (method !== "GET" && method !== "HEAD") return { status: 405, headers: { allow: "GET, HEAD" } };
    const { path } = splitPath(target);
    if (path === "/") return this.#page();
    const file = path.startsWith("/console/") ? this.#files.get(path.slice("/console/".length)) : undefined;
    if (!file || file.contentType === PAGE_HEADERS["content-type"]) return { status: 404 };
    const acceptsGzip = /\bgzip\b/.test(headers["accept-encoding"] ?? "");
    return {
      status: 200,
      headers: {
        "content-type": file.contentType,
        // The name contains the hash of the content, so a cached file never becomes stale.
        "cache-control": "public, max-age=31536000, immutable",
        "x-content-type-options": "nosniff",
        vary: "accept-encoding",
        ...(acceptsGzip && file.gzipped ? { "content-encoding": "gzip" } : {}),
      },
      body: (acceptsGzip && file.gzipped) || file.content,
    };
  }

  #page(): SimulatedResponse {
    const page = this.#files.get(PAGE);
    return { status: page ? 200 : 503, headers: PAGE_HEADERS, body: page?.content ?? NOT_BUILT };
  }
}
