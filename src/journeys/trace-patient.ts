import type { NhsNumber } from "../domain/nhs-number.js";
import { isTraceTooOld } from "../domain/patient-gates.js";
import type { KnownDetails } from "../domain/verified-details.js";
import { ForbiddenError } from "../platform/errors.js";
import type { PdsReadResult } from "../upstreams/pds/index.js";
import { denyInvalidated, noteUnknownPatient, type TracedPatient } from "./gates.js";
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
  const answer = await freshTrace(nhsNumber, context);
  switch (answer.kind) {
    case "found":
      return { record: answer.record, known };
    case "not-found":
      noteUnknownPatient(nhsNumber, context);
      return undefined;
    case "invalidated": {
      const { reason, message } = denyInvalidated(nhsNumber, context);
      throw new ForbiddenError(reason, message);
    }
  }
}

/**
 * Gate G7: a trace that is too old is made again, silently, when PDS can be reached. When it cannot, the old one goes on
 * to the gate, which closes.
 */
async function freshTrace(nhsNumber: NhsNumber, { loaders, clock }: JourneyContext): Promise<PdsReadResult> {
  const answer = await loaders.patient.load(nhsNumber);
  if (answer.kind !== "found" || !isTraceTooOld(answer.record, clock.now())) return answer;
  loaders.patient.clear(nhsNumber);
  return loaders.patient.load(nhsNumber).catch(() => answer);
}
