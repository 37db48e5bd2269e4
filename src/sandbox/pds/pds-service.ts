import { parseNhsNumber } from "../../domain/nhs-number.js";
import { personByNumber } from "../cast/people.js";
import type { Person } from "../cast/person.js";
import { type Answer, Refused, type RequestHead, type Service, splitPath } from "../kit/service.js";
import { isUuid } from "../kit/uuid.js";
import { PDS_VERSION, pdsPatient } from "./patient-resource.js";
import { refusePds } from "./pds-outcome.js";

/** The path of the FHIR base, as on the real host. */
export const PDS_BASE = "/personal-demographics/FHIR/R4";

/** The Personal Demographics Service, retrieve by NHS number, open as the public sandbox is. */
export const pdsService: Service = {
  name: "PDS",
  describe: ({ path }) => ({
    interaction: path.startsWith(`${PDS_BASE}/Patient/`) ? "Patient.read" : undefined,
  }),
  answer(request) {
    const mirrored = mirror(request);
    try {
      const answer = retrieve(request);
      return { ...answer, headers: { ...answer.headers, ...mirrored } };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      throw new Refused({ ...error.answer, headers: { ...error.answer.headers, ...mirrored } });
    }
  },
};

function mirror({ headers }: RequestHead): Record<string, string> {
  const mirrored: Record<string, string> = {};
  for (const name of ["x-request-id", "x-correlation-id"]) {
    const value = headers[name];
    if (value !== undefined) mirrored[name] = value;
  }
  return mirrored;
}

/** Judges in the order of the gateway, then of Spine (PDS notes, end of section 4). */
function retrieve(request: RequestHead): Answer {
  const { path } = splitPath(request.path);
  const fhirPath = path.startsWith(`${PDS_BASE}/`) ? path.slice(PDS_BASE.length) : undefined;
  const asked = /^\/Patient(?:\/([^/]*))?$/.exec(fhirPath ?? "");
  if (!asked) refusePds("UNSUPPORTED_REQUEST", `Unsupported path - '${fhirPath ?? path}'`, "gateway");
  const requestId = request.headers["x-request-id"];
  if (requestId !== undefined && !isUuid(requestId)) {
    refusePds("INVALID_VALUE", `Invalid value - '${requestId}' in header 'X-Request-ID'`, "gateway");
  }
  const number = asked[1];
  if (request.method !== "GET" || !number) refusePds("UNSUPPORTED_SERVICE");
  if (requestId === undefined) {
    refusePds(
      "MISSING_VALUE",
      "Invalid request with error - X-Request-ID header must be supplied to access this resource",
    );
  }
  const headers = { "content-type": "application/fhir+json", etag: `W/"${PDS_VERSION}"` };
  return { status: 200, headers, body: pdsPatient(current(number)) };
}

/** The record behind a number: that of the superseding number when it has been superseded (section 5). */
function current(number: string): Person {
  // The path takes ten bare digits only, not the grouped forms that people write.
  if (!/^\d{10}$/.test(number) || !parseNhsNumber(number)) refusePds("INVALID_RESOURCE_ID");
  const person = personByNumber(number);
  if (!person || person.standing === "unknown") refusePds("RESOURCE_NOT_FOUND");
  if (person.standing === "invalidated") refusePds("INVALIDATED_RESOURCE");
  return person.standing === undefined ? person : current(person.standing.supersededBy);
}
