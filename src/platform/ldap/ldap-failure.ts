import { isTimedOut } from "../resilience/deadline.js";

/**
 * How a search can fail. `refused`, `unresolved` and `tls` are failures to connect. `size-limit` is a response that the
 * server cut short, none of which is returned. `referral` points to another server, which we do not follow. `malformed` is
 * not LDAP.
 */
export type LdapFailureKind =
  | "timeout"
  | "cancelled"
  | "refused"
  | "unresolved"
  | "tls"
  | "reset"
  | "size-limit"
  | "referral"
  | "malformed"
  | "result-code";

export interface LdapFailureDetails {
  /** The server's result code (RFC 4511, section 4.1.9). */
  readonly resultCode?: number | undefined;
  /** `ECONNREFUSED`, `CERT_HAS_EXPIRED`, …. Nothing else of the cause is kept. */
  readonly systemCode?: string | undefined;
}

const SIZE_LIMIT_EXCEEDED = 4;
const ADMIN_LIMIT_EXCEEDED = 11;

/** Contains no names, filters or words of the server: they may say who was searched for, and where. */
export class LdapFailure extends Error {
  override readonly name = "LdapFailure";
  readonly resultCode: number | undefined;
  readonly systemCode: string | undefined;

  constructor(
    readonly kind: LdapFailureKind,
    { resultCode, systemCode }: LdapFailureDetails = {},
  ) {
    super(
      `the search failed: ${[kind, resultCode, systemCode].filter((part) => part !== undefined).join(" ")}`,
    );
    this.resultCode = resultCode;
    this.systemCode = systemCode;
  }
}

/** A result code other than success. */
export function resultCodeFailure(resultCode: number): LdapFailure {
  const cutShort = resultCode === SIZE_LIMIT_EXCEEDED || resultCode === ADMIN_LIMIT_EXCEEDED;
  return new LdapFailure(cutShort ? "size-limit" : "result-code", { resultCode });
}

/** The failure of a search whose signal ended first. */
export function toLdapFailure(signal: AbortSignal): LdapFailure {
  return new LdapFailure(isTimedOut(signal) ? "timeout" : "cancelled");
}

const REFUSED = new Set(["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH"]);
const UNRESOLVED = new Set(["ENOTFOUND", "EAI_AGAIN"]);

/**
 * Why there is no connection.
 *
 * @param handshaking whether a TLS handshake had begun. A server that requires or rejects a client certificate does not
 *   say so: it closes the connection during the handshake or before its first response (SDS notes, section 3).
 */
export function connectFailure(error: unknown, handshaking: boolean): LdapFailure {
  if (error instanceof LdapFailure) return error;
  const systemCode = systemCodeOf(error);
  if (systemCode !== undefined && REFUSED.has(systemCode)) return new LdapFailure("refused", { systemCode });
  if (systemCode !== undefined && UNRESOLVED.has(systemCode)) {
    return new LdapFailure("unresolved", { systemCode });
  }
  if (systemCode === "ETIMEDOUT") return new LdapFailure("timeout", { systemCode });
  return new LdapFailure(handshaking ? "tls" : "reset", { systemCode });
}

/** The code of an error of the system or of OpenSSL, never its text. */
export function systemCodeOf(error: unknown): string | undefined {
  const code = property(error, "code");
  if (typeof code === "string") return code;
  // One error for each address of a name.
  const errors = property(error, "errors");
  return Array.isArray(errors) && errors.length > 0 ? systemCodeOf(errors[0]) : undefined;
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
