import { type GraphQLResolveInfo, Kind, type SelectionSetNode } from "graphql";
import type { GraphContext } from "../context.js";
import { isIncluded } from "../execution/collect-fields.js";

const PATIENT = "Patient";
const CHARGEABLE_STATUS = "chargeableStatus";

/**
 * Starts the look-up of Spine's V&M endpoint beside the PDS read when `chargeableStatus` is selected: it does
 * not depend on the patient, so chargeable status is two hops deep instead of three (design section 5).
 */
export function startSpineLookUpWhenSelected(info: GraphQLResolveInfo, context: GraphContext): void {
  if (!context.scopes.has("chargeable-status") || !selectsChargeableStatus(info)) return;
  // The field itself reports a failure; here it only must not count as unhandled.
  context.loaders.spineEndpoint.load().catch(() => undefined);
}

/** Reads one level of the selection, which is shorter than any key under which the result could be kept. */
function selectsChargeableStatus(info: GraphQLResolveInfo): boolean {
  const inSet = ({ selections }: SelectionSetNode): boolean => {
    for (const selection of selections) {
      if (!isIncluded(selection, info.variableValues)) continue;
      if (selection.kind === Kind.FIELD) {
        if (selection.name.value === CHARGEABLE_STATUS) return true;
        continue;
      }
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : info.fragments[selection.name.value];
      // Of the entities that one list can hold, only a patient has such a field.
      const isOfPatient = !fragment?.typeCondition || fragment.typeCondition.name.value === PATIENT;
      if (fragment && isOfPatient && inSet(fragment.selectionSet)) return true;
    }
    return false;
  };
  return info.fieldNodes.some(({ selectionSet }) => selectionSet !== undefined && inSet(selectionSet));
}
