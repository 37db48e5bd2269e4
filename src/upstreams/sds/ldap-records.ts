import type { LdapEntry } from "../../platform/ldap/ldap-client.js";
import type { DirectoryQuery } from "./directory.js";
import type { DirectoryRecords, EndpointRecord, SystemRecord } from "./join.js";

/** The attributes of a look-up. The interactions of an AS are left out: Spine's own has hundreds (trap 19). */
export const LOOK_UP_ATTRIBUTES = [
  "objectClass",
  "nhsIDCode",
  "nhsMHSPartyKey",
  "uniqueIdentifier",
  "nhsMHSEndPoint",
  "nhsMhsSvcIA",
] as const;

/** Includes the organisation that uses the system, which can distinguish one of several. */
export const SYSTEM_ATTRIBUTES = [
  "objectClass",
  "nhsIDCode",
  "nhsMHSPartyKey",
  "uniqueIdentifier",
  "nhsAsClient",
] as const;

/** One entry of the directory, before the join. */
export type DirectoryRecord =
  | { readonly kind: "mhs"; readonly interaction?: string | undefined; readonly record: EndpointRecord }
  | { readonly kind: "as"; readonly odsCode?: string | undefined; readonly record: SystemRecord };

/** One record for each address and each ASID. An entry should have one; the join reports when it has several. */
export function toRecords(entries: readonly LdapEntry[]): DirectoryRecord[] {
  return entries.flatMap((entry): DirectoryRecord[] => {
    const classes = (entry.get("objectclass") ?? []).map((name) => name.toLowerCase());
    const odsCode = first(entry, "nhsidcode");
    const partyKey = first(entry, "nhsmhspartykey");
    if (classes.includes("nhsmhs")) {
      const interaction = first(entry, "nhsmhssvcia");
      const addresses = (entry.get("nhsmhsendpoint") ?? []).filter((address) => address.trim() !== "");
      return addresses.map((address) => ({
        kind: "mhs",
        interaction,
        record: { odsCode, partyKey, address },
      }));
    }
    if (!classes.includes("nhsas")) return [];
    const ownerOdsCode = first(entry, "nhsasclient");
    const asids = (entry.get("uniqueidentifier") ?? []).filter((asid) => asid.trim() !== "");
    return asids.map((asid) => ({ kind: "as", odsCode, record: { asid, partyKey, ownerOdsCode } }));
  });
}

/**
 * The records of the query's organisation. A record that names no organisation is ignored: it must not be joined to
 * another organisation of the same search.
 */
export function recordsFor(
  { odsCode, interaction }: DirectoryQuery,
  records: readonly DirectoryRecord[],
): DirectoryRecords {
  return {
    endpoints: records.flatMap((each) =>
      each.kind === "mhs" && each.interaction === interaction && each.record.odsCode === odsCode
        ? [each.record]
        : [],
    ),
    systems: records.flatMap((each) => (each.kind === "as" && each.odsCode === odsCode ? [each.record] : [])),
  };
}

function first(entry: LdapEntry, attribute: string): string | undefined {
  return entry.get(attribute)?.[0] || undefined;
}
