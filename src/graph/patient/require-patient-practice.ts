import { toLondonDate } from "../../domain/london-time.js";
import type { OdsCode } from "../../domain/ods-code.js";
import { currentPractice } from "../../domain/patient-gates.js";
import { denyAnyPracticeCall, denyPracticeName, throwIfDenied } from "../../journeys/gates.js";
import type { GraphContext } from "../context.js";
import type { PatientType } from "./patient.type.js";

/**
 * The practice that may be called for this patient: the one that the caller names, otherwise the registered one.
 *
 * @throws ForbiddenError when one of the gates G6 to G10 is closed.
 */
export function requirePatientPractice(
  { traced }: PatientType,
  elsewhere: OdsCode | undefined,
  context: GraphContext,
): OdsCode {
  throwIfDenied(denyAnyPracticeCall(traced, context));
  if (elsewhere) return elsewhere;
  throwIfDenied(denyPracticeName(traced, context));
  const registered = currentPractice(traced.record, toLondonDate(context.clock.now()));
  if (registered === undefined) throw new Error("gate G10 lets nobody through without a practice");
  return registered;
}
