import { HandshakeFailure } from "../tls/tls-connector.js";

/**
 * How an exchange can fail without a complete response. After `refused`, `unresolved` and `tls` the upstream has certainly
 * received nothing; after `timeout`, `reset` and `cancelled` it may have. `too-large` is a response beyond our limit;
 * `undecodable` is one whose bytes are not what its headers say.
 */
export type HttpFailureKind =
  | "timeout"
  | "refused"
  | "unresolved"
  | "tls"
  | "reset"
  | "cancelled"
  | "too-large"
  | "undecodable";

export class HttpFailure extends Error {
  override readonly name = "HttpFailure";

  constructor(
    readonly kind: HttpFailureKind,
    /** `ECONNREFUSED`, `UND_ERR_SOCKET`, …. Nothing else of the cause is kept: it may contain addresses and received bytes. */
    readonly systemCode?: string | undefined,
  ) {
    super(`the exchange failed: ${kind}${systemCode ? ` (${systemCode})` : ""}`);
  }
}

const REFUSED = new Set(["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH"]);
const UNRESOLVED = new Set(["ENOTFOUND", "EAI_AGAIN"]);
const TOO_LARGE = new Set(["UND_ERR_RES_EXCEEDED_MAX_SIZE", "ERR_BUFFER_TOO_LARGE"]);
const TIMEOUTS = new Set(["UND_ERR_CONNECT_TIMEOUT", "ETIMEDOUT"]);

/** Translates an error of undici, of the system or of decompression. */
export function toHttpFailure(error: unknown): HttpFailure {
  if (error instanceof HttpFailure) return error;
  const code = errorCode(error);
  return new HttpFailure(failureKind(error, code), code || undefined);
}

/** Matches on `code`, never on class, because two copies of undici may be loaded. */
function failureKind(error: unknown, code: string): HttpFailureKind {
  if (TIMEOUTS.has(code)) return "timeout";
  if (REFUSED.has(code)) return "refused";
  if (UNRESOLVED.has(code)) return "unresolved";
  if (TOO_LARGE.has(code)) return "too-large";
  // A TLS failure on an established connection is a reset: the other side may have read the request.
  if (error instanceof HandshakeFailure) return "tls";
  return "reset";
}

/** Checks the shape only, because Node's own errors fail `instanceof` in another realm (as under jest). */
function errorCode(error: unknown): string {
  if (typeof error !== "object" || error === null) return "";
  if ("code" in error && typeof error.code === "string") return error.code;
  if ("errors" in error && Array.isArray(error.errors)) return errorCode(error.errors[0]);
  return "cause" in error ? errorCode(error.cause) : "";
}
