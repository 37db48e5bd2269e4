import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ErrorCode } from "../../platform/errors.js";
import type { Log } from "../../platform/telemetry/log.js";
import { NO_STORE, SECURITY_HEADERS } from "./response-headers.js";

/** An error that ends a request before GraphQL sees it. `reason` is a finer code from a closed list. */
export interface HttpError {
  readonly status: number;
  readonly code: ErrorCode;
  readonly reason?: string;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends an error in the form of GraphQL errors, so that clients handle every failure in the same way. */
export function sendError(reply: FastifyReply, error: HttpError): FastifyReply {
  return reply
    .code(error.status)
    .headers(error.headers ?? {})
    .type("application/json; charset=utf-8")
    .send(toErrorBody(error, reply.request.id));
}

/**
 * Sends an error without the hooks of the application, for refusals that must cost little. The headers that the hooks
 * would add are set here.
 */
export function sendErrorEarly(
  reply: FastifyReply,
  error: HttpError,
  headers: Readonly<Record<string, string>> = {},
): void {
  const { id } = reply.request;
  const body = toErrorBody(error, id);
  reply.hijack();
  reply.raw
    .writeHead(error.status, {
      "content-type": "application/json; charset=utf-8",
      "content-length": Buffer.byteLength(body),
      ...SECURITY_HEADERS,
      ...NO_STORE,
      "x-correlation-id": id,
      vary: "Origin",
      ...headers,
      ...error.headers,
    })
    .end(body);
}

function toErrorBody({ code, reason, message }: HttpError, correlationId: string): string {
  const extensions = { code, ...(reason && { reason }), correlationId };
  return `${JSON.stringify({ errors: [{ message, extensions }] })}\n`;
}

const BAD_REQUESTS: Readonly<Partial<Record<string, Omit<HttpError, "code">>>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: {
    status: 400,
    reason: "INVALID_JSON",
    message: "The request body is not valid JSON.",
  },
  FST_ERR_CTP_EMPTY_JSON_BODY: {
    status: 400,
    reason: "INVALID_JSON",
    message: "The request body is empty.",
  },
  FST_ERR_CTP_BODY_TOO_LARGE: {
    status: 413,
    reason: "BODY_TOO_LARGE",
    message: "The request body is larger than the limit.",
    // The rest of the body is not read, so the connection cannot be used again.
    headers: { connection: "close" },
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    status: 415,
    reason: "UNSUPPORTED_MEDIA_TYPE",
    message: "The request's content type is not supported. Send application/json.",
  },
};

/** Any other fault of a request. The framework's own message is not used, because it may quote the request. */
const MALFORMED = { reason: "MALFORMED_REQUEST", message: "The request is malformed." };

/** Reports the framework's own errors, unknown paths and malformed HTTP in the form of GraphQL errors. */
export function registerErrorResponses(app: FastifyInstance, log: Log): void {
  app.setNotFoundHandler((_request, reply) =>
    sendError(reply, {
      status: 404,
      code: "BAD_USER_INPUT",
      reason: "NOT_FOUND",
      message: "There is nothing at this path.",
    }),
  );
  app.setErrorHandler((error: FastifyError | HttpRequestError, request: FastifyRequest, reply) => {
    if (error instanceof HttpRequestError) return sendError(reply, error.response);
    const known = BAD_REQUESTS[error.code];
    if (known !== undefined) return sendError(reply, { code: "BAD_USER_INPUT", ...known });
    const { statusCode: status = 500 } = error;
    if (status >= 400 && status < 500) {
      return sendError(reply, { code: "BAD_USER_INPUT", status, ...MALFORMED });
    }
    // Only the name and the code: the message may quote the request.
    const { name, code } = error;
    log.error({ correlationId: request.id, error: { name, code } }, "unexpected error of the HTTP server");
    return sendError(reply, {
      status: 500,
      code: "INTERNAL_SERVER_ERROR",
      message: "Something went wrong on our side.",
    });
  });
}

/** Thrown by hooks that end a request with a response of their own. */
export class HttpRequestError extends Error {
  constructor(readonly response: HttpError) {
    super(response.message);
  }
}

const BARE_HEADERS = Object.entries({ ...SECURITY_HEADERS, ...NO_STORE }).map(
  ([name, value]) => `${name}: ${value}`,
);

/** Responds on the bare connection to what is not HTTP or arrives too slowly; there is no request object then. */
export function sendClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const isTimeout = error.code === "ERR_HTTP_REQUEST_TIMEOUT";
  const tooLarge = error.code === "HPE_HEADER_OVERFLOW";
  const status = isTimeout
    ? "408 Request Timeout"
    : tooLarge
      ? "431 Request Header Fields Too Large"
      : "400 Bad Request";
  const body = toErrorBody(
    isTimeout
      ? {
          status: 408,
          code: "BAD_USER_INPUT",
          reason: "REQUEST_TIMEOUT",
          message: "The request did not arrive in time.",
        }
      : { status: 400, code: "BAD_USER_INPUT", ...MALFORMED },
    randomUUID(),
  );
  const head = [
    `HTTP/1.1 ${status}`,
    "content-type: application/json; charset=utf-8",
    `content-length: ${Buffer.byteLength(body)}`,
    ...BARE_HEADERS,
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`, () => socket.destroySoon());
}
