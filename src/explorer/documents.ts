import { type DocumentNode, type OperationDefinitionNode, parse } from "graphql";

/** What can be known of the text in the editor. */
export interface QueryText {
  /** Null while the text cannot be parsed. */
  readonly document: DocumentNode | null;
  readonly operations: readonly OperationDefinitionNode[];
}

/** Parses what is in the editor, without complaint: the editor itself marks faults. */
export function readQuery(text: string): QueryText {
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

/** The operation to run: the one chosen when there are several, otherwise the only one. */
export function operationToRun(
  query: QueryText,
  chosen: string | undefined,
): OperationDefinitionNode | undefined {
  return query.operations.find((operation) => operation.name?.value === chosen) ?? query.operations[0];
}

/** Names of the variables that an operation declares. */
export function declaredVariables(operation: OperationDefinitionNode | undefined): string[] {
  return (operation?.variableDefinitions ?? []).map((definition) => definition.variable.name.value);
}
