import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  type SelectionSetNode,
} from "graphql";

/** Values seen in answers, by `Type.field`. */
export type Remembered = ReadonlyMap<string, string>;

/**
 * Notes the strings of the first object of each type in an answer, so that a later operation can go on from it:
 * book a slot that was found, cancel what was booked. A type seen anew forgets its older values, so that an id and a
 * version never come from two objects.
 */
export function remember(
  earlier: Remembered,
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | undefined,
  data: unknown,
): Remembered {
  const operation = document.definitions.find(
    (node) =>
      node.kind === "OperationDefinition" &&
      (operationName === undefined || node.name?.value === operationName),
  );
  if (operation?.kind !== "OperationDefinition") return earlier;
  const found = new Map<string, Map<string, string>>();
  const walk = new Walk(schema, fragmentsOf(document), found);
  walk.visit(schema.getRootType(operation.operation) ?? undefined, operation.selectionSet, data, new Map());
  const kept = [...earlier].filter(([name]) => !found.has(name.split(".")[0] ?? ""));
  const fresh = [...found].flatMap(([type, fields]) =>
    [...fields].map(([field, value]) => [`${type}.${field}`, value] as const),
  );
  return new Map([...kept, ...fresh]);
}

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

function fragmentsOf(document: DocumentNode): Fragments {
  return new Map(
    document.definitions.flatMap((node) =>
      node.kind === "FragmentDefinition" ? [[node.name.value, node] as const] : [],
    ),
  );
}

class Walk {
  constructor(
    private readonly schema: GraphQLSchema,
    private readonly fragments: Fragments,
    private readonly found: Map<string, Map<string, string>>,
  ) {}

  /** @param strings the strings of this object so far, by type: fragments may add to them. */
  visit(
    type: GraphQLNamedType | undefined,
    selection: SelectionSetNode,
    value: unknown,
    strings: Map<string, Map<string, string>>,
  ): void {
    if (type === undefined || typeof value !== "object" || value === null) return;
    if (Array.isArray(value)) {
      for (const item of value) this.visit(type, selection, item, new Map());
      return;
    }
    const object = value as Record<string, unknown>;
    for (const node of selection.selections) {
      if (node.kind === "Field") {
        const answer = object[node.alias?.value ?? node.name.value];
        this.#visitField(type, node.name.value, node.selectionSet, answer, strings);
        continue;
      }
      const fragment = node.kind === "FragmentSpread" ? this.fragments.get(node.name.value) : node;
      if (fragment === undefined) continue;
      const condition = fragment.typeCondition?.name.value;
      if (
        condition !== undefined &&
        typeof object.__typename === "string" &&
        isObjectType(this.schema.getType(condition)) &&
        object.__typename !== condition
      )
        continue;
      const inner = condition === undefined ? type : this.schema.getType(condition);
      this.visit(inner, fragment.selectionSet, object, strings);
    }
  }

  #visitField(
    parent: GraphQLNamedType,
    name: string,
    selection: SelectionSetNode | undefined,
    answer: unknown,
    strings: Map<string, Map<string, string>>,
  ): void {
    if (!isObjectType(parent) && !isInterfaceType(parent)) return;
    const field = parent.getFields()[name];
    if (field === undefined) return;
    const type = getNamedType(field.type);
    if (isCompositeType(type)) {
      if (selection !== undefined) this.visit(type, selection, answer, new Map());
    } else if (typeof answer === "string") this.#note(parent.name, name, answer, strings);
  }

  #note(type: string, field: string, value: string, strings: Map<string, Map<string, string>>): void {
    const own = strings.get(type) ?? new Map<string, string>();
    strings.set(type, own);
    own.set(field, value);
    if (!this.found.has(type)) this.found.set(type, own);
  }
}
