import type { GraphQLResolveInfo } from "graphql";
import { requireNhsNumber } from "../../journeys/gates.js";
import { tracePatient } from "../../journeys/trace-patient.js";
import type { GraphContext } from "../context.js";
import { startSpineLookUpWhenSelected } from "./chargeable-status-look-ahead.js";
import { PatientType } from "./patient.type.js";

/** A patient that another subgraph names by its key. Null when PDS knows no such patient. */
export async function resolvePatientReference(
  reference: { readonly nhsNumber: unknown },
  context: GraphContext,
  info: GraphQLResolveInfo,
): Promise<PatientType | null> {
  const number = requireNhsNumber(String(reference.nhsNumber ?? ""), "representations.nhsNumber", context);
  startSpineLookUpWhenSelected(info, context);
  const traced = await tracePatient(number, undefined, context);
  return traced ? new PatientType(traced, context.now) : null;
}
