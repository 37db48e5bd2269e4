import { requireNhsNumber } from "../../journeys/gates.js";
import { tracePatient } from "../../journeys/trace-patient.js";
import { type ReferenceResolver, requireKey } from "../entities.js";
import { startSpineLookUpWhenSelected } from "./chargeable-status-look-ahead.js";
import { PatientType } from "./patient.type.js";

/** A patient that another subgraph names by its key. Null when PDS knows no such patient. */
export const resolvePatientReference: ReferenceResolver = async (representation, field, context, info) => {
  const key = requireKey(representation, "nhsNumber", field);
  const number = await requireNhsNumber(key, `${field}.nhsNumber`, context);
  startSpineLookUpWhenSelected(info, context);
  const traced = await tracePatient(number, undefined, context);
  return traced ? new PatientType(traced, context.now, key) : null;
};
