import type { LdapEntry } from "../ldap/entry.js";
import { BASE_DN, type EntrySource, type NamedBy } from "../ldap/search.js";
import type { AccreditedSystem, Directory, DirectoryHint, MessageHandler } from "./directory.js";

/** The directory as LDAP entries (SDS notes, section 4). Both interfaces serve the same records. */
export class DirectoryEntries implements EntrySource {
  /** Entries by the list that they were made from: the lists of the personas do not change. */
  readonly #made = new WeakMap<object, readonly LdapEntry[]>();

  constructor(private readonly directory: Directory) {}

  entries({ odsCodes, partyKeys, identifiers }: NamedBy): readonly LdapEntry[] {
    const hints: DirectoryHint[] = [
      {},
      ...odsCodes.map((odsCode) => ({ odsCode })),
      ...partyKeys.map((partyKey) => ({ partyKey })),
      ...identifiers.map((asid) => ({ asid })),
    ];
    const found = hints.flatMap((hint) => [
      ...this.#make(this.directory.systems(hint), systemEntry),
      ...this.#make(this.directory.handlers(hint), handlerEntry),
    ]);
    return [...new Map(found.map((entry) => [entry.dn, entry])).values()];
  }

  #make<Item>(items: readonly Item[], toEntry: (item: Item) => LdapEntry): readonly LdapEntry[] {
    const made = this.#made.get(items) ?? withAllAddresses(items.map(toEntry));
    this.#made.set(items, made);
    return made;
  }
}

/** One registration with two addresses is one entry with two values. */
function withAllAddresses(entries: readonly LdapEntry[]): readonly LdapEntry[] {
  const byName = new Map<string, LdapEntry>();
  for (const entry of entries) {
    const { dn, attributes } = entry;
    const first = byName.get(dn)?.attributes.nhsMHSEndPoint;
    const nhsMHSEndPoint = [...(first ?? []), ...(attributes.nhsMHSEndPoint ?? [])];
    byName.set(dn, first ? { dn, attributes: { ...attributes, nhsMHSEndPoint } } : entry);
  }
  return [...byName.values()];
}

function systemEntry(system: AccreditedSystem): LdapEntry {
  const { asid, odsCode, partyKey, interactions, manufacturer } = system;
  return entry(asid, "nhsAs", {
    nhsIDCode: [odsCode],
    nhsMHSPartyKey: [partyKey],
    nhsAsSvcIA: interactions,
    nhsAsClient: [odsCode],
    nhsMhsManufacturerOrg: [manufacturer],
  });
}

function handlerEntry({ id, odsCode, partyKey, interaction, address }: MessageHandler): LdapEntry {
  const colon = interaction.indexOf(":", "urn:nhs:names:services:".length);
  return entry(id, "nhsMhs", {
    nhsIDCode: [odsCode],
    nhsMHSPartyKey: [partyKey],
    nhsMhsSvcIA: [interaction],
    nhsMHsSN: [interaction.slice(0, colon)],
    nhsMHsIN: [interaction.slice(colon + 1)],
    // LDAP has no empty value. A blank is the nearest to an entry without an address.
    nhsMHSEndPoint: [address || " "],
    nhsMhsFQDN: ["127.0.0.1"],
    nhsMhsCPAId: [id],
  });
}

function entry(id: string, objectClass: string, attributes: LdapEntry["attributes"]): LdapEntry {
  return {
    dn: `uniqueIdentifier=${id},${BASE_DN}`,
    attributes: { objectClass: ["top", objectClass], uniqueIdentifier: [id], ...attributes },
  };
}
