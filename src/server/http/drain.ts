import type { Socket } from "node:net";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Config } from "../../platform/config/config.js";
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

/** Orchestrators kill a process after 30 s, and the stores are closed after the server. */
const LIMIT_MS = 27_000;

/** Two failed readiness probes at the usual interval of a balancer. */
const LIVE_DELAY_MS = 5_000;

export interface DrainOptions {
  /** How long new requests are still served once the server is told to close. Read at that moment. */
  readonly delayMs: () => number;
  /** How long running operations may take after that. Delay and time limit together are at most 27 s. */
  readonly timeoutMs: number;
}

export interface Drain {
  /** True from the moment at which the server is told to close. Its readiness fails from then on. */
  isLeaving(): boolean;
}

/**
 * Makes closing the server bounded, in two phases.
 *
 * 1. Leaving: requests are served as before, with `Connection: close`, so that clients and balancers move to others.
 * 2. Draining: running operations may end. New requests on open connections get 503. Connections without a complete
 *    request, such as half-sent bodies, are closed after a short grace, and all others at the time limit.
 */
export function registerDrain(app: FastifyInstance, { delayMs, timeoutMs }: DrainOptions): Drain {
  const sockets = new Set<Socket>();
  const running = new Set<FastifyRequest>();
  let isLeaving = false;
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
    if (isLeaving) reply.header("connection", "close");
    done();
  });
  app.addHook("preClose", async () => {
    isLeaving = true;
    const delay = delayMs();
    if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
    isDraining = true;
    const closeIncomplete = () => {
      const busy = new Set([...running].filter(({ raw }) => raw.complete).map(({ socket }) => socket));
      for (const socket of sockets) if (!busy.has(socket)) socket.destroy();
    };
    const timers = [
      setTimeout(closeIncomplete, Math.min(RECEIVE_GRACE_MS, timeoutMs)),
      setTimeout(
        () => {
          for (const socket of sockets) socket.destroy();
        },
        Math.min(timeoutMs, LIMIT_MS - delay),
      ),
    ];
    app.server.once("close", () => timers.forEach(clearTimeout));
  });
  return { isLeaving: () => isLeaving };
}

/** The delay of the settings; without one, live mode has a delay and the sandbox none. */
export function shutdownDelayMs({
  SHUTDOWN_DELAY_MS,
  SPINE_ENV,
}: Pick<Config, "SHUTDOWN_DELAY_MS" | "SPINE_ENV">): number {
  return SHUTDOWN_DELAY_MS ?? (SPINE_ENV === "live" ? LIVE_DELAY_MS : 0);
}
