import { requireOdsCode } from "./practice.resolver.js";
import { PracticeType } from "./practice.type.js";

/** A practice that another subgraph names by its key. Costs nothing. */
export function resolvePracticeReference(reference: { readonly odsCode: unknown }): PracticeType {
  return new PracticeType(requireOdsCode(String(reference.odsCode ?? ""), "representations.odsCode"));
}
