import { Refused, type SimulatedResponse } from "../http/service.js";

/** Errors of retrieve and search (PDS notes, section 8.2). */
const ERRORS = {
  UNSUPPORTED_REQUEST: [400, "error", "processing", "Unsupported request"],
  UNSUPPORTED_SERVICE: [400, "error", "processing", "Unsupported Service"],
  MISSING_VALUE: [400, "error", "required", "Required value is missing"],
  INVALID_VALUE: [400, "error", "value", "Provided value is invalid"],
  ADDITIONAL_PROPERTIES: [400, "error", "invariant", "Additional properties should not be included"],
  INVALID_SEARCH_DATA: [400, "error", "value", "Search data is invalid"],
  ACCESS_DENIED: [401, "error", "forbidden", "Access Denied - Unauthorised"],
  INVALID_RESOURCE_ID: [400, "error", "value", "Resource Id is invalid"],
  TOO_MANY_REQUESTS: [429, "error", "value", "Too many requests"],
  PRECONDITION_FAILED: [412, "error", "structure", "Required condition was not fulfilled"],
  RESOURCE_VERSION_MISMATCH: [
    409,
    "error",
    "conflict",
    "Resource version supplied does not match actual version",
  ],
  INVALID_UPDATE: [400, "error", "structure", "Update is invalid"],
  INVALID_CREATE: [400, "error", "structure", "Create is invalid"],
  NOT_SIMULATED: [501, "error", "not-supported", "The sandbox does not simulate this operation"],
  // Severity `information`: a consumer that checks only for severity `error` mistakes this for success (PDS notes, trap 22).
  RESOURCE_NOT_FOUND: [404, "information", "not-found", "Resource not found"],
  INVALIDATED_RESOURCE: [404, "error", "processing", "Resource is marked as invalid and cannot be retrieved"],
} as const;

/** The API gateway in front of Spine sends its own errors as plain JSON (PDS notes, section 1). */
const GATEWAY = "application/json";
const SPINE = "application/fhir+json";

/** Refuses a PDS request with an OperationOutcome. */
export function refusePds(
  code: keyof typeof ERRORS,
  diagnostics?: string,
  by: "gateway" | "spine" = "spine",
): never {
  return refuse(code, ERRORS[code], diagnostics, by);
}

/** Refuses a method that the access mode does not permit (PDS notes, 1.2 and 2.1). */
export function refuseForMode(code: "INVALID_METHOD" | "ACCESS_DENIED", display: string): never {
  const diagnostics = "Your app has insufficient permissions to use this method. Please contact support.";
  return refuse(code, [403, "error", "forbidden", display], diagnostics, "gateway");
}

/** Refuses a search for several results in application-restricted mode (PDS notes, 2.1). */
export function refuseSeveralResults(): never {
  const display = "Cannot retrieve more than one result with application-restricted access token";
  const diagnostics = "Your app has insufficient permissions to perform this search. Please contact support.";
  return refuse("INVALID_VALUE", [403, "error", "token", display], diagnostics, "gateway");
}

function refuse(
  code: string,
  [status, severity, issueCode, display]: readonly [number, string, string, string],
  diagnostics: string | undefined,
  by: "gateway" | "spine",
): never {
  const system = "https://fhir.nhs.uk/R4/CodeSystem/Spine-ErrorOrWarningCode";
  const issue = { severity, code: issueCode, details: { coding: [{ system, version: "1", code, display }] } };
  const response: SimulatedResponse = {
    status,
    headers: { "content-type": by === "gateway" ? GATEWAY : SPINE },
    body: {
      resourceType: "OperationOutcome",
      issue: [diagnostics === undefined ? issue : { ...issue, diagnostics }],
    },
  };
  throw new Refused(response);
}
