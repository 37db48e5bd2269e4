import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { FastifyInstance } from "fastify";
import { parseNhsNumber } from "../../domain/nhs-number.js";

/**
 * The id of an HTTP request, Fastify's `request.id`: the caller's `X-Correlation-ID` if it is safe to log and to send
 * upstream, else a new UUID. A safe id is a UUID or a W3C trace id (32 hexadecimal digits). Any other text could name
 * a patient in the log.
 */
export function correlationIdFor({ headers }: IncomingMessage): string {
  const value = headers["x-correlation-id"];
  return typeof value === "string" && isSafeId(value) ? value : randomUUID();
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const TRACE_ID = /^[0-9a-f]{32}$/i;

/** An NHS number fits into either form, so an id in which one stands alone is not safe. */
function isSafeId(text: string): boolean {
  if (!UUID.test(text) && !TRACE_ID.test(text)) return false;
  return (text.match(/\d+/g) ?? []).every((digits) => parseNhsNumber(digits) === undefined);
}

/** Adds the request's id to the response headers, and to errors from before the operation was known. */
export function registerCorrelation(app: FastifyInstance): void {
  app.addHook("onRequest", ({ id }, reply, done) => {
    reply.header("x-correlation-id", id);
    done();
  });
  app.addHook("onSend", ({ id }, { statusCode }, payload, done) => {
    done(null, statusCode >= 400 && typeof payload === "string" ? withCorrelationId(payload, id) : payload);
  });
}

/** Errors from before the operation was known, such as a missing query, have not passed through `correlationPlugin`. */
function withCorrelationId(payload: string, correlationId: string): string {
  if (!payload.startsWith('{"errors":')) return payload;
  const body = JSON.parse(payload) as { errors: { extensions?: object }[] };
  const errors = body.errors.map((error) => ({
    ...error,
    extensions: { ...error.extensions, correlationId },
  }));
  return `${JSON.stringify({ ...body, errors })}\n`;
}
