import { UpstreamError, type UpstreamErrorCode } from "../errors.js";

/** Why our own resilience policies did not send a request. */
export type NotSentReason = "DEADLINE_WHILE_WAITING" | "CIRCUIT_OPEN" | "QUEUE_FULL" | "ASKED_TO_PAUSE";

const CODES: Record<NotSentReason, UpstreamErrorCode> = {
  DEADLINE_WHILE_WAITING: "UPSTREAM_TIMEOUT",
  CIRCUIT_OPEN: "UPSTREAM_UNAVAILABLE",
  QUEUE_FULL: "UPSTREAM_UNAVAILABLE",
  ASKED_TO_PAUSE: "UPSTREAM_RATE_LIMITED",
};

const MESSAGES: Record<NotSentReason, string> = {
  DEADLINE_WHILE_WAITING: "Too many requests were waiting, so this one was not sent. Try again in a moment.",
  CIRCUIT_OPEN: "The service has been failing, so this request was not sent. Try again in a moment.",
  QUEUE_FULL: "Too many requests are waiting, so this one was not sent. Try again in a moment.",
  ASKED_TO_PAUSE: "The service is overloaded, so this request was not sent. Try again later.",
};

/** Nothing was sent, so nothing can have been done. For a write, this is a definite outcome. */
export class NotSentError extends UpstreamError {
  constructor(service: string, reason: NotSentReason, retryAfterMs?: number) {
    super(MESSAGES[reason], { service, code: CODES[reason], reason, retryable: true, retryAfterMs });
  }
}
