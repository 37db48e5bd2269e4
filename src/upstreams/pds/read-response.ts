import type { NhsNumber } from "../../domain/nhs-number.js";
import type { PatientRecord } from "../../domain/patient.js";
import type { HttpResponse } from "../../platform/http/http-client.js";
import type { CallResult } from "../../platform/recorded-call.js";
import { badResponse, statusToError } from "../../platform/upstream-failures.js";
import { currentNumber, toPatientRecord } from "./map.js";
import { readPatient, readSpineCodes } from "./wire.js";

/**
 * What PDS says of a number. `invalidated`: the number was a mistake and must not be used; `not-found`: the
 * number may be wrong. To a user these are different things (PDS notes, section 5).
 */
export type PdsReadResult =
  | { readonly kind: "found"; readonly record: PatientRecord }
  | { readonly kind: "not-found" }
  | { readonly kind: "invalidated" };

/** Reads the answer of a retrieve by status and Spine code, never by severity or text (PDS notes, sections 5 and 8). */
export function readPatientResponse(
  answer: HttpResponse,
  requested: NhsNumber,
  now: number,
): CallResult<PdsReadResult> {
  const httpStatus = answer.status;
  if (httpStatus < 200 || httpStatus > 299) {
    const codes = readSpineCodes(answer.body);
    if (httpStatus === 404 && codes.includes("INVALIDATED_RESOURCE")) {
      return { value: { kind: "invalidated" }, httpStatus, notFound: true };
    }
    if (httpStatus === 404 && codes.includes("RESOURCE_NOT_FOUND")) {
      return { value: { kind: "not-found" }, httpStatus, notFound: true };
    }
    throw statusToError(httpStatus, "PDS", codes[0], answer);
  }
  const reading = readPatient(answer.body);
  if (reading.kind === "unreadable") throw badResponse("PDS", reading.reason, httpStatus);
  const current = currentNumber(reading.patient, requested);
  if (!current) throw badResponse("PDS", "WRONG_PATIENT", httpStatus);
  const record = toPatientRecord(reading.patient, { current, requested }, now);
  return { value: { kind: "found", record }, httpStatus };
}
