import { type ReferenceResolver, requireKey } from "../entities.js";
import { requireOdsCode } from "./practice.resolver.js";
import { PracticeType } from "./practice.type.js";

/** A practice that another subgraph names by its key. Makes no call. */
export const resolvePracticeReference: ReferenceResolver = async (representation, field) => {
  const key = requireKey(representation, "odsCode", field);
  return new PracticeType(requireOdsCode(key, `${field}.odsCode`), { key });
};
