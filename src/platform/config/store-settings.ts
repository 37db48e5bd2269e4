import { z } from "zod";
import { milliseconds, secrets, text, width } from "./setting-fields.js";

const days = z.coerce.number().int().min(1).max(36_500);

const SINKS = ["file", "stdout"] as const;

/** Where intents, slot claims and the audit last, and for how long (design section 6). */
export const storeSettings = {
  DATABASE_URL: z
    .string()
    .regex(/^(file:.|postgres(ql)?:\/\/.)/i, "is not a file: or postgres:// URL")
    .optional(),
  /** `new,old`: see `openStoreKeys`. */
  STORE_KEY: secrets.optional(),
  DATABASE_POOL_SIZE: width(10),
  DATABASE_STATEMENT_TIMEOUT_MS: milliseconds(5_000),
  INTENT_RETENTION_DAYS: days.default(30),
  AUDIT_RETENTION_DAYS: days.optional(),
  /** Where the audit goes beside the database. */
  AUDIT_SINKS: z
    .string()
    .default("file")
    .transform((list) => list.split(",").map((sink) => sink.trim()))
    .refine(
      (sinks) =>
        sinks.join() === "none" || sinks.every((sink) => (SINKS as readonly string[]).includes(sink)),
      "must be file, stdout, both separated by a comma, or none",
    ),
  AUDIT_FILE: text.default("var/audit.ndjson"),
  AUDIT_CHECKPOINT_FILE: text.optional(),
  /** Left out, live mode refuses queries whose audit cannot be written; the sandbox does not. */
  REQUIRE_AUDIT_FOR_QUERIES: z.stringbool().optional(),
};

interface StoreRuleSettings {
  readonly DATABASE_URL?: string | undefined;
  readonly CACHE_URL?: string | undefined;
}

/** What live mode demands of the store beyond what is compulsory. */
export function liveStoreFaults({ DATABASE_URL: url, CACHE_URL: cache }: StoreRuleSettings): string[] {
  if (url === undefined) return [];
  if (/^file:/i.test(url)) {
    if (cache === undefined) return [];
    return ["DATABASE_URL must be postgres:// with CACHE_URL: SQLite serves one instance only"];
  }
  return isEncrypted(url)
    ? []
    : ["DATABASE_URL must be encrypted: sslmode=verify-full, unless the database is on this machine"];
}

function isEncrypted(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname, searchParams } = new URL(url);
  // As the client reads them: of several values the last one counts, and a host in the query replaces the other.
  const given = (name: string) => searchParams.getAll(name).at(-1);
  const host = given("host") ?? hostname;
  const isLocal = /^(\/.*|localhost|127(\.\d+){3}|\[?::1\]?)?$/i.test(host);
  // The client verifies the server's certificate in all three modes, but with `uselibpqcompat` in the last one only.
  const modes = given("uselibpqcompat") === undefined ? /^(require|verify-ca|verify-full)$/ : /^verify-full$/;
  return isLocal || modes.test(given("sslmode") ?? "");
}
