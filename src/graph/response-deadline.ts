import { UpstreamError } from "../platform/errors.js";
import { hasEnded } from "../platform/resilience/deadline.js";

/**
 * Requires that the operation still has time, before a long list is built. Without it, an operation over many
 * practices would build all of its lists after nobody waits for them.
 *
 * @throws UpstreamError `UPSTREAM_TIMEOUT` with reason `DEADLINE_EXCEEDED`.
 */
export function requireTimeLeft(signal: AbortSignal): void {
  if (hasEnded(signal)) throw deadlineExceeded();
}

/** The practices' slots are the only data of this size, so the error names the practice as the service. */
export function deadlineExceeded(): UpstreamError {
  return new UpstreamError(
    "The response could not be completed in time. Request fewer practices or a shorter range.",
    {
      service: "PROVIDER",
      code: "UPSTREAM_TIMEOUT",
      retryable: true,
      reason: "DEADLINE_EXCEEDED",
    },
  );
}
