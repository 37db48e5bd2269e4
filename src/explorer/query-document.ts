import { type DocumentNode, type OperationDefinitionNode, parse } from "graphql";

/** The parsed text of the query editor. */
export interface QueryDocument {
  /** Null while the text has a syntax error. */
  readonly document: DocumentNode | null;
  readonly operations: readonly OperationDefinitionNode[];
}

/** Parses the text of the query editor. Never throws: the editor itself marks syntax errors. */
export function parseQueryDocument(text: string): QueryDocument {
  try {
    const document = parse(text);
    return {
      document,
      operations: document.definitions.filter((node) => node.kind === "OperationDefinition"),
    };
  } catch {
    return { document: null, operations: [] };
  }
}

/** The operation to run: the selected one if the document has it, otherwise the first. */
export function selectOperation(
  query: QueryDocument,
  selectedName: string | undefined,
): OperationDefinitionNode | undefined {
  return query.operations.find((operation) => operation.name?.value === selectedName) ?? query.operations[0];
}

/** The names of the variables that an operation declares. */
export function declaredVariables(operation: OperationDefinitionNode | undefined): string[] {
  return (operation?.variableDefinitions ?? []).map((definition) => definition.variable.name.value);
}
