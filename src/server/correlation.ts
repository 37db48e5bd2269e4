import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { ApolloServerPlugin } from "@apollo/server";
import type { FastifyInstance } from "fastify";
import { redact } from "../platform/telemetry/redact.js";
import type { ServerContext } from "./request-context.js";

/**
 * The id of an HTTP request, Fastify's `request.id`: the caller's `X-Correlation-ID` if it is safe to log and to send
 * upstream, else a new UUID. A safe id has no dot, because PDS's gateway joins ids with dots, and no NHS number.
 */
export function correlationIdFor({ headers }: IncomingMessage): string {
  const value = headers["x-correlation-id"];
  const isSafe = typeof value === "string" && /^[A-Za-z0-9_-]{8,64}$/.test(value) && redact(value) === value;
  return isSafe ? value : randomUUID();
}

/** The request id of each error. An `AsyncLocalStorage` instead would slow down every promise on Node.js 22. */
const requestIds = new WeakMap<object, string>();

/** The id of the request in which an error occurred. Undefined for an error from before the operation was known. */
export function correlationIdOf(error: unknown): string | undefined {
  return typeof error === "object" && error !== null ? requestIds.get(error) : undefined;
}

/** Remembers the request of each error for `formatError`, which is not told the request. */
export const correlationPlugin: ApolloServerPlugin<ServerContext> = {
  async requestDidStart({ contextValue }) {
    return {
      async didEncounterErrors({ errors }) {
        for (const error of errors) requestIds.set(error, contextValue.call.correlationId);
      },
    };
  },
};

/** Adds the request's id to the response headers, and to errors from before the operation was known. */
export function registerCorrelation(app: FastifyInstance): void {
  app.addHook("onRequest", async ({ id }, reply) => {
    reply.header("x-correlation-id", id);
  });
  app.addHook("onSend", async ({ id }, { statusCode }, payload) => {
    return statusCode >= 400 && typeof payload === "string" ? withCorrelationId(payload, id) : payload;
  });
}

/** Errors from before the operation was known, such as a missing query, have not passed through the plugin above. */
function withCorrelationId(payload: string, correlationId: string): string {
  if (!payload.startsWith('{"errors":')) return payload;
  const body = JSON.parse(payload) as { errors: { extensions?: object }[] };
  const errors = body.errors.map((error) => ({
    ...error,
    extensions: { ...error.extensions, correlationId },
  }));
  return `${JSON.stringify({ ...body, errors })}\n`;
}
