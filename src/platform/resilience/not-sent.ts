import { UpstreamError, type UpstreamErrorCode, type UpstreamService } from "../errors.js";

/** Why a call of ours never left. */
export type NotSentReason = "DEADLINE_WHILE_WAITING" | "CIRCUIT_OPEN" | "QUEUE_FULL" | "ASKED_TO_PAUSE";

const CODES: Record<NotSentReason, UpstreamErrorCode> = {
  DEADLINE_WHILE_WAITING: "UPSTREAM_TIMEOUT",
  CIRCUIT_OPEN: "UPSTREAM_UNAVAILABLE",
  QUEUE_FULL: "UPSTREAM_UNAVAILABLE",
  ASKED_TO_PAUSE: "UPSTREAM_RATE_LIMITED",
};

const WORDS: Record<NotSentReason, string> = {
  DEADLINE_WHILE_WAITING: "Too many requests were waiting, so this one was not sent. Try again in a moment.",
  CIRCUIT_OPEN: "The service asked has been failing, so this request was not sent. Try again in a moment.",
  QUEUE_FULL: "Too many requests are waiting, so this one was not sent. Try again in a moment.",
  ASKED_TO_PAUSE: "The service asked is overloaded, so this request was not sent. Try again later.",
};

/** Refused by this program's own traffic rules. Nothing left, so nothing can have been done: for a write, a definite end. */
export class NotSentError extends UpstreamError {
  constructor(service: UpstreamService, reason: NotSentReason, retryAfterMs?: number) {
    super(WORDS[reason], { service, code: CODES[reason], reason, retryable: true, retryAfterMs });
  }
}
