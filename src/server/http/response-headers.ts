import type { FastifyInstance } from "fastify";

/**
 * Headers of every response. Responses hold no page, so a browser that opens one must neither guess its type nor load or
 * frame anything (OWASP ASVS 5.0, 3.2.1 and 3.4.3 to 3.4.6). `Strict-Transport-Security` is added where TLS ends (RFC 6797,
 * section 7.2).
 */
export const SECURITY_HEADERS = {
  "x-content-type-options": "nosniff",
  "content-security-policy":
    "default-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
} as const;

/** Personal data must not be stored by a cache. */
export const NO_STORE = { "cache-control": "no-store" } as const;

const HEADERS = Object.entries(SECURITY_HEADERS);

/** Adds the headers to every response, errors included. A page sets a policy of its own. */
export function registerSecurityHeaders(app: FastifyInstance): void {
  app.addHook("onSend", (_request, reply, _payload, done) => {
    for (const [name, value] of HEADERS) if (!reply.hasHeader(name)) reply.header(name, value);
    done();
  });
}

/** Adds the header to every response below a path. A hook and not the handler, so that errors have it too. */
export function registerNoStore(app: FastifyInstance, path: string): void {
  app.addHook("onSend", ({ url }, reply, _payload, done) => {
    if (url.startsWith(path)) reply.headers(NO_STORE);
    done();
  });
}
