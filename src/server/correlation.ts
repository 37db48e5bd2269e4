import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { ApolloServerPlugin } from "@apollo/server";
import type { FastifyInstance } from "fastify";
import { redact } from "../platform/telemetry/redact.js";
import type { ServerContext } from "./request-context.js";

/**
 * The id of an HTTP request, Fastify's `request.id`: the caller's `X-Correlation-ID` where it can be passed on safely,
 * else a new UUID. No dots (PDS's gateway joins ids with them), and nothing that looks like an NHS number: the id is
 * passed on and logged.
 */
export function correlationIdFor({ headers }: IncomingMessage): string {
  const given = headers["x-correlation-id"];
  const isFit = typeof given === "string" && /^[A-Za-z0-9_-]{8,64}$/.test(given) && redact(given) === given;
  return isFit ? given : randomUUID();
}

/** Errors of operations, by the request that they were met in. An `AsyncLocalStorage` would slow down every promise of Node 22. */
const met = new WeakMap<object, string>();

/** The request that an error was met in; undefined for one met before there was an operation. */
export function correlationIdOf(error: unknown): string | undefined {
  return typeof error === "object" && error !== null ? met.get(error) : undefined;
}

/** Notes the request of each error before the error is put into words. */
export const correlationPlugin: ApolloServerPlugin<ServerContext> = {
  async requestDidStart({ contextValue }) {
    return {
      async didEncounterErrors({ errors }) {
        for (const error of errors) met.set(error, contextValue.call.correlationId);
      },
    };
  },
};

/** Names the request's id in the answer's headers, and in errors that know of no request. */
export function registerCorrelation(app: FastifyInstance): void {
  app.addHook("onRequest", async ({ id }, reply) => {
    reply.header("x-correlation-id", id);
  });
  app.addHook("onSend", async ({ id }, { statusCode }, payload) => {
    return statusCode >= 400 && typeof payload === "string" ? named(payload, id) : payload;
  });
}

/** What is refused before there is an operation, such as a request without a query, has not been through the plugin above. */
function named(payload: string, correlationId: string): string {
  if (!payload.startsWith('{"errors":')) return payload;
  const answer = JSON.parse(payload) as { errors: { extensions?: object }[] };
  const errors = answer.errors.map((error) => ({
    ...error,
    extensions: { ...error.extensions, correlationId },
  }));
  return `${JSON.stringify({ ...answer, errors })}\n`;
}
