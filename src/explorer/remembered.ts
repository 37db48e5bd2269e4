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
 * Notes the strings of one object of each type in an answer, so that a later operation can go on from it: book a slot
 * that was found, cancel what was booked. It is the object known already where the answer holds it, else the first.
 * A type seen anew forgets its older values, so that an id and a version never come from two objects.
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
  const walk = new Walk(schema, fragmentsOf(document));
  walk.visit(schema.getRootType(operation.operation) ?? undefined, operation.selectionSet, data, new Map());
  const { found } = walk;
  const kept = [...earlier].filter(([name]) => !found.has(name.split(".")[0] ?? ""));
  const fresh = [...found].flatMap(([type, objects]) => {
    const knownId = earlier.get(`${type}.id`);
    const known = objects.find((object) => knownId !== undefined && object.get("id") === knownId);
    return [...(known ?? objects[0] ?? [])].map(([field, value]) => [`${type}.${field}`, value] as const);
  });
  return new Map([...kept, ...fresh]);
}

/** The string fields of one object, by name. */
type Strings = Map<string, string>;

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

function fragmentsOf(document: DocumentNode): Fragments {
  return new Map(
    document.definitions.flatMap((node) =>
      node.kind === "FragmentDefinition" ? [[node.name.value, node] as const] : [],
    ),
  );
}

/** Goes through a selection and its answer together, which is how the type of each object is known. */
class Walk {
  readonly found = new Map<string, Strings[]>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly fragments: Fragments,
  ) {}

  /** @param strings the strings of this object so far, by type: fragments may add to them. */
  visit(
    type: GraphQLNamedType | undefined,
    selection: SelectionSetNode,
    value: unknown,
    strings: Map<string, Strings>,
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
      const condition = fragment?.typeCondition?.name.value;
      if (fragment === undefined || !this.#applies(condition, object)) continue;
      const inner = condition === undefined ? type : this.schema.getType(condition);
      this.visit(inner, fragment.selectionSet, object, strings);
    }
  }

  /** Where an answer does not tell its type, what it holds does: fields of other types are simply not there. */
  #applies(condition: string | undefined, object: Record<string, unknown>): boolean {
    if (condition === undefined || typeof object.__typename !== "string") return true;
    return object.__typename === condition || !isObjectType(this.schema.getType(condition));
  }

  #visitField(
    parent: GraphQLNamedType,
    name: string,
    selection: SelectionSetNode | undefined,
    answer: unknown,
    strings: Map<string, Strings>,
  ): void {
    if (!isObjectType(parent) && !isInterfaceType(parent)) return;
    const field = parent.getFields()[name];
    if (field === undefined) return;
    const type = getNamedType(field.type);
    if (isCompositeType(type)) {
      if (selection !== undefined) this.visit(type, selection, answer, new Map());
    } else if (typeof answer === "string") this.#note(parent.name, name, answer, strings);
  }

  #note(type: string, field: string, value: string, strings: Map<string, Strings>): void {
    let own = strings.get(type);
    if (own === undefined) {
      own = new Map();
      strings.set(type, own);
      const objects = this.found.get(type);
      if (objects === undefined) this.found.set(type, [own]);
      else objects.push(own);
    }
    own.set(field, value);
  }
}
