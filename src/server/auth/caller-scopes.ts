import { readFileSync } from "node:fs";
import type { JWTPayload } from "jose";
import { z } from "zod";
import type { CallerRole } from "../../domain/caller.js";
import { isScope, SCOPES, type Scope } from "../../domain/scope.js";
import { type Config, ConfigError } from "../../platform/config/config.js";

/** The permissions that a token grants to its caller. */
export type ToScopes = (claims: JWTPayload, role: CallerRole | undefined) => ReadonlySet<Scope>;

export const ALL_SCOPES: ReadonlySet<Scope> = new Set(SCOPES);
export const NO_SCOPES: ReadonlySet<Scope> = new Set();

/** Role code → scopes: `{ "S8000:G8000:R8000": ["demographics", "slots"] }`. */
const roleScopes = z.record(z.string().min(1), z.array(z.enum(SCOPES)));

/**
 * Creates the mapping from tokens to permissions: the scopes of the claim that `AUTH_SCOPES_CLAIM` names (a text with
 * spaces as in RFC 8693, or a list), and those that `AUTH_ROLE_SCOPES_FILE` gives to the caller's role. Other values of
 * the claim are ignored, since a token may serve several systems. A token without either grants nothing.
 *
 * @throws ConfigError when the file cannot be read, or names an unknown scope.
 */
export function createToScopes(config: Config): ToScopes {
  const { AUTH_SCOPES_CLAIM: claim, AUTH_ROLE_SCOPES_FILE: path } = config;
  const byRole = new Map(Object.entries(path === undefined ? {} : readRoleScopes(path)));
  return (claims, role) => {
    const ofToken = textsOf(Object.hasOwn(claims, claim) ? claims[claim] : undefined).filter(isScope);
    const ofRole = codesOf(role).flatMap((code) => byRole.get(code) ?? []);
    return new Set([...ofToken, ...ofRole]);
  };
}

function readRoleScopes(path: string): Record<string, Scope[]> {
  try {
    return roleScopes.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    throw new ConfigError([
      `AUTH_ROLE_SCOPES_FILE is not a readable JSON object of role codes with lists of scopes (${SCOPES.join(", ")})`,
    ]);
  }
}

function textsOf(value: unknown): string[] {
  if (typeof value === "string") return value.split(" ");
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}

/** `S8000:G8000:R8000` may be mapped as a whole or by its job role, `R8000`. */
function codesOf(role: CallerRole | undefined): string[] {
  const code = role?.code;
  if (code === undefined) return [];
  const jobRole = code.split(":").at(-1) ?? code;
  return jobRole === code ? [code] : [code, jobRole];
}
