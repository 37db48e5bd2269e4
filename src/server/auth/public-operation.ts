import type {
  DocumentNode,
  FragmentDefinitionNode,
  OperationDefinitionNode,
  SelectionSetNode,
} from "graphql";

/** Told to everybody, since the schema is public: what it is made of, and that the server is there. */
const PUBLIC_FIELDS = new Set(["__schema", "__type", "__typename", "_service"]);

/** The names of the fields that an operation asks for at its root, through fragments too; in order, each once. */
export function rootFields(operation: OperationDefinitionNode, document: DocumentNode): string[] {
  const fragments = new Map(
    document.definitions
      .filter((one): one is FragmentDefinitionNode => one.kind === "FragmentDefinition")
      .map((fragment) => [fragment.name.value, fragment.selectionSet]),
  );
  const names = new Set<string>();
  const collect = (selections: SelectionSetNode | undefined): void => {
    for (const selection of selections?.selections ?? []) {
      if (selection.kind === "Field") names.add(selection.name.value);
      else if (selection.kind === "InlineFragment") collect(selection.selectionSet);
      // The document has been validated, so fragments exist and go in no circle.
      else collect(fragments.get(selection.name.value));
    }
  };
  collect(operation.selectionSet);
  return [...names];
}

/** Whether anybody may run the operation: introspection, and the schema document that gateways compose from. */
export function isPublic(operation: OperationDefinitionNode, document: DocumentNode): boolean {
  return (
    operation.operation === "query" &&
    rootFields(operation, document).every((name) => PUBLIC_FIELDS.has(name))
  );
}
