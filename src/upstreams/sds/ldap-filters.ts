import { AndFilter, EqualityFilter, type Filter, OrFilter } from "ldapts";
import type { DirectoryQuery } from "./directory.js";

/**
 * The directory searches as filter objects, which need no escaping (SDS notes, section 5.6). A misspelt attribute, or
 * one without an equality rule, finds nothing and raises no error. The published schema defines an equality rule for
 * every attribute used here (section 4).
 */

/** A national service is looked up by its party key. */
export type NationalQuery = DirectoryQuery & { readonly partyKey: string };

export function isNational(query: DirectoryQuery): query is NationalQuery {
  return query.partyKey !== undefined;
}

/**
 * Both kinds of records of many organisations in one search (section 5.3). For practices the filter does not demand
 * the interaction of the AS, so that the join finds what the two documented searches find. For national services it
 * does, because several AS have Spine's party key (section 5.4).
 */
export function combinedFilter(queries: readonly DirectoryQuery[]): Filter {
  const practices = queries.filter((query) => !isNational(query));
  const interactions = new Set(practices.map(({ interaction }) => interaction));
  return or([
    ...[...interactions].map((interaction) => {
      const sameInteraction = practices.filter((query) => query.interaction === interaction);
      const organisations = or(sameInteraction.map(({ odsCode }) => equal("nhsIDCode", odsCode)));
      return and([organisations, or([handlingSystem(interaction), objectClass("nhsAs")])]);
    }),
    ...queries
      .filter(isNational)
      .map(({ partyKey, interaction }) =>
        and([
          equal("nhsMHSPartyKey", partyKey),
          or([handlingSystem(interaction), and([objectClass("nhsAs"), equal("nhsAsSvcIA", interaction)])]),
        ]),
      ),
  ]);
}

/** The first of the two documented searches: the address and its party key (section 5.2). */
export function addressFilter(query: DirectoryQuery): Filter {
  return and([
    isNational(query) ? equal("nhsMHSPartyKey", query.partyKey) : equal("nhsIDCode", query.odsCode),
    objectClass("nhsMhs"),
    equal("nhsMhsSvcIA", query.interaction),
  ]);
}

/** The second search: the system with that key at that organisation. A practice's system need not have the interaction. */
export function systemFilter(query: DirectoryQuery, partyKey: string): Filter {
  const { odsCode, interaction } = query;
  return and([
    equal("nhsIDCode", odsCode),
    objectClass("nhsAs"),
    equal("nhsMHSPartyKey", partyKey),
    ...(isNational(query) ? [equal("nhsAsSvcIA", interaction)] : []),
  ]);
}

/** The systems of an organisation with the interaction: the Devices of the FHIR interface (section 9.2). */
export function interactingSystemFilter({ odsCode, interaction, partyKey }: DirectoryQuery): Filter {
  return and([
    equal("nhsIDCode", odsCode),
    objectClass("nhsAs"),
    equal("nhsAsSvcIA", interaction),
    ...(partyKey === undefined ? [] : [equal("nhsMHSPartyKey", partyKey)]),
  ]);
}

/** One system of an organisation by its ASID. */
export const systemWithAsid = (odsCode: string, asid: string): Filter =>
  and([equal("nhsIDCode", odsCode), objectClass("nhsAs"), equal("uniqueIdentifier", asid)]);

const handlingSystem = (interaction: string) =>
  and([objectClass("nhsMhs"), equal("nhsMhsSvcIA", interaction)]);

const objectClass = (name: "nhsAs" | "nhsMhs") => equal("objectClass", name);

const equal = (attribute: string, value: string): Filter => new EqualityFilter({ attribute, value });

const and = (filters: Filter[]): Filter => new AndFilter({ filters });

/** A single alternative stands alone, without "or". */
function or(filters: Filter[]): Filter {
  const [only, ...others] = filters;
  return only !== undefined && others.length === 0 ? only : new OrFilter({ filters });
}
