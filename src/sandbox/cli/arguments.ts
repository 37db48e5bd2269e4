import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { PdsApplication } from "../pds/token/check-assertion.js";
import type { SandboxOptions } from "../sandbox-options.js";
import { isSupplierProfileName, SUPPLIER_PROFILES } from "../suppliers/supplier-profiles.js";

/** The documented port of the gateway. The services use the following six ports. */
export const DEFAULT_PORT = 8400;
const HIGHEST_FIRST_PORT = 65_529;
const LONGEST_DELAY_MS = 600_000;

/** How the URLs are printed at start. */
export type OutputFormat = "text" | "json" | "env";

/** What the command line says. */
export interface CliArguments {
  readonly help: boolean;
  readonly format: OutputFormat;
  readonly options: SandboxOptions;
}

/** A wrong argument, with a message for the user. */
export class ArgumentError extends Error {}

/** The text of `--help`. */
export const HELP = `Usage: spine-sandbox [options]

Simulates PDS, SDS, the Spine Secure Proxy, GP practices and Visitors & Migrants on loopback.

  --port N            port of the gateway; the services use the next six (default ${DEFAULT_PORT})
  --seed TEXT         seed of the generated data
  --profile NAME      supplier profile of the practices:
${Object.values(SUPPLIER_PROFILES)
  .map(({ name }) => `                        ${name}`)
  .join("\n")}
  --practices N --patients N
                      generated practices and patients in addition to the personas
  --save-delay-ms N   time between slot check and save of two-step suppliers (default 50)
  --slow-ms N         response delay of the slow practice (default 15000)
  --consumer-asid N   the accredited consumer (default 200000000115)
  --consumer-ods CODE ODS code of the consumer (default T82000)
  --consumer-type T   organisation type of the consumer, such as gp-practice
  --pds-api-key KEY --pds-key-id ID --pds-public-key FILE
                      the registered PDS application; with it PDS requires access tokens
  --tls               TLS on all ports with a throw-away authority; SSP, V&M and LDAP require the client
                      certificate whose files are printed
  --tls-folder DIR    write the files to this folder; implies --tls
  --json              print the URLs as JSON
  --env               print the URLs as shell variables, ready to source
  --help              print this text

The environment variable SANDBOX_BIND_ALL=true listens on all interfaces. Default: loopback only.
`;

/**
 * Parses the command line.
 *
 * @param bindAll the value of `SANDBOX_BIND_ALL`
 * @throws ArgumentError for an unknown option or an invalid value
 */
export function parseArguments(args: readonly string[], bindAll: string | undefined): CliArguments {
  const values = readValues(args);
  if (values.json && values.env) throw new ArgumentError("--json and --env exclude each other");
  const { profile, seed } = values;
  if (profile !== undefined && !isSupplierProfileName(profile)) {
    throw new ArgumentError(
      `--profile must be one of ${Object.keys(SUPPLIER_PROFILES).join(", ")}, not ${profile}`,
    );
  }
  const application = readApplication(values);
  return {
    help: values.help ?? false,
    format: formatOf(values),
    options: {
      port: readInteger("--port", values.port, HIGHEST_FIRST_PORT) ?? DEFAULT_PORT,
      ...optional("seed", seed),
      ...optional("profile", profile),
      ...optional("saveDelayMs", readInteger("--save-delay-ms", values["save-delay-ms"], LONGEST_DELAY_MS)),
      ...optional("slowMs", readInteger("--slow-ms", values["slow-ms"], LONGEST_DELAY_MS)),
      ...optional("pdsApplication", application),
      ...readConsumer(values),
      ...readPopulation(values),
      ...readTls(values),
      bind: readBind(bindAll),
    },
  };
}

type Values = ReturnType<typeof readValues>;

function readValues(args: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: text,
        seed: text,
        profile: text,
        practices: text,
        patients: text,
        "save-delay-ms": text,
        "slow-ms": text,
        "consumer-asid": text,
        "consumer-ods": text,
        "consumer-type": text,
        "pds-api-key": text,
        "pds-key-id": text,
        "pds-public-key": text,
        tls: flag,
        "tls-folder": text,
        json: flag,
        env: flag,
        help: flag,
      },
    }).values;
  } catch (error) {
    throw new ArgumentError((error as Error).message);
  }
}

function formatOf({ json, env }: Values): OutputFormat {
  if (json) return "json";
  return env ? "env" : "text";
}

function readInteger(name: string, text: string | undefined, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > most)
    throw new ArgumentError(`${name} must be a whole number up to ${most}, not ${text}`);
  return value;
}

function readConsumer(values: Values): Pick<SandboxOptions, "consumer"> {
  const { "consumer-asid": asid, "consumer-ods": odsCode, "consumer-type": organisationType } = values;
  if (asid === undefined && odsCode === undefined && organisationType === undefined) return {};
  return {
    consumer: {
      asid: asid ?? "200000000115",
      odsCode: odsCode ?? "T82000",
      ...optional("organisationType", organisationType),
    },
  };
}

function readPopulation(values: Values): Pick<SandboxOptions, "population"> {
  const practices = readInteger("--practices", values.practices, 6250);
  const patients = readInteger("--patients", values.patients, 800_000);
  if (practices === undefined && patients === undefined) return {};
  if (!practices) throw new ArgumentError("--patients needs --practices");
  return { population: { practices, patients: patients ?? 0 } };
}

function readTls({ tls, "tls-folder": folder }: Values): Pick<SandboxOptions, "tls"> {
  if (folder !== undefined) return { tls: { folder } };
  return tls ? { tls } : {};
}

function readApplication(values: Values): PdsApplication | undefined {
  const { "pds-api-key": apiKey, "pds-key-id": keyId, "pds-public-key": file } = values;
  if (apiKey === undefined && keyId === undefined && file === undefined) return undefined;
  if (apiKey === undefined || keyId === undefined || file === undefined) {
    throw new ArgumentError("--pds-api-key, --pds-key-id and --pds-public-key belong together");
  }
  try {
    return { apiKey, keyId, publicKey: readFileSync(file, "utf8") };
  } catch {
    throw new ArgumentError(`--pds-public-key: ${file} cannot be read`);
  }
}

function readBind(bindAll: string | undefined): "loopback" | "all" {
  if (bindAll === undefined || bindAll === "" || bindAll === "false") return "loopback";
  if (bindAll === "true") return "all";
  throw new ArgumentError(`SANDBOX_BIND_ALL must be true or false, not ${bindAll}`);
}

function optional<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { [member in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { [member in Name]?: Value });
}
