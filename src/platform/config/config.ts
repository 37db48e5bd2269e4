import { z } from "zod";
import type { CallerOrganisation } from "../../domain/caller.js";
import { type Clock, systemClock } from "../clock.js";
import { admissionSettings } from "./admission-settings.js";
import { cacheFaults, cacheSettings } from "./cache-settings.js";
import { commandSettings } from "./command-settings.js";
import { consumerSettings } from "./consumer-settings.js";
import { hardeningFaults } from "./hardening-rules.js";
import { fixedEndpointFaults, hostRules } from "./host-rules.js";
import { liveFaults } from "./live-rules.js";
import { readOrganisations } from "./organisations.js";
import { pdsAccessFaults } from "./pds-settings.js";
import { authenticationFaults, serverSettings } from "./server-settings.js";
import { liveStoreFaults, storeSettings } from "./store-settings.js";
import { surfaceFaults, surfaceSettings } from "./surface-settings.js";
import { telemetrySettings } from "./telemetry-settings.js";
import { tlsFaults, tlsSettings } from "./tls-settings.js";
import { upstreamSettings } from "./upstream-settings.js";
import { workerFaults, workerSettings } from "./worker-settings.js";

type Settings = z.output<typeof settings>;

/** The validated settings, frozen. Only `main.ts` passes the environment. The names of settings are those of the services. */
export interface Config extends Readonly<Settings> {
  /** The organisations whose callers are served; at least one. */
  readonly organisations: readonly CallerOrganisation[];
}

/** The environment cannot be used. The message lists every fault. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";

  constructor(readonly faults: readonly string[]) {
    super(`These settings are missing or wrong:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`);
  }
}

const settings = z.object({
  ...serverSettings,
  ...surfaceSettings,
  ...admissionSettings,
  ...upstreamSettings,
  ...tlsSettings,
  ...consumerSettings,
  ...cacheSettings,
  ...commandSettings,
  ...storeSettings,
  ...telemetrySettings,
  ...workerSettings,
});

/** The names of all settings. */
export const SETTING_NAMES: readonly string[] = Object.keys(settings.shape);

/**
 * @param environment the process's environment. An empty variable counts as not set.
 * @throws ConfigError that lists every missing or wrong setting, and every file that cannot be used.
 */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>>,
  clock: Clock = systemClock,
): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  // An empty CONSUMER_TYPE has a meaning: no type is sent to the practices.
  if (environment.CONSUMER_TYPE === "") given.CONSUMER_TYPE = "";
  const names = new Set(Object.keys(given));
  const { values, faults, unusable } = parse(given);
  const { organisations, faults: organisationFaults } = readOrganisations(values, names);
  const isLive = values.SPINE_ENV === "live";
  const broken = [
    ...(isLive ? allLiveFaults(values, names, environment) : hostRules(values).faults),
    ...fixedEndpointFaults(values),
    ...authenticationFaults(names, values),
    ...surfaceFaults(values),
    ...pdsAccessFaults(values, names),
    ...tlsFaults(values, clock.now()),
    ...organisationFaults,
    ...cacheFaults(values),
    ...workerFaults(values),
  ];
  // A setting that is wrong by itself is listed once.
  faults.push(...broken.filter((fault) => !unusable.has(nameIn(fault))));
  if (faults.length > 0) throw new ConfigError(withoutDuplicates(faults));
  return Object.freeze({ ...values, organisations });
}

function allLiveFaults(
  values: Settings,
  names: ReadonlySet<string>,
  environment: Readonly<Record<string, string | undefined>>,
): string[] {
  return [...liveFaults(values, names), ...liveStoreFaults(values), ...hardeningFaults(values, environment)];
}

const nameIn = (fault: string): string => fault.split(/[ =]/, 1)[0] ?? "";

/** Several rules may require the same setting; it is listed once. */
function withoutDuplicates(faults: readonly string[]): string[] {
  const listed = new Map<string, string>();
  for (const fault of faults) {
    const key = / is required/.test(fault) ? nameIn(fault) : fault;
    if (!listed.has(key)) listed.set(key, fault);
  }
  return [...listed.values()];
}

interface Parsed {
  readonly values: Settings;
  readonly faults: string[];
  readonly unusable: ReadonlySet<unknown>;
}

/** Lists the settings that cannot be used and leaves them out, so that the rules between settings are checked too. */
function parse(given: Record<string, string | undefined>): Parsed {
  const parsed = settings.safeParse(given);
  if (parsed.success) return { values: parsed.data, faults: [], unusable: new Set() };
  const { issues } = parsed.error;
  const unusable = new Set<unknown>(issues.map((issue) => issue.path[0]));
  const usable = Object.fromEntries(Object.entries(given).filter(([name]) => !unusable.has(name)));
  const faults = issues.map((issue) => `${issue.path.join(".")} ${issue.message}`);
  return { values: settings.parse(usable), faults, unusable };
}
