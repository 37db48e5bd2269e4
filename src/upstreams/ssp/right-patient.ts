import { UnusableResponse } from "./unusable-response.js";

/**
 * The one check that a practice's response is about the right patient, for every read and write of a patient, a
 * registration or an appointment. A response that names no patient is as bad as one that names another: nothing says
 * whose data it holds.
 *
 * @param named every patient that the resource names, by NHS number or by logical id at the practice.
 * @param expected the requested patient, in the same form.
 * @throws UnusableResponse when the resource names no patient, or any other than the expected one.
 */
export function requirePatient(named: readonly string[], expected: string): void {
  if (named.length === 0 || named.some((patient) => patient !== expected)) {
    throw new UnusableResponse("WRONG_PATIENT");
  }
}
