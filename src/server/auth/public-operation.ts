import type {
  DocumentNode,
  FragmentDefinitionNode,
  OperationDefinitionNode,
  SelectionSetNode,
} from "graphql";

/** Fields that need no caller: introspection, the schema for gateways, and a sign of life. The schema is public. */
const PUBLIC_FIELDS = new Set(["__schema", "__type", "__typename", "_service"]);

/** The names of an operation's root fields, also those in fragments, in order and without duplicates. */
export function rootFields(operation: OperationDefinitionNode, document: DocumentNode): string[] {
  const fragments = new Map(
    document.definitions
      .filter((node): node is FragmentDefinitionNode => node.kind === "FragmentDefinition")
      .map((fragment) => [fragment.name.value, fragment.selectionSet]),
  );
  const names = new Set<string>();
  const collect = (selections: SelectionSetNode | undefined): void => {
    for (const selection of selections?.selections ?? []) {
      if (selection.kind === "Field") names.add(selection.name.value);
      else if (selection.kind === "InlineFragment") collect(selection.selectionSet);
      // The document is valid, so every fragment exists and none contains itself.
      else collect(fragments.get(selection.name.value));
    }
  };
  collect(operation.selectionSet);
  return [...names];
}

/** True for an operation that needs no caller: introspection, and the schema that gateways compose. */
export function isPublic(operation: OperationDefinitionNode, document: DocumentNode): boolean {
  return (
    operation.operation === "query" &&
    rootFields(operation, document).every((name) => PUBLIC_FIELDS.has(name))
  );
}
