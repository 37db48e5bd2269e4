import type { Clock } from "../../platform/clock.js";
import {
  Refused,
  type RequestBody,
  type RequestHead,
  type Service,
  type SimulatedResponse,
  splitPath,
} from "../http/service.js";
import { personByNumber } from "../personas/people.js";
import type { Person } from "../personas/person.js";
import { isNhsNumber } from "../shared/nhs-number.js";
import { isUuid } from "../shared/uuid.js";
import { PDS_VERSION, pdsPatient } from "./patient-resource.js";
import { refusePds, refuseSeveralResults } from "./pds-outcome.js";
import { searchResponse } from "./search.js";
import { readSearchParameters } from "./search-parameters.js";
import type { PdsApplication } from "./token/check-assertion.js";
import { TokenEndpoint, type TokenMode } from "./token/token-endpoint.js";

/** Path of the FHIR base URL, as on the real host. */
export const PDS_BASE = "/personal-demographics/FHIR/R4";
/** Path of the token endpoint, as on the real host. */
export const TOKEN_PATH = "/oauth2/token";

export interface PdsServiceOptions {
  readonly clock: Clock;
  readonly origin: string;
  /** URLs under which the token endpoint can be reached: the accepted audiences of client assertions. */
  readonly tokenUrls: readonly string[];
  /** With it PDS requires access tokens; without it PDS is open, as the public sandbox is. */
  readonly application?: PdsApplication | undefined;
}

/** The Personal Demographics Service: retrieve by NHS number, search by demographics, and the token endpoint. */
export class PdsService implements Service {
  readonly name = "PDS";
  readonly tokens: TokenEndpoint;

  constructor(private readonly options: PdsServiceOptions) {
    const { clock, application, tokenUrls } = options;
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
      const response = this.#serve(request);
      return { ...response, headers: { ...response.headers, ...mirrored } };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      throw new Refused({ ...error.response, headers: { ...error.response.headers, ...mirrored } });
    }
  }

  /** Checks in the order of the gateway, then of Spine (PDS notes, end of section 4). */
  #serve(request: RequestHead): SimulatedResponse {
    const mode = this.options.application && this.#modeOf(request.headers.authorization);
    const { path, query } = splitPath(request.path);
    const fhirPath = path.startsWith(`${PDS_BASE}/`) ? path.slice(PDS_BASE.length) : undefined;
    const match = /^\/Patient(?:\/([^/]*))?$/.exec(fhirPath ?? "");
    if (!match) refusePds("UNSUPPORTED_REQUEST", `Unsupported path - '${fhirPath ?? path}'`, "gateway");
    refuseBadHeader(request, "X-Request-ID", isUuid);
    if (mode === "user") refuseBadHeader(request, "NHSD-Session-URID", (role) => /^[0-9]+$/.test(role));
    const [, number] = match;
    if (mode === "application" && !["1", null].includes(query.get("_max-results"))) refuseSeveralResults();
    if (request.method !== "GET" || number === "" || (number === undefined && query.size === 0)) {
      refusePds("UNSUPPORTED_SERVICE");
    }
    if (request.headers["x-request-id"] === undefined) {
      const what = "X-Request-ID header must be supplied to access this resource";
      refusePds("MISSING_VALUE", `Invalid request with error - ${what}`);
    }
    return number === undefined ? this.#search(request, mode) : retrieve(number);
  }

  #search(request: RequestHead, mode: TokenMode | undefined): SimulatedResponse {
    const { clock, origin } = this.options;
    const rawQuery = request.path.slice(request.path.indexOf("?") + 1);
    // The gateway limits an application to one result (PDS notes, 2.1).
    const criteria = readSearchParameters(rawQuery, mode === "application" ? 1 : undefined);
    const body = searchResponse(criteria, `${origin}${PDS_BASE}`, clock.now());
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

function retrieve(number: string): SimulatedResponse {
  const headers = { "content-type": "application/fhir+json", etag: `W/"${PDS_VERSION}"` };
  return { status: 200, headers, body: pdsPatient(current(number)) };
}

/** The record for a number. A superseded number leads to the current record (PDS notes, section 5). */
function current(number: string): Person {
  // The path takes ten digits without spaces.
  if (!isNhsNumber(number)) refusePds("INVALID_RESOURCE_ID");
  const person = personByNumber(number);
  if (!person || person.standing === "unknown") refusePds("RESOURCE_NOT_FOUND");
  if (person.standing === "invalidated") refusePds("INVALIDATED_RESOURCE");
  return person.standing === undefined ? person : current(person.standing.supersededBy);
}
