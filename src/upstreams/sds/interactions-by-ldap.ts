import type { LdapClient } from "../../platform/ldap/ldap-client.js";
import { systemWithAsid } from "./ldap-filters.js";

export interface SystemSearch {
  readonly ldap: Pick<LdapClient, "search">;
  /** `ou=services,o=nhs`. */
  readonly baseDn: string;
  readonly timeoutMs: number;
}

/**
 * The interactions that are registered for a system, by one search (SDS notes, section 5.2).
 *
 * @returns undefined when the organisation has no system with this ASID.
 * @throws LdapFailure
 */
export async function fetchInteractionsByLdap(
  { odsCode, asid }: { readonly odsCode: string; readonly asid: string },
  { ldap, baseDn, timeoutMs }: SystemSearch,
): Promise<ReadonlySet<string> | undefined> {
  const filter = systemWithAsid(odsCode, asid);
  const entries = await ldap.search({ baseDn, filter, attributes: ["nhsAsSvcIA"], timeoutMs });
  if (entries.length === 0) return undefined;
  return new Set(entries.flatMap((entry) => entry.get("nhsassvcia") ?? []));
}
