import type { NhsNumber } from "../domain/nhs-number.js";
import type { KnownDetails } from "../domain/verified-details.js";
import { ForbiddenError } from "../platform/errors.js";
import { closedAsInvalidated, noteUnknownPatient, type TracedPatient } from "./gates.js";
import type { JourneyContext } from "./journey-context.js";

/**
 * Step 1 of every journey: PDS verifies the NHS number (G4, G5). A superseded number goes on with the current one.
 *
 * @returns undefined when PDS knows no such patient.
 * @throws ForbiddenError `NHS_NUMBER_INVALID` when PDS has invalidated the number.
 */
export async function tracePatient(
  nhsNumber: NhsNumber,
  known: KnownDetails | undefined,
  context: JourneyContext,
): Promise<TracedPatient | undefined> {
  const answer = await context.loaders.patient.load(nhsNumber);
  switch (answer.kind) {
    case "found":
      return { record: answer.record, known };
    case "not-found":
      noteUnknownPatient(nhsNumber, context);
      return undefined;
    case "invalidated": {
      const { reason, message } = closedAsInvalidated(nhsNumber, context);
      throw new ForbiddenError(reason, message);
    }
  }
}
