import { AndFilter, EqualityFilter, type Filter, OrFilter } from "ldapts";
import type { OdsCode } from "../../domain/ods-code.js";
import type { DirectoryQuery } from "./directory.js";

/**
 * The searches of the directory as filter objects, which carry values as they are (SDS notes, section 5.6). A
 * misspelt attribute, or one without an equality rule, finds nothing without an error: every name used here is
 * one that the published schema lets us compare (section 4).
 */

/** A national service is one that is named by its party key. */
export type NationalQuery = DirectoryQuery & { readonly partyKey: string };

export function isNational(query: DirectoryQuery): query is NationalQuery {
  return query.partyKey !== undefined;
}

/**
 * Both kinds of records of many organisations in one search (section 5.3). For practices in the form that does
 * not demand the interaction of the AS, so that after the join it finds what the documented two steps find; for
 * national services with it, since several AS hang on Spine's key (section 5.4).
 */
export function combinedFilter(queries: readonly DirectoryQuery[]): Filter {
  const practices = queries.filter((query) => !isNational(query));
  const interactions = new Set(practices.map(({ interaction }) => interaction));
  return or([
    ...[...interactions].map((interaction) => {
      const asking = practices.filter((query) => query.interaction === interaction);
      const organisations = or(asking.map(({ odsCode }) => equal("nhsIDCode", odsCode)));
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

/** First of the two documented steps: the address and its party key (section 5.2). */
export function addressFilter(query: DirectoryQuery): Filter {
  return and([
    isNational(query) ? equal("nhsMHSPartyKey", query.partyKey) : equal("nhsIDCode", query.odsCode),
    objectClass("nhsMhs"),
    equal("nhsMhsSvcIA", query.interaction),
  ]);
}

/** Second of the two: the system under that key at that organisation. A practice's need not carry the interaction. */
export function systemFilter(query: DirectoryQuery, partyKey: string): Filter {
  const { odsCode, interaction } = query;
  return and([
    equal("nhsIDCode", odsCode),
    objectClass("nhsAs"),
    equal("nhsMHSPartyKey", partyKey),
    ...(isNational(query) ? [equal("nhsAsSvcIA", interaction)] : []),
  ]);
}

/** The systems of an organisation that carry the interaction: what the FHIR interface gives as Devices (section 9.2). */
export function interactingSystemFilter({ odsCode, interaction, partyKey }: DirectoryQuery): Filter {
  return and([
    equal("nhsIDCode", odsCode),
    objectClass("nhsAs"),
    equal("nhsAsSvcIA", interaction),
    ...(partyKey === undefined ? [] : [equal("nhsMHSPartyKey", partyKey)]),
  ]);
}

/** Our own system: without the supplier, another product at the same site would match (section 5.3, trap 8). */
export function ownSystemFilter(odsCode: OdsCode, interaction: string, manufacturer: OdsCode): Filter {
  return and([
    equal("nhsIDCode", odsCode),
    objectClass("nhsAs"),
    equal("nhsAsSvcIA", interaction),
    equal("nhsMhsManufacturerOrg", manufacturer),
  ]);
}

const handlingSystem = (interaction: string) =>
  and([objectClass("nhsMhs"), equal("nhsMhsSvcIA", interaction)]);

const objectClass = (name: "nhsAs" | "nhsMhs") => equal("objectClass", name);

const equal = (attribute: string, value: string): Filter => new EqualityFilter({ attribute, value });

const and = (filters: Filter[]): Filter => new AndFilter({ filters });

/** One alternative needs no "or" around it. */
function or(filters: Filter[]): Filter {
  const [only, ...others] = filters;
  return only !== undefined && others.length === 0 ? only : new OrFilter({ filters });
}
