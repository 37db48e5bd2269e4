import { isObject, type JsonObject, parseJson } from "./json.js";

/**
 * Reads an unsigned JWT: three parts of unpadded base64url with an empty last part. The header must be exactly
 * `alg: none` and `typ: JWT` (GP Connect notes 5.1; V&M notes 3).
 *
 * @returns the claims, or a text that says what is wrong.
 */
export function readUnsignedToken(authorization: string | undefined): JsonObject | string {
  const token = /^Bearer (\S+)$/.exec(authorization ?? "")?.[1];
  if (token === undefined) return "Authorization header missing or not a bearer token";
  const parts = token.split(".");
  if (parts.length !== 3 || parts[2] !== "") return "JWT must have three parts, the signature empty";
  const header = decode(parts[0]);
  if (!header) return "JWT header is not base64url-encoded JSON";
  if (header.alg !== "none" || header.typ !== "JWT" || Object.keys(header).length !== 2) {
    return "JWT header must be exactly alg none and typ JWT";
  }
  return decode(parts[1]) ?? "JWT payload is not base64url-encoded JSON";
}

function decode(part: string | undefined): JsonObject | undefined {
  if (!part || !/^[A-Za-z0-9_-]+$/.test(part)) return undefined;
  const value = parseJson(Buffer.from(part, "base64url").toString("utf8"));
  return isObject(value) ? value : undefined;
}
