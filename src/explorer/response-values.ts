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

/** String values of earlier responses, by `Type.field`. */
export type ResponseValues = ReadonlyMap<string, string>;

/**
 * Collects the string fields of one object of each type, so that a later operation can use them: book a slot that was
 * found, cancel an appointment that was booked. The object is the one already known if the response has it (by `id`),
 * otherwise the first. New values of a type replace all older ones, so that an id and a version never come from two
 * objects.
 */
export function collectResponseValues(
  earlier: ResponseValues,
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | undefined,
  data: unknown,
): ResponseValues {
  const operation = document.definitions.find(
    (node) =>
      node.kind === "OperationDefinition" &&
      (operationName === undefined || node.name?.value === operationName),
  );
  if (operation?.kind !== "OperationDefinition") return earlier;
  const visitor = new ResponseVisitor(schema, fragmentsOf(document));
  visitor.visit(
    schema.getRootType(operation.operation) ?? undefined,
    operation.selectionSet,
    data,
    new Map(),
  );
  const { objects: found } = visitor;
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

/** Visits a selection and its response together, because only the selection tells the type of each object. */
class ResponseVisitor {
  readonly objects = new Map<string, Strings[]>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly fragments: Fragments,
  ) {}

  /** @param strings the strings of this object so far, by type; fragments add to them. */
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
        const result = object[node.alias?.value ?? node.name.value];
        this.#visitField(type, node.name.value, node.selectionSet, result, strings);
        continue;
      }
      const fragment = node.kind === "FragmentSpread" ? this.fragments.get(node.name.value) : node;
      const condition = fragment?.typeCondition?.name.value;
      if (fragment === undefined || !this.#applies(condition, object)) continue;
      const inner = condition === undefined ? type : this.schema.getType(condition);
      this.visit(inner, fragment.selectionSet, object, strings);
    }
  }

  /** Without `__typename` every fragment is tried: an object has no fields of a fragment that does not apply. */
  #applies(condition: string | undefined, object: Record<string, unknown>): boolean {
    if (condition === undefined || typeof object.__typename !== "string") return true;
    return object.__typename === condition || !isObjectType(this.schema.getType(condition));
  }

  #visitField(
    parent: GraphQLNamedType,
    name: string,
    selection: SelectionSetNode | undefined,
    result: unknown,
    strings: Map<string, Strings>,
  ): void {
    if (!isObjectType(parent) && !isInterfaceType(parent)) return;
    const field = parent.getFields()[name];
    if (field === undefined) return;
    const type = getNamedType(field.type);
    if (isCompositeType(type)) {
      if (selection !== undefined) this.visit(type, selection, result, new Map());
    } else if (typeof result === "string") this.#add(parent.name, name, result, strings);
  }

  #add(type: string, field: string, value: string, strings: Map<string, Strings>): void {
    let own = strings.get(type);
    if (own === undefined) {
      own = new Map();
      strings.set(type, own);
      const sameType = this.objects.get(type);
      if (sameType === undefined) this.objects.set(type, [own]);
      else sameType.push(own);
    }
    own.set(field, value);
  }
}
