import type { GraphQLResolveInfo } from "graphql";
import { parseResolveInfo, type ResolveTree } from "graphql-parse-resolve-info";
import type { GraphContext } from "../context.js";

/**
 * Starts the look-up of Spine's V&M endpoint beside the PDS read when `chargeableStatus` is selected: it does
 * not depend on the patient, so chargeable status is two hops deep instead of three (design section 5).
 */
export function startSpineLookUpWhenSelected(info: GraphQLResolveInfo, { loaders }: GraphContext): void {
  if (!selectsChargeableStatus(info)) return;
  // The field itself reports a failure; here it only must not count as unhandled.
  loaders.spineEndpoint.load().catch(() => undefined);
}

function selectsChargeableStatus(info: GraphQLResolveInfo): boolean {
  const tree = parseResolveInfo(info) as ResolveTree | null | undefined;
  const fields = Object.values(tree?.fieldsByTypeName.Patient ?? {});
  return fields.some((field) => field.name === "chargeableStatus");
}
