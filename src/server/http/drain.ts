import type { Socket } from "node:net";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { type HttpError, HttpRequestError } from "./error-response.js";

const CLOSING: HttpError = {
  status: 503,
  code: "RATE_LIMITED",
  reason: "OVERLOADED",
  message: "The server is shutting down. Retry with another instance.",
  headers: { "retry-after": "1", connection: "close" },
};

/** How long a client may take to finish a request that it has begun to send. */
const RECEIVE_GRACE_MS = 500;

/**
 * Makes closing the server bounded. Running operations may end and are answered with `Connection: close`. New requests
 * on open connections get 503. Connections without a complete request, such as half-sent bodies, are closed after a
 * short grace, and all others at the time limit.
 */
export function registerDrain(app: FastifyInstance, timeoutMs: number): void {
  const sockets = new Set<Socket>();
  const running = new Set<FastifyRequest>();
  let isDraining = false;

  app.server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  app.addHook("onRequest", (request, reply, done) => {
    if (isDraining) return done(new HttpRequestError(CLOSING));
    running.add(request);
    reply.raw.once("close", () => running.delete(request));
    done();
  });
  app.addHook("onSend", (_request, reply, _payload, done) => {
    if (isDraining) reply.header("connection", "close");
    done();
  });
  app.addHook("preClose", async () => {
    isDraining = true;
    const closeIncomplete = () => {
      const busy = new Set([...running].filter(({ raw }) => raw.complete).map(({ socket }) => socket));
      for (const socket of sockets) if (!busy.has(socket)) socket.destroy();
    };
    const timers = [
      setTimeout(closeIncomplete, Math.min(RECEIVE_GRACE_MS, timeoutMs)),
      setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, timeoutMs),
    ];
    app.server.once("close", () => timers.forEach(clearTimeout));
  });
}
