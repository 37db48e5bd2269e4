import { Refused } from "../http/service.js";

/** Errors of SDS itself (SDS notes, section 9.6). */
const ERRORS = {
  400: ["required", "BAD_REQUEST", "Bad request"],
  404: ["not-found", "NO_RECORD_FOUND", "HTTP endpoint not found"],
  405: ["not-supported", "NOT_IMPLEMENTED", "Method not allowed"],
  406: ["not-supported", "MISSING_OR_INVALID_HEADER", "There is a required header missing or invalid"],
} as const;

const SERVICE_SYSTEM = "https://fhir.nhs.uk/STU3/ValueSet/Spine-ErrorOrWarningCode-1";
/** The API gateway uses another code system, so consumers must match on the code. */
const GATEWAY_SYSTEM = "https://fhir.nhs.uk/R4/CodeSystem/Spine-ErrorOrWarningCode";

/** Refuses an SDS request with an error of the service. */
export function refuseSds(
  status: keyof typeof ERRORS,
  diagnostics: string,
  headers: Record<string, string>,
): never {
  const [issueCode, code, display] = ERRORS[status];
  const coding = [{ system: SERVICE_SYSTEM, code, display }];
  throw new Refused({
    status,
    headers: { "content-type": "application/fhir+json", ...headers },
    body: {
      resourceType: "OperationOutcome",
      issue: [{ severity: "error", code: issueCode, details: { coding }, diagnostics }],
    },
  });
}

/** Refuses an SDS request without an API key, as the gateway does. */
export function refuseWithoutKey(): never {
  return refuseAtGateway(
    401,
    "forbidden",
    "ACCESS_DENIED",
    "Access Denied - Unauthorised",
    "Missing API key",
  );
}

/** Refuses an SDS request above a rate limit, as the gateway does: without Retry-After. */
export function refuseAboveQuota(limit: "application" | "national"): never {
  const diagnostics =
    limit === "application"
      ? "Your application has exceeded its quota of requests every 1 minute(s)."
      : "This API is currently receiving a high volume of requests and is being rate limited.";
  return refuseAtGateway(429, "value", "TOO_MANY_REQUESTS", "Too many requests", diagnostics);
}

function refuseAtGateway(
  status: number,
  issueCode: string,
  code: string,
  display: string,
  diagnostics: string,
): never {
  const coding = [{ system: GATEWAY_SYSTEM, version: "1", code, display }];
  throw new Refused({
    status,
    headers: { "content-type": "application/json" },
    body: {
      resourceType: "OperationOutcome",
      issue: [{ severity: "error", code: issueCode, details: { coding }, diagnostics }],
    },
  });
}
