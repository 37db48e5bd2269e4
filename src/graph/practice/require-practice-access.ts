import { denyPracticeCall, throwIfDenied } from "../../journeys/gates.js";
import type { GraphContext } from "../context.js";
import type { PracticeType } from "./practice.type.js";

/** Closes the fields that call a practice when it was reached through a patient for whom that is not permitted. */
export function requirePracticeAccess({ onBehalfOf }: PracticeType, context: GraphContext): void {
  if (onBehalfOf) throwIfDenied(denyPracticeCall(onBehalfOf, context));
}
