import type { SpineEndpointSource } from "../loaders/endpoint.loader.js";
import type { Config } from "../platform/config/config.js";
import { type CalledAddressRules, SPINE_HOSTS } from "../upstreams/directory-address.js";

const MINUTE_MS = 60_000;

/** An address from the settings was chosen by the operator, so only an address from the directory has to be on the list. */
export function calledAddressRules({ SPINE_ENV, VM_URL, VM_HOSTS }: Config): CalledAddressRules {
  const isLive = SPINE_ENV === "live";
  if (VM_URL !== undefined) return { requiresTls: isLive };
  return { hosts: VM_HOSTS ?? (isLive ? SPINE_HOSTS : undefined), requiresTls: isLive };
}

/** V&M's endpoint comes from the directory in use, unless `VM_URL` sets it. */
export function spineEndpointSource(config: Config): SpineEndpointSource {
  const { SPINE_ODS_CODE: odsCode, SPINE_PARTY_KEY: partyKey, VM_URL, SPINE_ASID } = config;
  if (VM_URL !== undefined && SPINE_ASID !== undefined) {
    return { kind: "fixed", entry: { odsCode, asid: SPINE_ASID, partyKey, serviceRootUrl: VM_URL } };
  }
  return {
    kind: "directory",
    query: { odsCode, partyKey, interaction: config.VM_DIRECTORY_INTERACTION, preferredAsid: SPINE_ASID },
    ttlMs: config.SPINE_ENDPOINT_CACHE_MINUTES * MINUTE_MS,
  };
}
