import { isObject, type JsonObject, parseJson } from "../shared/json.js";

const PART = /^[A-Za-z0-9_-]+$/;

/**
 * Reads the token of V&M. Unsigned tokens end with a dot. Signed tokens are accepted as well; Spine does not validate
 * the signature (V&M notes, section 3).
 *
 * @returns the claims, or a text that says what is wrong.
 */
export function readVmJwt(authorization: string | undefined): JsonObject | string {
  const token = /^Bearer (\S+)$/.exec(authorization ?? "")?.[1];
  if (token === undefined) return "Authorization header missing or not a bearer token";
  const [first, second, signature, ...more] = token.split(".");
  if (signature === undefined || more.length > 0) return "JWT must have three parts";
  const header = decode(first);
  if (!header) return "JWT header is not base64url-encoded JSON";
  if (header.typ !== "JWT") return "JWT typ must be JWT";
  if (header.alg === "none" && signature !== "") return "JWT with alg none must have an empty signature";
  if (header.alg !== "none" && !(typeof header.alg === "string" && PART.test(signature)))
    return "JWT with a signing algorithm must have a signature";
  return decode(second) ?? "JWT payload is not base64url-encoded JSON";
}

function decode(part: string | undefined): JsonObject | undefined {
  if (!part || !PART.test(part)) return undefined;
  const value = parseJson(Buffer.from(part, "base64url").toString("utf8"));
  return isObject(value) ? value : undefined;
}
