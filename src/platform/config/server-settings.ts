import { z } from "zod";
import { exactUrl, file, milliseconds, secrets, text } from "./setting-fields.js";

/** How this process runs, listens, authenticates callers, signs and audits. */
export const serverSettings = {
  SPINE_ENV: z.enum(["sandbox", "live"], "must be sandbox or live").default("sandbox"),
  HOST: z.string().default("localhost"),
  PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info"),
  REQUEST_DEADLINE_MS: milliseconds(20_000),
  /** What one operation may cost: an object counts 1, an upstream call 200 (`graph/cost`). */
  MAX_QUERY_COST: z.coerce.number().int().min(1).default(1_000_000),
  /** Fields on the longest path of an operation. */
  MAX_QUERY_DEPTH: z.coerce.number().int().min(1).default(15),

  /** Must equal the token's `iss` and `aud` exactly. */
  AUTH_ISSUER: text.optional(),
  AUTH_AUDIENCE: text.optional(),
  AUTH_JWKS_URL: exactUrl.optional(),
  /** The claim with the caller's scopes: a text with spaces, or a list. */
  AUTH_SCOPES_CLAIM: text.default("scope"),
  /** A JSON object of role codes with lists of scopes. */
  AUTH_ROLE_SCOPES_FILE: file,

  /** `new,old`: see `createKeyrings`. */
  ID_SIGNING_KEY: secrets.optional(),
  NHS_NUMBER_ALLOW_REPEATED_DIGITS: z.stringbool().default(false),
};

const AUTHENTICATION = ["AUTH_ISSUER", "AUTH_AUDIENCE", "AUTH_JWKS_URL"] as const;

/** All three settings are needed to authenticate callers: with a part of them, the server would look closed and be open. */
export function authenticationFaults(given: ReadonlySet<string>): string[] {
  if (!AUTHENTICATION.some((name) => given.has(name))) return [];
  return AUTHENTICATION.filter((name) => !given.has(name)).map(
    (name) => `${name} is required with the other AUTH_ settings`,
  );
}
