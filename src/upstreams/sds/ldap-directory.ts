import type { Filter } from "ldapts";
import type { OdsCode } from "../../domain/ods-code.js";
import type { Clock } from "../../platform/clock.js";
import { UpstreamError } from "../../platform/errors.js";
import type { Log } from "../../platform/telemetry/log.js";
import type { CallContext } from "../call-context.js";
import { SIZE_LIMIT_EXCEEDED } from "../ldap-failures.js";
import { badResponse } from "../upstream-errors.js";
import type { Directory, DirectoryQuery, DirectoryResult, OwnSystems } from "./directory.js";
import { AMBIGUOUS_DIRECTORY_ENTRY, type DirectoryRecords, joinRecords } from "./join.js";
import {
  addressFilter,
  combinedFilter,
  interactingSystemFilter,
  isNational,
  ownSystemFilter,
  systemFilter,
} from "./ldap-filters.js";
import { type DirectoryRecord, LOOK_UP_ATTRIBUTES, recordsFor, SYSTEM_ATTRIBUTES } from "./ldap-records.js";
import { type DirectorySearchOptions, searchDirectory } from "./ldap-search.js";
import { isWellFormed, malformedQuery, queryKey } from "./query.js";

export interface LdapDirectoryOptions extends DirectorySearchOptions {
  /** `parallel`: one search for many organisations. `ordered`: the documented two, for each organisation. */
  readonly lookup: "parallel" | "ordered";
  /** Taken so that all upstreams are built from one block; this protocol says and needs no time. */
  readonly clock?: Clock | undefined;
  readonly log?: Log | undefined;
}

/** Organisations in one search: about 100 entries, where OpenLDAP's limit is 500 (SDS notes, section 5.3). */
const CHUNK = 50;

/** What a query is joined from, or why that is not known. */
type Found = DirectoryRecords | UpstreamError;

/**
 * The directory over LDAP. What is found is joined by the same rules as over FHIR. One difference lies in the
 * interfaces themselves: where an organisation has a single system under the address's key, this one does not ask
 * whether that system carries the interaction (SDS notes, section 5.2), while FHIR cannot be asked without (9.2).
 */
export function createLdapDirectory(options: LdapDirectoryOptions): Directory & OwnSystems {
  const { lookup, log } = options;
  const find = lookup === "parallel" ? findTogether : findInOrder;

  async function findTogether(
    queries: readonly DirectoryQuery[],
    context: CallContext,
  ): Promise<Map<DirectoryQuery, Found>> {
    const found = await Promise.all(toChunks(queries).map((chunk) => findChunk(chunk, context)));
    return new Map(found.flat());
  }

  /** A chunk that is more than the server will answer is asked in halves: paging would not lift the limit (trap 29). */
  async function findChunk(
    chunk: readonly DirectoryQuery[],
    context: CallContext,
  ): Promise<[DirectoryQuery, Found][]> {
    const search = {
      filter: combinedFilter(chunk),
      attributes: LOOK_UP_ATTRIBUTES,
      odsCodes: chunk.map(({ odsCode }) => odsCode),
    };
    const found = await orFault(searchDirectory(options, search, context));
    if (!(found instanceof UpstreamError)) return chunk.map((query) => [query, recordsFor(query, found)]);
    if (found.reason !== SIZE_LIMIT_EXCEEDED || chunk.length === 1) {
      return chunk.map((query) => [query, found]);
    }
    const middle = Math.ceil(chunk.length / 2);
    const halves = [chunk.slice(0, middle), chunk.slice(middle)];
    return (await Promise.all(halves.map((half) => findChunk(half, context)))).flat();
  }

  async function findInOrder(
    queries: readonly DirectoryQuery[],
    context: CallContext,
  ): Promise<Map<DirectoryQuery, Found>> {
    const found = queries.map(
      async (query) => [query, await orFault(findStepByStep(query, context))] as const,
    );
    return new Map(await Promise.all(found));
  }

  async function findStepByStep(query: DirectoryQuery, context: CallContext): Promise<DirectoryRecords> {
    const odsCodes = [query.odsCode];
    const step = (filter: Filter) =>
      searchDirectory(options, { filter, attributes: LOOK_UP_ATTRIBUTES, odsCodes }, context);
    const { endpoints } = recordsFor(query, await step(addressFilter(query)));
    const partyKeys = new Set(endpoints.flatMap(({ partyKey }) => partyKey?.toUpperCase() ?? []));
    const systems = await Promise.all([...partyKeys].map((partyKey) => step(systemFilter(query, partyKey))));
    return { endpoints, systems: recordsFor(query, systems.flat()).systems };
  }

  async function judge(query: DirectoryQuery, found: Found, context: CallContext): Promise<DirectoryResult> {
    if (found instanceof UpstreamError) return { kind: "fault", error: found };
    const answer = joinRecords(query, found, log);
    const tied = answer.kind === "fault" && answer.error.reason === AMBIGUOUS_DIRECTORY_ENTRY;
    if (!tied || found.systems.length < 2) return answer;
    // Several can be meant; the one that carries the interaction is (SDS notes, section 5.5).
    const search = {
      filter: interactingSystemFilter(query),
      attributes: SYSTEM_ATTRIBUTES,
      odsCodes: [query.odsCode],
    };
    const records = await orFault(searchDirectory(options, search, context));
    if (records instanceof UpstreamError) return { kind: "fault", error: records };
    return joinRecords(query, { ...found, systems: recordsFor(query, records).systems }, log);
  }

  return {
    batches: lookup === "parallel",

    async lookUp(queries, context) {
      const distinct = new Map(queries.map((query) => [queryKey(query), query]));
      const wellFormed = [...distinct.values()].filter(isWellFormed);
      const found = await find(wellFormed, context);
      const answers = new Map<string, DirectoryResult>();
      await Promise.all(
        [...distinct].map(async ([key, query]) => {
          answers.set(key, await judge(query, found.get(query) ?? malformedQuery(), context));
        }),
      );
      return queries.map(
        (query) => answers.get(queryKey(query)) ?? { kind: "fault", error: malformedQuery() },
      );
    },

    async findOwnAsid({ odsCode, interaction, manufacturer }, context) {
      if (!isWellFormed({ odsCode, interaction }) || !isWellFormed({ odsCode: manufacturer, interaction })) {
        return { kind: "fault", error: malformedQuery() };
      }
      const search = {
        filter: ownSystemFilter(odsCode, interaction, manufacturer),
        attributes: SYSTEM_ATTRIBUTES,
        odsCodes: [odsCode],
      };
      const records = await orFault(searchDirectory(options, search, context));
      if (records instanceof UpstreamError) return { kind: "fault", error: records };
      const [asid, ...others] = ownAsids(odsCode, records);
      if (asid === undefined) return { kind: "none" };
      if (others.length > 0) return { kind: "fault", error: badResponse("SDS", AMBIGUOUS_DIRECTORY_ENTRY) };
      return { kind: "asid", asid };
    },
  };
}

/**
 * National services go with the practices of a search, unless one of these is the same organisation: its records
 * are read with and without regard to the interaction, which must not mix.
 */
function toChunks(queries: readonly DirectoryQuery[]): DirectoryQuery[][] {
  const practices = queries.filter((query) => !isNational(query));
  const codes = new Set(practices.map(({ odsCode }) => odsCode));
  const apart = queries.filter((query) => isNational(query) && codes.has(query.odsCode));
  const together = queries.filter((query) => !apart.includes(query));
  return [together, apart].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / CHUNK) }, (_, index) =>
      group.slice(index * CHUNK, (index + 1) * CHUNK),
    ),
  );
}

function ownAsids(odsCode: OdsCode, records: readonly DirectoryRecord[]): Set<string> {
  return new Set(
    records.flatMap((each) => (each.kind === "as" && each.odsCode === odsCode ? [each.record.asid] : [])),
  );
}

/** A service's fault as a value, so that it stays with the queries it belongs to; anything else is thrown on. */
function orFault<T>(promise: Promise<T>): Promise<T | UpstreamError> {
  return promise.catch((error: unknown) => {
    if (error instanceof UpstreamError) return error;
    throw error;
  });
}
