import { UpstreamError, type UpstreamErrorDetails } from "../platform/errors.js";

/** An error that a later request under the key gets again, word for word. */
export interface StoredError {
  readonly kind: "error";
  readonly message: string;
  readonly details: UpstreamErrorDetails;
}

export function toStoredError(error: UpstreamError): StoredError {
  const { message, service, code, retryable, reason } = error;
  return { kind: "error", message, details: { service, code, retryable, reason } };
}

/** @throws UpstreamError when a stored error is replayed. */
export function requireNoStoredError<R extends { readonly kind: string }>(
  refusal: R | StoredError,
): Exclude<R, StoredError> {
  if (refusal.kind === "error") {
    const { message, details } = refusal as StoredError;
    throw new UpstreamError(message, details);
  }
  return refusal as Exclude<R, StoredError>;
}
