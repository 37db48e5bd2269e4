import type { Clock } from "../../platform/clock.js";
import type { Log } from "../../platform/telemetry/log.js";
import {
  Refused,
  type RequestBody,
  type RequestHead,
  type Service,
  type SimulatedResponse,
  splitPath,
} from "../http/service.js";
import type { Person } from "../personas/person.js";
import type { Population } from "../population/population.js";
import { isNhsNumber } from "../shared/nhs-number.js";
import { RateLimiter, type RateLimits } from "../shared/token-bucket.js";
import { isUuid } from "../shared/uuid.js";
import { checkMode } from "./access-mode.js";
import { PDS_VERSION, pdsPatient } from "./patient-resource.js";
import { refusePds } from "./pds-outcome.js";
import { relatedPersons } from "./related-persons.js";
import { searchResponse } from "./search.js";
import { readSearchParameters } from "./search-parameters.js";
import type { PdsApplication } from "./token/check-assertion.js";
import { TokenEndpoint, type TokenMode } from "./token/token-endpoint.js";
import { checkUpdate } from "./update-checks.js";

/** Path of the FHIR base URL, as on the real host. */
export const PDS_BASE = "/personal-demographics/FHIR/R4";
/** Path of the token endpoint, as on the real host. */
export const TOKEN_PATH = "/oauth2/token";

/** Groups: resource type, NHS number, relation. */
const PATHS = /^\/(Patient(?=\/|$)|Coverage$)(?:\/([^/]*)(?:\/(RelatedPerson))?)?$/;

const RATE_LIMIT_TEXTS: Readonly<Record<keyof RateLimits, string>> = {
  application: "Your application has exceeded its quota of requests every 1 minute(s).",
  national: "This API is currently receiving a high volume of requests and is being rate limited.",
};

export interface PdsServiceOptions {
  readonly population: Population;
  readonly clock: Clock;
  readonly origin: string;
  /** URLs under which the token endpoint can be reached: the accepted audiences of client assertions. */
  readonly tokenUrls: readonly string[];
  /** With it PDS requires access tokens; without it PDS is open, as the public sandbox is. */
  readonly application?: PdsApplication | undefined;
  /** Absent: no limit, as in the public sandbox. */
  readonly rateLimits?: RateLimits | undefined;
  readonly log?: Log | undefined;
}

/** The Personal Demographics Service: retrieve by NHS number, search by demographics, and the token endpoint. */
export class PdsService implements Service {
  readonly name = "PDS";
  readonly tokens: TokenEndpoint;
  /** The NHS number of each patient whom a request matched, in order, as PDS audits them (PDS notes, 6.4). */
  readonly audited: string[] = [];
  readonly #limiter: RateLimiter;

  constructor(private readonly options: PdsServiceOptions) {
    const { clock, application, tokenUrls, rateLimits = {} } = options;
    this.#limiter = new RateLimiter(rateLimits, clock);
    this.tokens = new TokenEndpoint(clock, application, tokenUrls);
  }

  describe(request: RequestHead): { interaction: string | undefined } {
    const { path } = splitPath(request.path);
    if (path === TOKEN_PATH) return { interaction: "token" };
    if (path === `${PDS_BASE}/Patient`) return { interaction: "Patient.search" };
    return { interaction: path.startsWith(`${PDS_BASE}/Patient/`) ? "Patient.read" : undefined };
  }

  async respond(request: RequestHead, body: RequestBody): Promise<SimulatedResponse> {
    if (splitPath(request.path).path === TOKEN_PATH) {
      return this.tokens.respond(request, await body.text());
    }
    const mirrored = mirror(request);
    try {
      const response = await this.#serve(request, body);
      return { ...response, headers: { ...response.headers, ...mirrored } };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      throw new Refused({ ...error.response, headers: { ...error.response.headers, ...mirrored } });
    }
  }

  /** Checks in the order of the gateway, then of Spine (PDS notes, end of section 4). */
  async #serve(request: RequestHead, body: RequestBody): Promise<SimulatedResponse> {
    const mode = this.options.application && this.#modeOf(request.headers.authorization);
    this.#limitRate();
    const { path, query } = splitPath(request.path);
    const fhirPath = path.startsWith(`${PDS_BASE}/`) ? path.slice(PDS_BASE.length) : undefined;
    const match = PATHS.exec(fhirPath ?? "");
    if (!match) refusePds("UNSUPPORTED_REQUEST", `Unsupported path - '${fhirPath ?? path}'`, "gateway");
    refuseBadHeader(request, "X-Request-ID", isUuid);
    if (mode === "user") refuseBadHeader(request, "NHSD-Session-URID", (role) => /^[0-9]+$/.test(role));
    const [, resource = "", number, relation] = match;
    if (mode) checkMode(mode, request.method, resource, query);
    if (resource === "Coverage") this.#refuseUnsimulated(request);
    if (request.method === "PATCH" && number !== undefined && relation === undefined) {
      return this.#update(request, number, await body.text());
    }
    if (request.method === "POST" && number === undefined) this.#refuseUnsimulated(request);
    if (request.method !== "GET" || number === "" || (number === undefined && query.size === 0)) {
      refusePds("UNSUPPORTED_SERVICE");
    }
    requireRequestId(request);
    if (number === undefined) return this.#search(request, mode);
    const person = this.#current(number);
    this.audited.push(person.nhsNumber);
    return relation === undefined
      ? retrieve(person)
      : relatedPersons(person, `${this.options.origin}${PDS_BASE}`);
  }

  #limitRate(): void {
    const limit = this.#limiter.take();
    if (limit !== undefined) refusePds("TOO_MANY_REQUESTS", RATE_LIMIT_TEXTS[limit], "gateway");
  }

  /** Checks what PDS checks of an update. The change itself is not simulated. */
  #update(request: RequestHead, number: string, body: string): never {
    if (!isNhsNumber(number)) refusePds("INVALID_RESOURCE_ID");
    const patchesOf = checkUpdate(request.headers);
    requireRequestId(request);
    this.#current(number);
    patchesOf(body);
    return this.#refuseUnsimulated(request);
  }

  #refuseUnsimulated({ method }: RequestHead): never {
    this.options.log?.warn({ service: this.name, method }, "the sandbox does not simulate this operation");
    return refusePds("NOT_SIMULATED", "PDS updates, creation and Coverage are not simulated");
  }

  /** The record for a number. A superseded number leads to the current record (PDS notes, section 5). */
  #current(number: string): Person {
    // The path takes ten digits without spaces.
    if (!isNhsNumber(number)) refusePds("INVALID_RESOURCE_ID");
    const person = this.options.population.personByNumber(number);
    if (!person || person.standing === "unknown") refusePds("RESOURCE_NOT_FOUND");
    if (person.standing === "invalidated") refusePds("INVALIDATED_RESOURCE");
    return person.standing === undefined ? person : this.#current(person.standing.supersededBy);
  }

  #search(request: RequestHead, mode: TokenMode | undefined): SimulatedResponse {
    const { clock, origin } = this.options;
    const rawQuery = request.path.slice(request.path.indexOf("?") + 1);
    // The gateway limits an application to one result (PDS notes, 2.1).
    const criteria = readSearchParameters(rawQuery, mode === "application" ? 1 : undefined);
    const body = searchResponse(
      criteria,
      `${origin}${PDS_BASE}`,
      clock.now(),
      this.options.population,
      (number) => this.audited.push(number),
    );
    return { status: 200, headers: { "content-type": "application/fhir+json" }, body };
  }

  #modeOf(authorization: string | undefined): TokenMode {
    const denied = (why: string) => refusePds("ACCESS_DENIED", why, "gateway");
    if (authorization === undefined) return denied("Missing Authorization header");
    const [type = "", token = ""] = authorization.split(" ");
    if (type === "") return denied("Empty Authorization header");
    if (type !== "Bearer") return denied(`Invalid token type '${type}', must be 'Bearer'`);
    if (token === "") return denied("Missing access token");
    return this.tokens.modeOf(token) ?? denied("Invalid Access Token");
  }
}

function refuseBadHeader({ headers }: RequestHead, name: string, isGood: (value: string) => boolean): void {
  const value = headers[name.toLowerCase()];
  if (value === undefined || isGood(value)) return;
  refusePds("INVALID_VALUE", `Invalid value - '${value}' in header '${name}'`, "gateway");
}

function mirror({ headers }: RequestHead): Record<string, string> {
  const mirrored: Record<string, string> = {};
  for (const name of ["x-request-id", "x-correlation-id"]) {
    const value = headers[name];
    if (value !== undefined) mirrored[name] = value;
  }
  return mirrored;
}

function requireRequestId({ headers }: RequestHead): void {
  if (headers["x-request-id"] !== undefined) return;
  const what = "X-Request-ID header must be supplied to access this resource";
  refusePds("MISSING_VALUE", `Invalid request with error - ${what}`);
}

function retrieve(person: Person): SimulatedResponse {
  const headers = { "content-type": "application/fhir+json", etag: `W/"${PDS_VERSION}"` };
  return { status: 200, headers, body: pdsPatient(person) };
}
