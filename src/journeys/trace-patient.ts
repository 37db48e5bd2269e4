import type { NhsNumber } from "../domain/nhs-number.js";
import { isTraceTooOld } from "../domain/patient-gates.js";
import type { KnownDetails } from "../domain/verified-details.js";
import { ForbiddenError } from "../platform/errors.js";
import type { PdsReadResult } from "../upstreams/pds/index.js";
import { denyInvalidated, recordUnknownPatient, type TracedPatient } from "./gates.js";
import type { JourneyContext } from "./journey-context.js";

/**
 * Step 1 of every journey: PDS verifies the NHS number (G4, G5). For a superseded number the current one is used.
 *
 * @returns undefined when PDS knows no such patient.
 * @throws ForbiddenError `NHS_NUMBER_INVALID` when PDS has invalidated the number.
 */
export async function tracePatient(
  nhsNumber: NhsNumber,
  known: KnownDetails | undefined,
  context: JourneyContext,
): Promise<TracedPatient | undefined> {
  const response = await freshTrace(nhsNumber, context);
  switch (response.kind) {
    case "found":
      return { record: response.record, known };
    case "not-found":
      recordUnknownPatient(nhsNumber, context);
      return undefined;
    case "invalidated": {
      const { reason, message } = denyInvalidated(nhsNumber, context);
      throw new ForbiddenError(reason, message);
    }
  }
}

/**
 * Gate G7: a trace that is too old is repeated when PDS can be reached. When it cannot, the gate closes on the old one.
 */
async function freshTrace(nhsNumber: NhsNumber, { loaders, clock }: JourneyContext): Promise<PdsReadResult> {
  const response = await loaders.patient.load(nhsNumber);
  if (response.kind !== "found" || !isTraceTooOld(response.record, clock.now())) return response;
  loaders.patient.clear(nhsNumber);
  return loaders.patient.load(nhsNumber).catch(() => response);
}
