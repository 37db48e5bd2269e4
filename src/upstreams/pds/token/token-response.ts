import { Secret } from "../../../platform/crypto/secret.js";
import { MalformedElement, object, optional, parseJson, text, tryRead } from "../../strict-json.js";
import type { IssuedToken } from "./access-tokens.js";

/** The characters that a token may hold (RFC 6750, 2.1). It is sent in a header as it is. */
const TOKEN = /^[A-Za-z0-9._~+/-]+=*$/;

/**
 * The endpoint's errors by their closed codes (PDS notes, 3.5; RFC 6749, 5.2). Its descriptions are free text that may
 * quote our request, so they are ignored.
 */
const REASONS: ReadonlyMap<string, string> = new Map([
  ["invalid_request", "INVALID_REQUEST"],
  ["invalid_client", "INVALID_CLIENT"],
  ["invalid_grant", "INVALID_GRANT"],
  ["unsupported_grant_type", "UNSUPPORTED_GRANT_TYPE"],
  ["unauthorized_client", "UNAUTHORIZED_CLIENT"],
  ["access_denied", "ACCESS_DENIED"],
  ["public_key error", "PUBLIC_KEY_ERROR"],
]);

export type TokenReading =
  | { readonly kind: "token"; readonly issued: IssuedToken }
  | { readonly kind: "unusable"; readonly reason: "NOT_JSON" | "MALFORMED_RESOURCE" };

/** Reads the body of a 2xx. `expires_in` is seconds and `issued_at` milliseconds, both as text (PDS notes, 3.4). */
export function readToken(body: string): TokenReading {
  const json = parseJson(body);
  if (json === undefined) return { kind: "unusable", reason: "NOT_JSON" };
  const issued = tryRead(json, toIssuedToken);
  return issued ? { kind: "token", issued } : { kind: "unusable", reason: "MALFORMED_RESOURCE" };
}

/** The finer code of an error body, when it is a known one. */
export function readTokenReason(body: string): string | undefined {
  const error = tryRead(parseJson(body), (json) => ({ code: text(object(json).error) }));
  return error && REASONS.get(error.code);
}

function toIssuedToken(value: unknown): IssuedToken {
  const json = object(value);
  matching(json.token_type, /^bearer$/i);
  return {
    token: new Secret(matching(json.access_token, TOKEN)),
    ttlMs: digits(json.expires_in) * 1000,
    issuedAt: optional(json.issued_at, digits),
  };
}

function matching(value: unknown, pattern: RegExp): string {
  const found = text(value);
  if (pattern.test(found)) return found;
  throw new MalformedElement();
}

/** Seconds or milliseconds. The endpoint writes them as a text of digits; a number is accepted too. */
function digits(value: unknown): number {
  if (typeof value !== "number") return Number(matching(value, /^\d{1,16}$/));
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new MalformedElement();
}
