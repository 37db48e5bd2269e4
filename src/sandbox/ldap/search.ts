import type { Filter } from "ldapts";
import type { LdapEntry } from "./entry.js";
import { comparedValues, matchesFilter } from "./filter.js";
import type { LdapResult, SearchRequest } from "./messages.js";
import { attributeType, normaliseDn } from "./schema.js";

/** The entries below `ou=Services`. Those of generated practices appear only when the filter names the practice. */
export interface EntrySource {
  entries(named: NamedBy): readonly LdapEntry[];
}

/** What a filter compares with. */
export interface NamedBy {
  readonly odsCodes: readonly string[];
  readonly partyKeys: readonly string[];
  readonly identifiers: readonly string[];
}

/** OpenLDAP's limit for one search (SDS notes, section 5.3). */
const MOST_ENTRIES = 500;

/** Where all entries lie. */
export const BASE_DN = "ou=Services,o=nhs";

/** The root of the server itself (RFC 4512, section 5.1), as far as it is simulated. */
const ROOT: LdapEntry = {
  dn: "",
  attributes: { objectClass: ["top"], namingContexts: ["o=nhs"], supportedLDAPVersion: ["3"] },
};

/** The entries above those of the directory. */
const PARENTS: readonly LdapEntry[] = [
  { dn: "o=nhs", attributes: { objectClass: ["organization"], o: ["nhs"] } },
  { dn: BASE_DN, attributes: { objectClass: ["organizationalUnit"], ou: ["Services"] } },
];

/** What a filter names. The names select the generated practices among which it searches. */
export function namedBy(filter: Filter): NamedBy {
  return {
    odsCodes: comparedValues(filter, ["nhsIDCode"]),
    partyKeys: comparedValues(filter, ["nhsMHSPartyKey"]),
    identifiers: comparedValues(filter, ["uniqueIdentifier"]),
  };
}

/**
 * Searches the directory. With more matches than the client or the server permits, it returns the first ones and
 * `sizeLimitExceeded`.
 */
export function search(
  request: SearchRequest,
  source: EntrySource,
): { readonly entries: readonly LdapEntry[]; readonly outcome: LdapResult } {
  const base = normaliseDn(request.baseDn);
  if (base === "" && request.scope === "base") return select(request, [ROOT]);
  const all = [...PARENTS, ...source.entries(namedBy(request.filter))];
  const places = all.map((entry) => ({ entry, dn: normaliseDn(entry.dn) }));
  if (!places.some(({ dn }) => dn === base)) {
    const parent = PARENTS.findLast(({ dn }) => base.endsWith(`,${normaliseDn(dn)}`));
    return { entries: [], outcome: { result: "noSuchObject", matchedDn: parent?.dn ?? "" } };
  }
  return select(
    request,
    places.filter(({ dn }) => isInScope(dn, base, request.scope)).map(({ entry }) => entry),
  );
}

function select(request: SearchRequest, candidates: readonly LdapEntry[]): ReturnType<typeof search> {
  const matching = candidates.filter((entry) => matchesFilter(request.filter, entry));
  const most = Math.min(request.sizeLimit > 0 ? request.sizeLimit : MOST_ENTRIES, MOST_ENTRIES);
  return {
    entries: matching.slice(0, most).map((entry) => withAttributes(entry, request)),
    outcome: { result: matching.length > most ? "sizeLimitExceeded" : "success" },
  };
}

function isInScope(dn: string, base: string, scope: SearchRequest["scope"]): boolean {
  if (dn === base) return scope === "base" || scope === "sub";
  if (!dn.endsWith(`,${base}`) || scope === "base") return false;
  return scope !== "one" || !dn.slice(0, -base.length - 1).includes(",");
}

/** The requested attributes in the server's own spelling, however the request spells them. */
function withAttributes(
  { dn, attributes }: LdapEntry,
  { attributes: names, typesOnly }: SearchRequest,
): LdapEntry {
  const isAll = names.length === 0 || names.includes("*");
  const wanted = new Set(names.map((name) => attributeType(name)?.name ?? name));
  const selected = Object.entries(attributes).filter(([name]) => isAll || wanted.has(name));
  return {
    dn,
    attributes: Object.fromEntries(selected.map(([name, values]) => [name, typesOnly ? [] : values])),
  };
}
