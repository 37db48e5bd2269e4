import { z } from "zod";
import { milliseconds, width } from "./setting-fields.js";

const rps = (initial: number) => z.coerce.number().int().min(1).max(10_000).default(initial);

/** How much this process takes on, and how long it waits for clients. */
export const admissionSettings = {
  /** Operations at the same time. Beyond a short queue, further ones get 503. */
  MAX_CONCURRENT_OPERATIONS: width(200),
  /** Requests of one caller in a second. */
  CALLER_MAX_RPS: rps(50),
  /** Requests of all callers of one organisation in a second. Left out: ten times those of one caller. */
  ORGANISATION_MAX_RPS: z.coerce.number().int().min(1).max(100_000).optional(),
  /** Requests without a valid token in a second, of all senders together. */
  ANONYMOUS_MAX_RPS: rps(20),
  MAX_CONNECTIONS: width(2_000),
  /** How long a client may take to send a request, body included. */
  REQUEST_RECEIVE_TIMEOUT_MS: milliseconds(10_000),
  /**
   * How long a process still serves new requests after SIGTERM. Its readiness fails meanwhile, so that load balancers send
   * no more. Left out: 5 s in live mode, none in the sandbox.
   */
  SHUTDOWN_DELAY_MS: z.coerce.number().int().min(0).max(10_000).optional(),
  /** How long running operations may take to end at shutdown, after that. */
  SHUTDOWN_TIMEOUT_MS: z.coerce.number().int().min(1).max(25_000).default(25_000),
};
