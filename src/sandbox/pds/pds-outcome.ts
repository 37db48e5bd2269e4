import { type Answer, Refused } from "../kit/service.js";

/** The errors that retrieving a patient can show (PDS notes, section 8.2). */
const ERRORS = {
  UNSUPPORTED_REQUEST: [400, "error", "processing", "Unsupported request"],
  UNSUPPORTED_SERVICE: [400, "error", "processing", "Unsupported Service"],
  MISSING_VALUE: [400, "error", "required", "Required value is missing"],
  INVALID_VALUE: [400, "error", "value", "Provided value is invalid"],
  INVALID_RESOURCE_ID: [400, "error", "value", "Resource Id is invalid"],
  // Severity information: whoever looks for errors only takes this for success (PDS notes, trap 22).
  RESOURCE_NOT_FOUND: [404, "information", "not-found", "Resource not found"],
  INVALIDATED_RESOURCE: [404, "error", "processing", "Resource is marked as invalid and cannot be retrieved"],
} as const;

/** What the gateway in front of Spine judges itself is served as plain JSON (PDS notes, section 1). */
const GATEWAY = "application/json";
const SPINE = "application/fhir+json";

/** Ends a PDS request with an OperationOutcome. */
export function refusePds(
  code: keyof typeof ERRORS,
  diagnostics?: string,
  by: "gateway" | "spine" = "spine",
): never {
  const [status, severity, issueCode, display] = ERRORS[code];
  const system = "https://fhir.nhs.uk/R4/CodeSystem/Spine-ErrorOrWarningCode";
  const issue = { severity, code: issueCode, details: { coding: [{ system, version: "1", code, display }] } };
  const answer: Answer = {
    status,
    headers: { "content-type": by === "gateway" ? GATEWAY : SPINE },
    body: {
      resourceType: "OperationOutcome",
      issue: [diagnostics === undefined ? issue : { ...issue, diagnostics }],
    },
  };
  throw new Refused(answer);
}
