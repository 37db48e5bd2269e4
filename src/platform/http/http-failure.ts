import { HandshakeFailure } from "../tls/tls-connector.js";

/**
 * How an exchange can fail before there is an answer. `refused`, `unresolved` and `tls` are certain to have
 * left nothing at the other side; `timeout`, `reset` and `cancelled` are not; `too-large` is an answer beyond
 * what we read.
 */
export type HttpFailureKind =
  | "timeout"
  | "refused"
  | "unresolved"
  | "tls"
  | "reset"
  | "cancelled"
  | "too-large";

export class HttpFailure extends Error {
  override readonly name = "HttpFailure";

  constructor(
    readonly kind: HttpFailureKind,
    /** `ECONNREFUSED`, `UND_ERR_SOCKET`, …: all that is kept of the cause, which may hold addresses and received bytes. */
    readonly systemCode?: string | undefined,
  ) {
    super(`the exchange failed: ${kind}${systemCode ? ` (${systemCode})` : ""}`);
  }
}

const REFUSED = new Set(["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH"]);
const UNRESOLVED = new Set(["ENOTFOUND", "EAI_AGAIN"]);
const TOO_LARGE = new Set(["UND_ERR_RES_EXCEEDED_MAX_SIZE", "ERR_BUFFER_TOO_LARGE"]);
const TIMEOUTS = new Set(["UND_ERR_CONNECT_TIMEOUT", "ETIMEDOUT"]);

/** What an error of undici, of the system or of unpacking comes to. */
export function toHttpFailure(error: unknown): HttpFailure {
  if (error instanceof HttpFailure) return error;
  const code = errorCode(error);
  return new HttpFailure(failureKind(error, code), code || undefined);
}

/** Matches on `code` and never on class: two copies of undici may be loaded. */
function failureKind(error: unknown, code: string): HttpFailureKind {
  if (TIMEOUTS.has(code)) return "timeout";
  if (REFUSED.has(code)) return "refused";
  if (UNRESOLVED.has(code)) return "unresolved";
  if (TOO_LARGE.has(code)) return "too-large";
  // Trouble of TLS on a connection that stands is another matter: it leaves open what the other side has read.
  if (error instanceof HandshakeFailure) return "tls";
  return "reset";
}

/** Errors of Node itself fail `instanceof` in another realm (as under jest), so only the shape is looked at. */
function errorCode(error: unknown): string {
  if (typeof error !== "object" || error === null) return "";
  if ("code" in error && typeof error.code === "string") return error.code;
  if ("errors" in error && Array.isArray(error.errors)) return errorCode(error.errors[0]);
  return "cause" in error ? errorCode(error.cause) : "";
}
