import { randomUUID } from "node:crypto";
import type { Clock } from "../../platform/clock.js";
import { UpstreamError } from "../../platform/errors.js";
import type { HttpClient, HttpResponse } from "../../platform/http/http-client.js";
import type { Log } from "../../platform/telemetry/log.js";
import type { CallContext } from "../call-context.js";
import { type CallResult, upstreamCall } from "../upstream-call.js";
import { badResponse } from "../upstream-errors.js";
import { statusToError } from "../upstream-failures.js";
import type { Directory, DirectoryQuery, DirectoryResult } from "./directory.js";
import { type DirectoryRecords, joinRecords } from "./join.js";
import { isWellFormed, malformedQuery, queryKey } from "./query.js";
import { type Reading, readEndpoints, readSpineCode, readSystems } from "./wire.js";

export interface FhirDirectoryOptions {
  /** FHIR base, with or without a trailing slash. */
  readonly url: string;
  readonly apiKey?: string | undefined;
  readonly http: HttpClient;
  /** Unused: this API has no times. Accepted so that all upstreams have the same options. */
  readonly clock?: Clock | undefined;
  /** For each request, head and body. */
  readonly timeoutMs: number;
  readonly log?: Log | undefined;
}

type ResourceName = "Endpoint" | "Device";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * The directory over the SDS FHIR API (R4). The API takes one organisation and one interaction a call, so a query costs
 * one Endpoint and one Device request, which are sent together and joined here (SDS notes, section 9.8).
 */
export function createFhirDirectory(options: FhirDirectoryOptions): Directory {
  const { apiKey, http, timeoutMs, log } = options;
  const base = options.url.replace(/\/+$/, "");

  async function lookUpOne(query: DirectoryQuery, context: CallContext): Promise<DirectoryResult> {
    try {
      if (!isWellFormed(query)) throw malformedQuery();
      const first = await sendRound(query, context, query.fresh === true);
      const result = joinRecords(query, first, log);
      if (result.kind !== "none" && first.systems.length > 0) return result;
      // The service turns its own time-out into an empty list and caches that for half an hour (trap 13).
      return joinRecords(query, await sendRound(query, context, true), log);
    } catch (error) {
      if (error instanceof UpstreamError) return { kind: "fault", error };
      throw error;
    }
  }

  /** Both requests run to their end even when one fails, so that the call log holds both. */
  async function sendRound(
    query: DirectoryQuery,
    context: CallContext,
    fresh: boolean,
  ): Promise<DirectoryRecords> {
    const [endpoints, systems] = await Promise.allSettled([
      search("Endpoint", readEndpoints, query, context, fresh),
      search("Device", readSystems, query, context, fresh),
    ]);
    if (endpoints.status === "rejected") throw endpoints.reason;
    if (systems.status === "rejected") throw systems.reason;
    return { endpoints: endpoints.value, systems: systems.value };
  }

  function search<T>(
    resource: ResourceName,
    read: (body: string) => Reading<T>,
    query: DirectoryQuery,
    context: CallContext,
    fresh: boolean,
  ): Promise<readonly T[]> {
    const call = { service: "SDS", interaction: resource, target: query.odsCode, method: "GET" } as const;
    return upstreamCall(context, call, {
      send: ({ signal }) =>
        http.request({
          method: "GET",
          url: `${base}/${resource}?${searchParameters(resource, query)}`,
          headers: headersFor(context, fresh),
          timeoutMs,
          signal,
        }),
      read: (response) => readResponse(response, read),
    });
  }

  function headersFor(context: CallContext, fresh: boolean): Record<string, string> {
    return {
      // The service responds 406 to anything more, even a charset (trap 16).
      Accept: "application/fhir+json",
      // The service responds 400 to anything but a UUID (trap 15).
      "X-Correlation-ID": UUID.test(context.correlationId) ? context.correlationId : randomUUID(),
      ...(apiKey === undefined ? {} : { apikey: apiKey }),
      ...(fresh ? { "Cache-Control": "no-cache" } : {}),
    };
  }

  return {
    lookUp(queries, context) {
      const byKey = new Map<string, Promise<DirectoryResult>>();
      const results = queries.map((query) => {
        const key = queryKey(query);
        const result = byKey.get(key) ?? lookUpOne(query, context);
        byKey.set(key, result);
        return result;
      });
      return Promise.all(results);
    },
  };
}

function readResponse<T>(
  response: HttpResponse,
  read: (body: string) => Reading<T>,
): CallResult<readonly T[]> {
  const httpStatus = response.status;
  // 404 means a wrong path here, never "nothing found" (trap 14).
  if (httpStatus < 200 || httpStatus > 299) {
    throw statusToError(httpStatus, "SDS", readSpineCode(response.body), response);
  }
  const reading = read(response.body);
  if (reading.kind === "unusable") throw badResponse("SDS", reading.reason, httpStatus);
  return { value: reading.records, httpStatus, notFound: reading.entries === 0 };
}

/**
 * The query string of one request. `|` is sent as `%7C`; the other characters of a well-formed query need no encoding. A
 * national service's Endpoint is searched by its party key alone, its Device by organisation too, because that resource
 * demands it (SDS notes, section 9.8).
 */
function searchParameters(
  resource: ResourceName,
  { odsCode, interaction, partyKey }: DirectoryQuery,
): string {
  const organisation = `organization=https://fhir.nhs.uk/Id/ods-organization-code%7C${odsCode}`;
  const service = `identifier=https://fhir.nhs.uk/Id/nhsServiceInteractionId%7C${interaction}`;
  if (partyKey === undefined) return `${organisation}&${service}`;
  const key = `identifier=https://fhir.nhs.uk/Id/nhsMhsPartyKey%7C${partyKey}`;
  return resource === "Endpoint" ? `${service}&${key}` : `${organisation}&${service}&${key}`;
}
