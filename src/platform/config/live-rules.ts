import { ONE_ORGANISATION } from "./organisations.js";
import { PDS_SIGNING } from "./pds-settings.js";

/** The settings that live mode checks. */
export interface LiveSettings {
  readonly PDS_AUTH: string;
  readonly PDS_UNATTENDED: boolean;
  readonly SDS_URL?: string | undefined;
  readonly CONSUMERS_FILE?: string | undefined;
  readonly VM_URL?: string | undefined;
}

/** Required in live mode: the sandbox's defaults are never used. */
const REQUIRED = [
  "AUTH_ISSUER",
  "AUTH_AUDIENCE",
  "AUTH_JWKS_URL",
  "PDS_URL",
  "SDS_URL",
  "SSP_URL",
  "SPINE_CLIENT_CERT_FILE",
  "SPINE_CLIENT_KEY_FILE",
  "SPINE_CA_FILE",
  "CONSUMER_SYSTEM_URL",
  "ID_SIGNING_KEY",
  "DATABASE_URL",
  "STORE_KEY",
];

const ADDRESSES = [
  "AUTH_JWKS_URL",
  "ROUTER_IDENTITY_JWKS_URL",
  "ID_TOKEN_JWKS_URL",
  "PDS_URL",
  "PDS_TOKEN_URL",
  "SDS_URL",
  "SSP_URL",
  "VM_URL",
] as const;

/** The faults of settings in live mode (design, section 7): nothing is simulated, nothing is open. */
export function liveFaults(
  settings: LiveSettings & Partial<Record<(typeof ADDRESSES)[number], string | undefined>>,
  given: ReadonlySet<string>,
): string[] {
  const faults = requiredSettings(settings)
    .filter((name) => !given.has(name))
    .map((name) => `${name} is required in live mode`);
  for (const name of ADDRESSES) {
    const url = settings[name];
    if (url !== undefined && !/^(https|ldaps):/i.test(url)) {
      faults.push(`${name} must be encrypted: ${name === "SDS_URL" ? "https: or ldaps:" : "https:"}`);
    }
  }
  if (settings.PDS_AUTH === "none") {
    faults.push("PDS_AUTH must be signed-jwt or token-exchange in live mode");
  }
  if (settings.PDS_AUTH === "signed-jwt" && !settings.PDS_UNATTENDED) {
    faults.push(
      "PDS_UNATTENDED=true is required with PDS_AUTH=signed-jwt, which is not permitted behind a health worker's screen",
    );
  }
  return faults;
}

function requiredSettings(settings: LiveSettings): string[] {
  const type = "CONSUMER_TYPE";
  return [
    ...REQUIRED,
    ...(settings.CONSUMERS_FILE === undefined ? ONE_ORGANISATION.filter((name) => name !== type) : []),
    ...(settings.VM_URL === undefined ? ["SPINE_PARTY_KEY"] : []),
    // Both ways of authentication need these. With a way chosen, `pdsAccessFaults` requires them.
    ...(settings.PDS_AUTH === "none" ? PDS_SIGNING : []),
    ...(/^https?:/i.test(settings.SDS_URL ?? "") ? ["SDS_API_KEY"] : []),
  ];
}
