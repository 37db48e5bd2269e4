import { UpstreamError } from "../../platform/errors.js";
import type { Log } from "../../platform/telemetry/log.js";
import { parseServiceRoot, UNUSABLE_DIRECTORY_ADDRESS } from "../directory-address.js";
import { badResponse } from "../upstream-errors.js";
import type { DirectoryQuery, DirectoryResult } from "./directory.js";

/** One address of a message handling system (MHS). */
export interface EndpointRecord {
  readonly odsCode?: string | undefined;
  readonly partyKey?: string | undefined;
  readonly address: string;
}

/** One accredited system (AS). */
export interface SystemRecord {
  readonly asid: string;
  readonly partyKey?: string | undefined;
  /** The organisation that uses the system (`nhsAsClient`), where the record names it. */
  readonly ownerOdsCode?: string | undefined;
}

export interface DirectoryRecords {
  readonly endpoints: readonly EndpointRecord[];
  readonly systems: readonly SystemRecord[];
}

/** The directory holds several systems or addresses, and nothing says which one applies. */
export const AMBIGUOUS_DIRECTORY_ENTRY = "AMBIGUOUS_DIRECTORY_ENTRY";

/**
 * Joins the two kinds of records by ODS code and party key, and handles zero, one and many (SDS notes, section 5.5).
 * Never takes the first of several: the wrong system would receive a patient's data.
 *
 * @param log gets a warning when there are records of two suppliers and only one of them can be used.
 */
export function joinRecords(query: DirectoryQuery, records: DirectoryRecords, log?: Log): DirectoryResult {
  const endpoints = distinct(
    records.endpoints
      .filter((endpoint) => belongsTo(query, endpoint))
      .map((endpoint) => ({ ...endpoint, address: endpoint.address.trim() })),
    ({ partyKey, address }) => `${fold(partyKey)} ${address}`,
  );
  if (endpoints.length === 0) return { kind: "none" };

  const found = endpoints.flatMap(({ partyKey, address }) =>
    partyKey === undefined
      ? []
      : asidsBehind(partyKey, query, records.systems).map((asid) => ({
          odsCode: query.odsCode,
          asid,
          partyKey,
          serviceRootUrl: address,
        })),
  );
  const [entry, ...others] = found;
  if (!entry) return { kind: "fault", error: incomplete() };
  if (others.length > 0) return { kind: "fault", error: badResponse("SDS", AMBIGUOUS_DIRECTORY_ENTRY) };
  if (parseServiceRoot(entry.serviceRootUrl) === undefined) {
    return { kind: "fault", error: badResponse("SDS", UNUSABLE_DIRECTORY_ADDRESS) };
  }
  if (endpoints.length > 1) {
    log?.warn({ odsCode: query.odsCode }, "the directory holds several addresses, only one with a system");
  }
  return { kind: "entry", entry };
}

/** Party keys are shared between organisations (trap 2) and compared without case; ODS codes are not. */
function belongsTo({ odsCode, partyKey }: DirectoryQuery, endpoint: EndpointRecord): boolean {
  const rightOrganisation = endpoint.odsCode === undefined || endpoint.odsCode === odsCode;
  return rightOrganisation && (partyKey === undefined || fold(endpoint.partyKey) === fold(partyKey));
}

/** Of several systems with one key: the one that the settings name, else those the organisation itself uses, else all. */
function asidsBehind(
  key: string,
  { odsCode, preferredAsid }: DirectoryQuery,
  systems: readonly SystemRecord[],
): string[] {
  const under = systems.filter(({ partyKey }) => fold(partyKey) === fold(key));
  const preferred = under.filter(({ asid }) => asid === preferredAsid);
  const own = under.filter(({ ownerOdsCode }) => ownerOdsCode === odsCode);
  const candidates = [preferred, own].find((some) => some.length > 0) ?? under;
  return distinct(candidates, ({ asid }) => asid).map(({ asid }) => asid);
}

function fold(partyKey: string | undefined): string {
  return partyKey?.toUpperCase() ?? "";
}

function distinct<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [key(item), item])).values()];
}

/** A registration fault: an address without a system to name in `Ssp-To`. */
function incomplete(): UpstreamError {
  return new UpstreamError("The Spine directory's entry for this organisation is incomplete.", {
    service: "SDS",
    code: "UPSTREAM_REFUSED",
    reason: "DIRECTORY_ENTRY_INCOMPLETE",
    retryable: false,
  });
}
