import { z } from "zod";
import { type OdsCode, parseOdsCode } from "../domain/ods-code.js";
import { hostRules } from "./config-hosts.js";

/** One frozen, validated object made from the environment. Only `main.ts` hands the environment in. */
export type Config = Readonly<z.output<typeof settings>>;

/** Thrown when the environment cannot be used; the message lists every fault at once. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";

  constructor(readonly faults: readonly string[]) {
    super(`These settings are missing or wrong:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`);
  }
}

const url = (schemes = /^https?:$/, words = "an http(s)") =>
  z
    .string()
    .refine((text) => URL.canParse(text) && schemes.test(new URL(text).protocol), `is not ${words} URL`)
    .transform((text) => text.replace(/\/+$/, ""));

const odsCode = z.string().transform((text, context): OdsCode => {
  const code = parseOdsCode(text);
  if (code) return code;
  context.addIssue("is not an ODS code (3 to 10 letters and digits)");
  return z.NEVER;
});

const milliseconds = (initial: number) => z.coerce.number().int().min(1).max(600_000).default(initial);
const width = (initial: number) => z.coerce.number().int().min(1).max(10_000).default(initial);
/** How long answers may serve, in whole units; 0 means not beyond the request. */
const upTo = (longest: number, initial: number) =>
  z.coerce.number().int().min(0).max(longest).default(initial);
/** Several, parted by commas, so that a new one can be brought in before the old one goes. */
const secrets = z
  .string()
  .transform((text) => text.split(",").map((secret) => secret.trim()))
  .refine((all) => all.every((secret) => secret.length >= 32), "must be keys of at least 32 characters each");
const asid = z.string().regex(/^\d{12}$/, "is not an ASID (12 digits)");

const settings = z.object({
  SPINE_ENV: z.enum(["sandbox"], "must be sandbox: live mode is not part of this release").default("sandbox"),
  HOST: z.string().default("localhost"),
  PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info"),

  PDS_URL: url().optional(),
  SDS_URL: url().optional(),
  SDS_API_KEY: z.string().min(1).default("sandbox"),
  SSP_URL: url().optional(),
  VM_URL: url().optional(),

  SPINE_PARTY_KEY: z
    .string()
    .regex(/^[A-Za-z0-9-]+$/, "is not a party key")
    .default("YES-0000806"),
  SPINE_ODS_CODE: odsCode.default("YES" as OdsCode),
  SPINE_ASID: asid.optional(),
  VM_DIRECTORY_INTERACTION: z
    .string()
    .regex(/^urn:nhs:names:services:[A-Za-z0-9:._$-]+$/, "is not an interaction id")
    .default("urn:nhs:names:services:visitorsandmigrants:fhir:rest:search:observation:1"),

  CONSUMER_ASID: asid.default("200000000115"),
  CONSUMER_ODS_CODE: odsCode.default("T82000" as OdsCode),
  CONSUMER_NAME: z.string().min(1).default("Riverside Booking Hub"),
  CONSUMER_TYPE: z
    .union([z.literal(""), z.enum(["gp-practice", "urgent-care"], "must be gp-practice or urgent-care")])
    .default("gp-practice"),
  CONSUMER_PHONE: z.string().min(1).default("0300 000 0000"),
  CONSUMER_SYSTEM_URL: url().default("https://spine-graph.example"),
  CONSUMER_PRODUCT: z.string().min(1).default("spine-graph"),
  CONSUMER_PRODUCT_VERSION: z.string().min(1).default("0.1.0"),

  PDS_TIMEOUT_MS: milliseconds(5_000),
  SDS_TIMEOUT_MS: milliseconds(5_000),
  SSP_TIMEOUT_MS: milliseconds(8_000),
  SSP_WRITE_TIMEOUT_MS: milliseconds(8_000).optional(),
  VM_TIMEOUT_MS: milliseconds(5_000),
  REQUEST_DEADLINE_MS: milliseconds(20_000),
  PDS_MAX_CONCURRENCY: width(64),
  SDS_MAX_CONCURRENCY: width(64),
  SSP_MAX_CONCURRENCY: width(64),
  VM_MAX_CONCURRENCY: width(64),

  CACHE_URL: url(/^rediss?:$/, "a redis(s)").optional(),
  CACHE_ENCRYPTION_KEY: secrets.optional(),
  PDS_CACHE_SECONDS: upTo(300, 120),
  SPINE_ENDPOINT_CACHE_MINUTES: upTo(60, 10),
  CAPABILITIES_CACHE_HOURS: upTo(24, 4),

  ID_SIGNING_KEY: z.string().min(32, "must be at least 32 characters").optional(),
  AUDIT_FILE: z.string().min(1).default("var/audit.ndjson"),
  NHS_NUMBER_ALLOW_REPEATED_DIGITS: z.stringbool().default(false),
});

/**
 * Settings of later releases. Ignoring one of them would leave a door open that somebody believes to be shut,
 * so each is refused until it works.
 */
const NOT_YET = [
  "AUTH_ISSUER",
  "AUTH_AUDIENCE",
  "AUTH_JWKS_URL",
  "CONSUMERS_FILE",
  "PDS_MAX_RPS",
  "PDS_TOKEN_URL",
  "SDS_LOOKUP",
  "SDS_MAX_RPS",
  "SPINE_CA_FILE",
  "SPINE_CLIENT_CERT_FILE",
  "SPINE_CLIENT_KEY_FILE",
] as const;

/**
 * @param environment the process's environment; an empty variable counts as not set.
 * @throws ConfigError naming every setting that is missing or wrong.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  // An empty CONSUMER_TYPE means something: no type is sent to the practices.
  if (environment.CONSUMER_TYPE === "") given.CONSUMER_TYPE = "";
  const faults = NOT_YET.filter((name) => given[name] !== undefined).map(
    (name) => `${name} is not supported by this release; remove it`,
  );
  if (given.PDS_AUTH !== undefined && given.PDS_AUTH !== "none") {
    faults.push("PDS_AUTH must be none: tokens are not part of this release");
  }
  const parsed = settings.safeParse(given);
  if (!parsed.success) {
    faults.push(...parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`));
    throw new ConfigError(faults);
  }
  faults.push(...hostRules(parsed.data).faults);
  if (parsed.data.CACHE_URL !== undefined && parsed.data.CACHE_ENCRYPTION_KEY === undefined) {
    faults.push(
      "CACHE_ENCRYPTION_KEY is required with CACHE_URL: personal data leaves the process encrypted",
    );
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.freeze(parsed.data);
}
