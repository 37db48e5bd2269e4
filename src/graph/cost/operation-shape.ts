import {
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from "graphql";
import { SLOT_FIELDS } from "./field-price.js";

export interface OperationShape {
  /** Fields on the longest path. Introspection does not count. */
  readonly depth: number;
  /** Whether slots are searched beneath a slot: `freeSlots { practice { freeSlots } }`. */
  readonly searchesBeneathSlot: boolean;
}

const FLAT: OperationShape = { depth: 0, searchesBeneathSlot: false };

/**
 * Reads the shape of a valid operation. Each fragment is read once for each side of a slot, so the time grows with the text
 * and not with what the fragments amount to when they are spread.
 */
export function readOperationShape(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): OperationShape {
  const known = new Map<string, OperationShape>();

  const ofSet = (set: SelectionSetNode, parent: GraphQLNamedType | undefined, beneathSlot: boolean) =>
    set.selections
      .map((selection) => ofSelection(selection, parent, beneathSlot))
      .reduce(
        (all, one) => ({
          depth: Math.max(all.depth, one.depth),
          searchesBeneathSlot: all.searchesBeneathSlot || one.searchesBeneathSlot,
        }),
        FLAT,
      );

  const ofFragment = (name: string, beneathSlot: boolean): OperationShape => {
    const fragment = fragments.get(name);
    if (fragment === undefined) return FLAT;
    const key = `${name} ${beneathSlot}`;
    const shape =
      known.get(key) ??
      ofSet(fragment.selectionSet, schema.getType(fragment.typeCondition.name.value), beneathSlot);
    known.set(key, shape);
    return shape;
  };

  const ofSelection = (
    selection: SelectionNode,
    parent: GraphQLNamedType | undefined,
    beneathSlot: boolean,
  ): OperationShape => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return ofFragment(selection.name.value, beneathSlot);
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const { typeCondition } = selection;
      return ofSet(
        selection.selectionSet,
        typeCondition ? schema.getType(typeCondition.name.value) : parent,
        beneathSlot,
      );
    }
    const name = selection.name.value;
    if (name.startsWith("__")) return FLAT;
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
    const type = field && getNamedType(field.type);
    const isSearch = parent?.name === "Practice" && SLOT_FIELDS.has(name);
    const below = selection.selectionSet
      ? ofSet(selection.selectionSet, type, beneathSlot || type?.name === "Slot")
      : FLAT;
    return {
      depth: below.depth + 1,
      searchesBeneathSlot: below.searchesBeneathSlot || (isSearch && beneathSlot),
    };
  };

  const root = schema.getRootType(operation.operation) ?? undefined;
  return ofSet(operation.selectionSet, root, false);
}
