import { z } from "zod";
import { Secret } from "../../../platform/crypto/secret.js";
import type { IssuedToken } from "./access-tokens.js";

/** Seconds or milliseconds. The endpoint writes them as a text of digits; a number is accepted too. */
const digits = z.union([z.string().regex(/^\d{1,16}$/), z.number().int().nonnegative()]).transform(Number);

const tokenAnswer = z.object({
  // Sent in a header as it is, so only the characters that a token may hold are accepted (RFC 6750, 2.1).
  access_token: z.string().regex(/^[A-Za-z0-9._~+/-]+=*$/),
  expires_in: digits,
  token_type: z.string().regex(/^bearer$/i),
  issued_at: digits.nullish(),
});

const tokenError = z.object({ error: z.string() });

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
  const parsed = tokenAnswer.safeParse(json);
  if (!parsed.success) return { kind: "unusable", reason: "MALFORMED_RESOURCE" };
  const { access_token, expires_in, issued_at } = parsed.data;
  const issuedAt = issued_at ?? undefined;
  return { kind: "token", issued: { token: new Secret(access_token), ttlMs: expires_in * 1000, issuedAt } };
}

/** The finer code of an error body, when it is a known one. */
export function readTokenReason(body: string): string | undefined {
  const parsed = tokenError.safeParse(parseJson(body));
  return parsed.success ? REASONS.get(parsed.data.error) : undefined;
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
