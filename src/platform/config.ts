import { z } from "zod";
import { cacheFaults, cacheSettings } from "./config-cache.js";
import { consumerSettings } from "./config-consumer.js";
import { hostRules } from "./config-hosts.js";
import { serverSettings } from "./config-server.js";
import { upstreamSettings } from "./config-upstreams.js";

/** One frozen, validated object made from the environment. Only `main.ts` hands the environment in. */
export type Config = Readonly<z.output<typeof settings>>;

/** Thrown when the environment cannot be used; the message lists every fault at once. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";

  constructor(readonly faults: readonly string[]) {
    super(`These settings are missing or wrong:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`);
  }
}

const settings = z.object({
  ...serverSettings,
  ...upstreamSettings,
  ...consumerSettings,
  ...cacheSettings,
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
  "PDS_TOKEN_URL",
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
  faults.push(...hostRules(parsed.data).faults, ...cacheFaults(parsed.data));
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.freeze(parsed.data);
}
