import type { NhsNumber } from "../../domain/nhs-number.js";
import type { PatientRecord } from "../../domain/patient.js";
import type { HttpResponse } from "../../platform/http/http-client.js";
import type { CallResult } from "../upstream-call.js";
import { badResponse } from "../upstream-errors.js";
import { pdsStatusToError } from "./failures.js";
import { currentNumber, toPatientRecord } from "./map.js";
import { readPatient, readSpineCodes } from "./wire.js";

/**
 * The result of reading a number. `invalidated`: the number was allocated by mistake and must not be used.
 * `not-found`: the number may be mistyped. Users must be able to tell these apart (PDS notes, section 5).
 */
export type PdsReadResult =
  | { readonly kind: "found"; readonly record: PatientRecord }
  | { readonly kind: "not-found" }
  | { readonly kind: "invalidated" };

/**
 * Reads the response to a retrieve by status and Spine code, never by severity or text (PDS notes, sections 5 and 8).
 *
 * @throws UpstreamError of service PDS.
 */
export function readPatientResponse(
  response: HttpResponse,
  requested: NhsNumber,
  now: number,
): CallResult<PdsReadResult> {
  const httpStatus = response.status;
  if (httpStatus < 200 || httpStatus > 299) {
    const codes = readSpineCodes(response.body);
    if (httpStatus === 404 && codes.includes("INVALIDATED_RESOURCE")) {
      return { value: { kind: "invalidated" }, httpStatus, notFound: true };
    }
    if (httpStatus === 404 && codes.includes("RESOURCE_NOT_FOUND")) {
      return { value: { kind: "not-found" }, httpStatus, notFound: true };
    }
    throw pdsStatusToError(response, codes[0]);
  }
  const reading = readPatient(response.body);
  if (reading.kind === "unreadable") throw badResponse("PDS", reading.reason, httpStatus);
  const current = currentNumber(reading.patient, requested);
  if (!current) throw badResponse("PDS", "WRONG_PATIENT", httpStatus);
  const record = toPatientRecord(reading.patient, { current, requested }, now);
  return { value: { kind: "found", record }, httpStatus };
}
