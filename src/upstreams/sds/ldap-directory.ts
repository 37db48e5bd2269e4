import type { Filter } from "ldapts";
import type { Clock } from "../../platform/clock.js";
import { UpstreamError } from "../../platform/errors.js";
import type { Log } from "../../platform/telemetry/log.js";
import type { CallContext } from "../call-context.js";
import { SIZE_LIMIT_EXCEEDED } from "../ldap-failures.js";
import type { Directory, DirectoryQuery, DirectoryResult } from "./directory.js";
import { AMBIGUOUS_DIRECTORY_ENTRY, type DirectoryRecords, joinRecords } from "./join.js";
import {
  addressFilter,
  combinedFilter,
  interactingSystemFilter,
  isNational,
  systemFilter,
} from "./ldap-filters.js";
import { LOOK_UP_ATTRIBUTES, recordsFor, SYSTEM_ATTRIBUTES } from "./ldap-records.js";
import { type DirectorySearchOptions, searchDirectory } from "./ldap-search.js";
import { isWellFormed, malformedQuery, queryKey } from "./query.js";

export interface LdapDirectoryOptions extends DirectorySearchOptions {
  /** `parallel`: one search for many organisations. `ordered`: the documented two, for each organisation. */
  readonly lookup: "parallel" | "ordered";
  /** Unused: this protocol has no times. Accepted so that all upstreams have the same options. */
  readonly clock?: Clock | undefined;
  readonly log?: Log | undefined;
}

/** Organisations in one search: about 100 entries, where OpenLDAP's limit is 500 (SDS notes, section 5.3). */
const CHUNK = 50;

/** The records of a query, or why they are not known. */
type Found = DirectoryRecords | UpstreamError;

/**
 * The directory over LDAP, joined by the same rules as over FHIR. The interfaces themselves differ in one point: when an
 * organisation has a single system with the address's party key, LDAP does not check whether that system has the
 * interaction (SDS notes, section 5.2), while a FHIR search always does (9.2).
 */
export function createLdapDirectory(options: LdapDirectoryOptions): Directory {
  const { lookup, log } = options;
  const find = lookup === "parallel" ? findTogether : findInOrder;

  async function findTogether(
    queries: readonly DirectoryQuery[],
    context: CallContext,
  ): Promise<Map<DirectoryQuery, Found>> {
    const found = await Promise.all(toChunks(queries).map((chunk) => findChunk(chunk, context)));
    return new Map(found.flat());
  }

  /** A chunk beyond the server's size limit is sent in halves, because paging does not lift the limit (trap 29). */
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

  async function toResult(
    query: DirectoryQuery,
    found: Found,
    context: CallContext,
  ): Promise<DirectoryResult> {
    if (found instanceof UpstreamError) return { kind: "fault", error: found };
    const result = joinRecords(query, found, log);
    const isAmbiguous = result.kind === "fault" && result.error.reason === AMBIGUOUS_DIRECTORY_ENTRY;
    if (!isAmbiguous || found.systems.length < 2) return result;
    // Of several systems, the one with the interaction is the right one (SDS notes, section 5.5).
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
      const results = new Map<string, DirectoryResult>();
      await Promise.all(
        [...distinct].map(async ([key, query]) => {
          results.set(key, await toResult(query, found.get(query) ?? malformedQuery(), context));
        }),
      );
      return queries.map(
        (query) => results.get(queryKey(query)) ?? { kind: "fault", error: malformedQuery() },
      );
    },
  };
}

/** An upstream error as a value, so that it stays with its queries. Any other error is thrown again. */
function orFault<T>(promise: Promise<T>): Promise<T | UpstreamError> {
  return promise.catch((error: unknown) => {
    if (error instanceof UpstreamError) return error;
    throw error;
  });
}

/**
 * National services share a search with practices, unless one of these is the same organisation: its records would be
 * read both with and without regard to the interaction.
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
