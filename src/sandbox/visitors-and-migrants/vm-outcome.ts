import { Refused, type SimulatedResponse } from "../http/service.js";
import { seededUuid } from "../shared/seeded.js";

/** Errors of Visitors & Migrants (V&M notes, section 7). */
const ERRORS = {
  PATIENT_NOT_FOUND: [404, "not-found", "Patient not found"],
  INVALID_NHS_NUMBER: [400, "invalid", "Invalid NHS number"],
  INVALID_CODE_SYSTEM: [400, "code-invalid", "Invalid code system"],
  INVALID_CODE_VALUE: [400, "code-invalid", "Invalid code value"],
  INVALID_IDENTIFIER_SYSTEM: [400, "code-invalid", "Invalid identifier system"],
  INVALID_PARAMETER: [400, "invalid", "Invalid parameter"],
  REQUEST_UNMATCHED: [400, "unknown", "Request does not match authorisation token"],
  MISSING_OR_INVALID_HEADER: [400, "invalid", "There is a required header missing or invalid"],
  ASID_CHECK_FAILED: [
    403,
    "forbidden",
    "The sender or receiver's ASID is not authorised for this interaction",
  ],
  NOT_SIMULATED: [501, "not-supported", "The sandbox does not simulate this"],
} as const;

/** The other media type of the real service. */
export const VM_XML_MEDIA_TYPE = "application/xml+fhir";

/** Media type of DSTU2, which differs from that of STU3. */
export const VM_MEDIA_TYPE = "application/json+fhir";

const CODE_SYSTEM = "https://fhir.nhs.uk/spine-error-or-warning-code-1";

/** Refuses a V&M request with an OperationOutcome outside a Bundle. */
export function refuseVm(code: keyof typeof ERRORS, diagnostics: string): never {
  const [status, issueCode, display] = ERRORS[code];
  throw new Refused({
    status,
    headers: { "content-type": VM_MEDIA_TYPE, "cache-control": "no-store" },
    body: vmOutcome(issueCode, { system: CODE_SYSTEM, code, display }, diagnostics),
  });
}

/** The only Bundle entry when the patient has no V&M record (V&M notes, 5.2). */
export function noRecordOutcome(): object {
  return vmOutcome("not-found", { system: CODE_SYSTEM, code: "NO_RECORD_FOUND", display: "No record found" });
}

/** Wraps a bare OperationOutcome in a Bundle, as the published examples do (V&M notes, section 9, row 3). */
export function wrapInBundle(response: SimulatedResponse): SimulatedResponse {
  const body = { resourceType: "Bundle", type: "searchset", entry: [{ resource: response.body }] };
  return { ...response, body };
}

function vmOutcome(
  issueCode: string,
  coding: { readonly system: string; readonly code: string; readonly display: string },
  diagnostics?: string,
): object {
  // Even "no record" has severity error: a consumer must use status and code, not severity alone (trap 2).
  const issue = { severity: "error", code: issueCode, details: { coding: [coding] } };
  return {
    resourceType: "OperationOutcome",
    id: seededUuid(coding.code),
    meta: { profile: ["https://fhir.nhs.uk/StructureDefinition/spine-operationoutcome-1"] },
    issue: [diagnostics === undefined ? issue : { ...issue, diagnostics }],
  };
}
