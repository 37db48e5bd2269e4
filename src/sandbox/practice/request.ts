import type { JsonObject } from "../shared/json.js";
import type { SimulatedResponse } from "../http/service.js";
import type { PracticeState } from "./practice-state.js";
import { PRACTICE_MEDIA_TYPE } from "./outcome.js";

/** A request that has passed the checks which all interactions share. */
export interface PracticeRequest {
  readonly state: PracticeState;
  readonly query: URLSearchParams;
  /** The logical id in the path; empty where the interaction has none. */
  readonly id: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly nowMs: number;
  /** The practice's own base, for `Location`. */
  readonly base: string;
}

/** Does the work of one interaction. Synchronous, so that checking a slot and taking it cannot be torn apart. */
export type PracticeHandler = (request: PracticeRequest) => SimulatedResponse;

/** A good answer with one resource; its version becomes the ETag. */
export function resourceResponse(
  resource: JsonObject,
  status = 200,
  headers: Record<string, string> = {},
): SimulatedResponse {
  const version = (resource.meta as { versionId?: string } | undefined)?.versionId;
  const etag: Record<string, string> = version === undefined ? {} : { etag: `W/"${version}"` };
  return {
    status,
    headers: { "content-type": PRACTICE_MEDIA_TYPE, "cache-control": "no-store", ...etag, ...headers },
    body: resource,
  };
}

/**
 * A searchset. Its profile forbids `total`, `link` and `entry.search`, and `fullUrl` is not used (GP Connect notes,
 * 4.5). Without a match there is no `entry` at all or an empty list, by supplier.
 */
export function bundleResponse(resources: readonly object[], state: PracticeState): SimulatedResponse {
  const hasEntry = resources.length > 0 || state.practice.behaviour === "fully-booked";
  return resourceResponse({
    resourceType: "Bundle",
    meta: { profile: ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-Searchset-Bundle-1"] },
    type: "searchset",
    ...(hasEntry ? { entry: resources.map((resource) => ({ resource })) } : {}),
  });
}
