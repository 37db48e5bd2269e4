import type { Clock } from "../../platform/clock.js";
import { type RequestHead, type Service, type SimulatedResponse, splitPath } from "../http/service.js";
import { seededUuid } from "../shared/seeded.js";
import { RateLimiter, type RateLimits } from "../shared/token-bucket.js";
import { isUuid } from "../shared/uuid.js";
import type { Directory } from "./directory.js";
import { ResponseCache } from "./response-cache.js";
import { refuseAboveQuota, refuseSds, refuseWithoutKey } from "./sds-outcome.js";
import { readSdsQuery, SDS_SYSTEMS, type SdsQuery } from "./sds-query.js";
import { deviceResource, endpointResource } from "./sds-resources.js";

/** Path of the FHIR base URL, as on the real host. */
export const SDS_BASE = "/spine-directory/FHIR/R4";

/** The Spine Directory Service by its FHIR API (SDS notes, section 9). */
export class SdsService implements Service {
  readonly name = "SDS";
  readonly #directory: Directory;
  readonly #cache: ResponseCache;
  readonly #limiter: RateLimiter;
  #responses = 0;
  #timeOuts = 0;

  constructor(directory: Directory, clock: Clock, rateLimits: RateLimits = {}) {
    this.#directory = directory;
    this.#cache = new ResponseCache(clock);
    this.#limiter = new RateLimiter(rateLimits, clock);
  }

  /**
   * The next reads of the directory time out. SDS then responds 200 with an empty bundle, which the gateway caches
   * (SDS notes, 9.6).
   */
  timeOut(reads: number): void {
    this.#timeOuts = reads;
  }

  /** Forgets cached responses and announced time-outs. */
  reset(): void {
    this.#cache.clear();
    this.#timeOuts = 0;
  }

  describe(request: RequestHead): { odsCode?: string | undefined; interaction?: string | undefined } {
    const { path, query } = splitPath(request.path);
    const organisations = query
      .getAll("organization")
      .filter((value) => value.startsWith(`${SDS_SYSTEMS.odsCode}|`));
    return { odsCode: organisations.at(-1)?.split("|")[1], interaction: path.slice(SDS_BASE.length + 1) };
  }

  respond(request: RequestHead): SimulatedResponse {
    const { headers } = request;
    if (!headers.apikey) refuseWithoutKey();
    const limit = this.#limiter.take();
    if (limit !== undefined) refuseAboveQuota(limit);
    const { path, query: parameters } = splitPath(request.path);
    const correlationId = headers["x-correlation-id"] ?? this.#nextId();
    const mirrored = { "x-correlation-id": correlationId };
    const resource = path.startsWith(`${SDS_BASE}/`) ? path.slice(SDS_BASE.length + 1) : undefined;
    if (resource !== "Device" && resource !== "Endpoint") refuseSds(404, "HTTP 404: Not Found", mirrored);
    if (request.method !== "GET")
      refuseSds(405, "HTTP 405: Method Not Allowed", { ...mirrored, allow: "GET" });
    const contentType = negotiate(headers.accept);
    if (!contentType) refuseSds(406, "HTTP 406: Not Acceptable (Invalid Accept header)", mirrored);
    if (!isUuid(correlationId))
      refuseSds(400, "HTTP 400: Bad Request (Invalid X-Correlation-ID header)", mirrored);
    const key = `${request.path} ${contentType}`;
    const kept = headers["cache-control"] === "no-cache" ? undefined : this.#cache.get(key);
    const response = kept ?? this.#read(resource, path, parameters, { contentType, mirrored });
    if (!kept) this.#cache.set(key, response);
    return { ...response, headers: { ...response.headers, ...mirrored } };
  }

  #read(
    resource: "Device" | "Endpoint",
    path: string,
    parameters: URLSearchParams,
    { contentType, mirrored }: { readonly contentType: string; readonly mirrored: Record<string, string> },
  ): SimulatedResponse {
    const query = readSdsQuery(resource, parameters);
    if (typeof query === "string") refuseSds(400, `HTTP 400: Bad Request (${query})`, mirrored);
    const found = resource === "Device" ? this.#devices(query) : this.#endpoints(query);
    return {
      status: 200,
      headers: { "content-type": contentType },
      body: this.#bundle(resource, path, parameters, this.#takeTimeOut() ? [] : found),
    };
  }

  #takeTimeOut(): boolean {
    if (this.#timeOuts === 0) return false;
    this.#timeOuts -= 1;
    return true;
  }

  #devices(query: SdsQuery): ((id: string) => object)[] {
    return this.#directory
      .systems(query)
      .filter(
        (system) =>
          // Case-sensitive: a lower-case ODS code gives an empty result without an error (SDS notes, trap 3).
          system.odsCode === query.odsCode &&
          system.interactions.includes(query.interaction ?? "") &&
          samePartyKey(query.partyKey, system.partyKey) &&
          (query.manufacturer === undefined || query.manufacturer === system.manufacturer),
      )
      .map((system) => (id) => deviceResource(system, id));
  }

  #endpoints(query: SdsQuery): ((id: string) => object)[] {
    return this.#directory
      .handlers(query)
      .filter(
        (handler) =>
          (query.odsCode === undefined || query.odsCode === handler.odsCode) &&
          (query.interaction === undefined || query.interaction === handler.interaction) &&
          samePartyKey(query.partyKey, handler.partyKey),
      )
      .map((handler) => (id) => endpointResource(handler, id));
  }

  /** Ids are new in each response and URLs name an internal host; a consumer can use neither (section 9.5). */
  #bundle(
    resource: string,
    path: string,
    parameters: URLSearchParams,
    found: ((id: string) => object)[],
  ): object {
    const host = "http://sandbox.apis.internal";
    return {
      resourceType: "Bundle",
      id: this.#nextId(),
      type: "searchset",
      total: found.length,
      link: [{ relation: "self", url: `${host}${path}?${parameters}` }],
      entry: found.map((build) => {
        const id = this.#nextId();
        return { fullUrl: `${host}/${resource}/${id}`, resource: build(id), search: { mode: "match" } };
      }),
    };
  }

  #nextId(): string {
    this.#responses += 1;
    return seededUuid(`sds ${this.#responses}`);
  }
}

/** Party keys are case-insensitive, unlike everything else (SDS notes, section 4). */
function samePartyKey(requested: string | undefined, held: string): boolean {
  return requested === undefined || requested.toUpperCase() === held.toUpperCase();
}

/** The media type of the response. Each part of `Accept` is compared whole, so a parameter makes it unknown (9.1). */
function negotiate(accept: string | undefined): string | undefined {
  const parts = (accept ?? "*/*").split(",").map((part) => part.trim());
  if (parts.includes("*/*") || parts.includes("application/fhir+json")) return "application/fhir+json";
  return parts.includes("application/json") ? "application/json" : undefined;
}
