import { z } from "zod";
import { milliseconds } from "./config-fields.js";

/** How this process runs and listens, and what it signs and writes. */
export const serverSettings = {
  SPINE_ENV: z.enum(["sandbox"], "must be sandbox: live mode is not part of this release").default("sandbox"),
  HOST: z.string().default("localhost"),
  PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info"),
  REQUEST_DEADLINE_MS: milliseconds(20_000),

  ID_SIGNING_KEY: z.string().min(32, "must be at least 32 characters").optional(),
  AUDIT_FILE: z.string().min(1).default("var/audit.ndjson"),
  NHS_NUMBER_ALLOW_REPEATED_DIGITS: z.stringbool().default(false),
};
