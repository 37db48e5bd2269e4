import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { redact } from "../platform/redact.js";

const store = new AsyncLocalStorage<string>();

/** The correlation id of the HTTP request that is being served; a fresh one outside of any. */
export function currentCorrelationId(): string {
  return store.getStore() ?? randomUUID();
}

/**
 * Gives each HTTP request a correlation id: the caller's `X-Correlation-ID` where it can be passed on safely,
 * else a new UUID. It is named in the answer's headers and in every error.
 */
export function registerCorrelation(app: FastifyInstance): void {
  app.addHook("onRequest", (request, reply, done) => {
    const correlationId = acceptable(request.headers["x-correlation-id"]) ?? randomUUID();
    reply.header("x-correlation-id", correlationId);
    store.run(correlationId, done);
  });
}

/** No dots (PDS's gateway joins ids with them), and nothing that looks like an NHS number: the id is passed on and logged. */
function acceptable(header: string | string[] | undefined): string | undefined {
  if (typeof header !== "string" || !/^[A-Za-z0-9_-]{8,64}$/.test(header)) return undefined;
  return redact(header) === header ? header : undefined;
}
