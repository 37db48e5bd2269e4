import { z } from "zod";
import { exactUrl, milliseconds, secrets, text } from "./setting-fields.js";

/** How this process runs and listens, whom it lets in, and what it signs and writes. */
export const serverSettings = {
  SPINE_ENV: z.enum(["sandbox", "live"], "must be sandbox or live").default("sandbox"),
  HOST: z.string().default("localhost"),
  PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info"),
  REQUEST_DEADLINE_MS: milliseconds(20_000),

  /** Compared letter by letter with the token's `iss` and `aud`. */
  AUTH_ISSUER: text.optional(),
  AUTH_AUDIENCE: text.optional(),
  AUTH_JWKS_URL: exactUrl.optional(),

  /** `new,old`: see `createKeyrings`. */
  ID_SIGNING_KEY: secrets.optional(),
  AUDIT_FILE: text.default("var/audit.ndjson"),
  NHS_NUMBER_ALLOW_REPEATED_DIGITS: z.stringbool().default(false),
};

const AUTHENTICATION = ["AUTH_ISSUER", "AUTH_AUDIENCE", "AUTH_JWKS_URL"] as const;

/** Callers are authenticated with all three settings or not at all: a part of them would look shut and be open. */
export function authenticationFaults(given: ReadonlySet<string>): string[] {
  if (!AUTHENTICATION.some((name) => given.has(name))) return [];
  return AUTHENTICATION.filter((name) => !given.has(name)).map(
    (name) => `${name} is required with the other AUTH_ settings`,
  );
}
