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
  /** Executes queries by plans that are kept with their documents; without it, graphql-js executes all operations. */
  COMPILED_EXECUTION: z.stringbool().default(true),

  /** Must equal the token's `iss` and `aud` exactly. */
  AUTH_ISSUER: text.optional(),
  AUTH_AUDIENCE: text.optional(),
  AUTH_JWKS_URL: exactUrl.optional(),
  /** The claim with the caller's scopes: a text with spaces, or a list. */
  AUTH_SCOPES_CLAIM: text.default("scope"),
  /** A JSON object of role codes with lists of scopes. */
  AUTH_ROLE_SCOPES_FILE: file,

  /** For identities that a trusted router forwards: the `iss` and `aud` of its tokens, and its keys. */
  ROUTER_IDENTITY_ISSUER: text.optional(),
  ROUTER_IDENTITY_AUDIENCE: text.optional(),
  ROUTER_IDENTITY_JWKS_URL: exactUrl.optional(),

  /** For the signatures of callers' ID tokens. Without them, PDS's token endpoint alone verifies the signature. */
  ID_TOKEN_ISSUER: text.optional(),
  ID_TOKEN_AUDIENCE: text.optional(),
  ID_TOKEN_JWKS_URL: exactUrl.optional(),

  /** A CommonJS module with the deployment's own check of callers' relationships to patients. */
  RELATIONSHIP_CHECK_MODULE: file,
  RELATIONSHIP_CHECK_TIMEOUT_MS: milliseconds(2_000),

  /** `new,old`: see `createKeyrings`. */
  ID_SIGNING_KEY: secrets.optional(),
  NHS_NUMBER_ALLOW_REPEATED_DIGITS: z.stringbool().default(false),
};

/** The settings by which one kind of token is verified. */
const TOKEN_SETTINGS = ["AUTH", "ROUTER_IDENTITY", "ID_TOKEN"] as const;

/**
 * All three settings of a token are needed: with a part of them, the server would look closed and be open. The other
 * tokens supplement the bearer token, so they need its settings too.
 */
export function authenticationFaults(
  given: ReadonlySet<string>,
  settings: {
    readonly AUTH_ISSUER?: string | undefined;
    readonly ROUTER_IDENTITY_ISSUER?: string | undefined;
  },
): string[] {
  const faults = TOKEN_SETTINGS.flatMap((prefix) => {
    const names = ["ISSUER", "AUDIENCE", "JWKS_URL"].map((name) => `${prefix}_${name}`);
    if (!names.some((name) => given.has(name))) return [];
    const missing = names
      .filter((name) => !given.has(name))
      .map((name) => `${name} is required with the other ${prefix}_ settings`);
    const needsBearer = prefix !== "AUTH" && !given.has("AUTH_JWKS_URL");
    return needsBearer ? [...missing, `AUTH_JWKS_URL is required with the ${prefix}_ settings`] : missing;
  });
  const { AUTH_ISSUER: own, ROUTER_IDENTITY_ISSUER: router } = settings;
  if (router !== undefined && router === own) {
    faults.push(
      "ROUTER_IDENTITY_ISSUER must not be AUTH_ISSUER: a forwarded identity would pass for a bearer token",
    );
  }
  return faults;
}
