import Fastify from "fastify";

/** Fastify with its log of one line for each request, on a free port of loopback. */
export function createApp() {
  return Fastify({ logger: { level: "info" }, bodyLimit: 4 * 1024 * 1024 });
}

/** The session that the caller names. */
export function sessionOf(headers) {
  return headers["spine-session"];
}

/** Tells the benchmark, which reads it over the IPC channel, where the service listens. */
export function announce(address) {
  process.send?.({ listening: address });
}
