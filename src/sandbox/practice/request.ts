import type { SimulatedResponse } from "../http/service.js";
import type { JsonObject } from "../shared/json.js";
import { PRACTICE_MEDIA_TYPE } from "./outcome.js";
import type { PracticeState } from "./practice-state.js";

/** A request that has passed the checks common to all interactions. */
export interface PracticeRequest {
  readonly state: PracticeState;
  readonly query: URLSearchParams;
  /** The logical id in the path. Empty for interactions without an id. */
  readonly id: string;
  /** Keys are lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly nowMs: number;
  /** Whether the practice can trace on PDS. */
  readonly isPdsReachable: () => boolean;
  /** Waits between the slot check and the save. Only two-step suppliers call it. */
  readonly beforeSave: () => Promise<void>;
  /** The practice's FHIR base URL, used in `Location` headers. */
  readonly base: string;
}

/** Handles one interaction. A synchronous handler is atomic: no other request runs between its checks and its save. */
export type PracticeHandler = (request: PracticeRequest) => SimulatedResponse | Promise<SimulatedResponse>;

/** A response with one resource. Its version becomes the ETag. */
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
 * 4.5). Without matches, `entry` is absent or an empty list, depending on the supplier.
 */
export function bundleResponse(
  resources: readonly object[],
  state: PracticeState,
  metaExtension: readonly object[] = [],
): SimulatedResponse {
  const hasEntry = resources.length > 0 || state.practice.behaviour === "fully-booked";
  return resourceResponse({
    resourceType: "Bundle",
    meta: {
      profile: ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-Searchset-Bundle-1"],
      ...(metaExtension.length > 0 ? { extension: metaExtension } : {}),
    },
    type: "searchset",
    ...(hasEntry ? { entry: resources.map((resource) => ({ resource })) } : {}),
  });
}
