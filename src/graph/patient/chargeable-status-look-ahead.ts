import type { GraphQLResolveInfo } from "graphql";
import { parseResolveInfo, type ResolveTree } from "graphql-parse-resolve-info";
import type { GraphContext } from "../context.js";

/**
 * Starts the look-up of Spine's V&M endpoint beside the PDS read when `chargeableStatus` is selected: it does
 * not depend on the patient, so chargeable status is two hops deep instead of three (design section 5).
 */
export function startSpineLookUpWhenSelected(info: GraphQLResolveInfo, context: GraphContext): void {
  if (!context.scopes.has("chargeable-status") || !selectsChargeableStatus(info, context)) return;
  // The field itself reports a failure; here it only must not count as unhandled.
  context.loaders.spineEndpoint.load().catch(() => undefined);
}

type FieldNodes = GraphQLResolveInfo["fieldNodes"];

/** The patients of one list have one selection. By operation, since its variables decide too (`@include`). */
const known = new WeakMap<GraphContext, Map<FieldNodes, boolean>>();

function selectsChargeableStatus(info: GraphQLResolveInfo, context: GraphContext): boolean {
  const ofOperation = known.get(context) ?? new Map<FieldNodes, boolean>();
  const selects = ofOperation.get(info.fieldNodes) ?? parseSelection(info);
  known.set(context, ofOperation.set(info.fieldNodes, selects));
  return selects;
}

function parseSelection(info: GraphQLResolveInfo): boolean {
  const tree = parseResolveInfo(info) as ResolveTree | null | undefined;
  const fields = Object.values(tree?.fieldsByTypeName.Patient ?? {});
  return fields.some((field) => field.name === "chargeableStatus");
}
