import type { SimulatedResponse } from "../http/service.js";
import type { SupplierErrors } from "../suppliers/supplier-profile.js";
import { DEFAULT_PROFILE, SUPPLIER_PROFILES } from "../suppliers/supplier-profiles.js";

/** Errors of a practice: HTTP status, issue code and display (GP Connect notes, section 10.1). */
const ERRORS = {
  BAD_REQUEST: [400, "invalid", "Bad request"],
  INVALID_IDENTIFIER_SYSTEM: [400, "value", "Invalid identifier system"],
  INVALID_NHS_NUMBER: [400, "value", "Invalid NHS number"],
  INVALID_PATIENT_DEMOGRAPHICS: [400, "business-rule", "Invalid patient demographics"],
  ACCESS_DENIED: [403, "forbidden", "Access denied"],
  PATIENT_NOT_FOUND: [404, "not-found", "Patient not found"],
  ORGANISATION_NOT_FOUND: [404, "not-found", "Organisation not found"],
  PRACTITIONER_NOT_FOUND: [404, "not-found", "Practitioner not found"],
  NO_RECORD_FOUND: [404, "not-found", "No record found"],
  DUPLICATE_REJECTED: [409, "duplicate", "Create would lead to creation of duplicate resource"],
  FHIR_CONSTRAINT_VIOLATION: [409, "conflict", "FHIR constraint violated"],
  UNSUPPORTED_MEDIA_TYPE: [415, "not-supported", "Unsupported media type"],
  INVALID_PARAMETER: [422, "invalid", "Invalid parameter"],
  INVALID_RESOURCE: [422, "invalid", "Invalid validation of resource"],
  REFERENCE_NOT_FOUND: [422, "invalid", "FHIR reference not found"],
  INTERNAL_SERVER_ERROR: [500, "processing", "Internal server error"],
  NOT_IMPLEMENTED: [501, "not-supported", "Not implemented"],
} as const;

/** Spine error codes that a practice sends. */
export type PracticeErrorCode = keyof typeof ERRORS;

/** Thrown by handlers to refuse a request. */
export class PracticeRefusal extends Error {
  constructor(
    readonly code: PracticeErrorCode,
    readonly diagnostics: string,
    readonly status: number = ERRORS[code][0],
  ) {
    super(code);
  }
}

/** Refuses a request to a practice. `status` overrides the default HTTP status of the code. */
export function refuse(code: PracticeErrorCode, diagnostics: string, status?: number): never {
  throw new PracticeRefusal(code, diagnostics, status);
}

/** Media type of all practice responses, without a space before the charset (GP Connect notes, 4.3). */
export const PRACTICE_MEDIA_TYPE = "application/fhir+json;charset=utf-8";

/**
 * The OperationOutcome of a refusal.
 *
 * @param errors how the supplier reports errors; the two spellings of the code system both occur (notes, 10.1).
 */
export function refusalResponse(
  { code, diagnostics, status }: PracticeRefusal,
  errors: SupplierErrors = SUPPLIER_PROFILES[DEFAULT_PROFILE].errors,
): SimulatedResponse {
  const [, , display] = ERRORS[code];
  const system = `https://fhir.nhs.uk/STU3/${errors.codeSystem}/Spine-ErrorOrWarningCode-1`;
  const coding = [{ system, code, display: errors.displayIsCode ? code : display }];
  const issueCode = issueCodeOf(code, status, errors);
  return {
    status,
    headers: { "content-type": PRACTICE_MEDIA_TYPE, "cache-control": "no-store" },
    body: {
      resourceType: "OperationOutcome",
      meta: { profile: ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-OperationOutcome-1"] },
      issue: [{ severity: "error", code: issueCode, details: { coding }, diagnostics }],
    },
  };
}

function issueCodeOf(code: PracticeErrorCode, status: number, errors: SupplierErrors): string {
  if (code === "DUPLICATE_REJECTED") return errors.slotTakenIssue;
  return status === 404 ? errors.notFoundIssue : ERRORS[code][1];
}
