import { toLondonDate } from "../domain/london-time.js";
import type { NhsNumber } from "../domain/nhs-number.js";
import type { PatientRecord } from "../domain/patient.js";
import { currentPractice } from "../domain/patient-gates.js";
import type { KnownDetails } from "../domain/verified-details.js";
import { ForbiddenError } from "../platform/errors.js";
import {
  type Denial,
  denyAnyPracticeCall,
  denyPracticeCall,
  denyUnverified,
  type TracedPatient,
} from "./gates.js";
import type { JourneyContext } from "./journey-context.js";
import { tracePatient } from "./trace-patient.js";

export type UntracedPatient =
  | { readonly kind: "patient-not-found" }
  | { readonly kind: "patient-not-eligible"; readonly code: string; readonly message: string };

/** Step 1 of a command for a patient named by number: gates G4 to G10, as outcomes that a person can act on. */
export async function traceForCommand(
  nhsNumber: NhsNumber,
  verify: KnownDetails | undefined,
  context: JourneyContext,
): Promise<PatientRecord | UntracedPatient> {
  try {
    const traced = await tracePatient(nhsNumber, verify, context);
    if (traced === undefined) return { kind: "patient-not-found" };
    const denial = denyCommand(traced, context);
    return denial ? notEligible(denial) : traced.record;
  } catch (error) {
    if (!(error instanceof ForbiddenError)) throw error;
    return notEligible(error);
  }
}

function denyCommand(traced: TracedPatient, context: JourneyContext): Denial | undefined {
  const { requireVerifiedDetails, allowBookingWithoutPractice } = context.commands.rules;
  if (requireVerifiedDetails && traced.known === undefined) return denyUnverified(traced, context);
  const registered = currentPractice(traced.record, toLondonDate(context.clock.now()));
  // G9 closes either way; only the absence of a practice is permitted (design section 8).
  return allowBookingWithoutPractice && registered === undefined
    ? denyAnyPracticeCall(traced, context)
    : denyPracticeCall(traced, context);
}

function notEligible({ reason, message }: Denial): UntracedPatient {
  return { kind: "patient-not-eligible", code: reason, message };
}
