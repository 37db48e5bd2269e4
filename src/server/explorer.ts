import { randomBytes } from "node:crypto";
import type { FastifyInstance, FastifyReply } from "fastify";
import { type ExplorerAssets, loadExplorerAssets } from "./explorer-assets.js";
import type { ExplorerOperation } from "./operations.js";

export type { ExplorerOperation } from "./operations.js";

/** The synthetic patients and practices of the sandbox, each with the case that it represents. */
export interface ExplorerPersonas {
  readonly patients: readonly { readonly nhsNumber: string; readonly name: string; readonly case: string }[];
  readonly practices: readonly { readonly odsCode: string; readonly name: string; readonly case: string }[];
}

export interface ExplorerOptions {
  /** The output folder of `scripts/build-pages.js`. */
  readonly assetsDir: string;
  readonly operations: readonly ExplorerOperation[];
  /** Absent when the server runs without the embedded sandbox. */
  readonly personas?: ExplorerPersonas | undefined;
  readonly graphqlPath: string;
}

const NOT_BUILT = `<!doctype html>
<html lang="en-GB"><meta charset="utf-8"><title>Explorer not built</title>
<p>The explorer has not been built. Run <code>npm run build</code>, then start the server again.</p>
</html>
`;

/**
 * Serves the explorer: the page at `/` and its assets under `/explorer/`. The content policy forbids the page to load
 * anything from another origin. All files are read once, at the start.
 */
export function registerExplorer(app: FastifyInstance, options: ExplorerOptions): void {
  const assets = loadExplorerAssets(options.assetsDir);
  if (assets === undefined) {
    app.get("/", (_request, reply) => sendPage(reply, 503, NOT_BUILT, "default-src 'none'"));
    return;
  }
  const config = dataElement({
    operations: options.operations,
    personas: options.personas,
    graphqlPath: options.graphqlPath,
  });
  app.get("/", (_request, reply) => {
    const nonce = randomBytes(16).toString("base64url");
    const page = fillIn(assets.page, { "%NONCE%": nonce, "<!--CONFIG-->": config });
    return sendPage(reply, 200, page, contentPolicy(nonce));
  });
  serveFiles(app, assets);
}

function serveFiles(app: FastifyInstance, assets: ExplorerAssets): void {
  app.get<{ Params: { file: string } }>("/explorer/:file", (request, reply) => {
    const file = assets.files.get(request.params.file);
    if (file === undefined) return reply.callNotFound();
    // The name contains the hash of the content, so a cached file never becomes stale.
    reply
      .header("cache-control", "public, max-age=31536000, immutable")
      .header("vary", "accept-encoding")
      .type(file.type);
    const acceptsGzip = /\bgzip\b/.test(request.headers["accept-encoding"] ?? "");
    if (file.gzipped === undefined || !acceptsGzip) return reply.send(file.content);
    return reply.header("content-encoding", "gzip").send(file.gzipped);
  });
}

function sendPage(reply: FastifyReply, status: number, page: string, policy: string): FastifyReply {
  return reply
    .code(status)
    .header("content-security-policy", policy)
    .header("cache-control", "no-store")
    .type("text/html; charset=utf-8")
    .send(page);
}

/**
 * Forbids inline scripts. The editor creates a style element, which needs the nonce, and underlines errors with images
 * in the style. Browsers add style attributes when they edit rich text.
 */
function contentPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** A data element for the page's script. The escape keeps any text from closing the element early. */
function dataElement(value: unknown): string {
  const json = JSON.stringify(value).replaceAll("<", "\\u003c");
  return `<script type="application/json" id="explorer-config">${json}</script>`;
}

/** Replaces the placeholders in one pass, so that a value that looks like a placeholder stays as it is. */
function fillIn(template: string, values: Record<string, string>): string {
  return template.replace(/%NONCE%|<!--CONFIG-->/g, (mark) => values[mark] ?? mark);
}
