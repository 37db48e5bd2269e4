import {
  coerceInputValue,
  type GraphQLInputType,
  type GraphQLSchema,
  getNullableType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  type OperationDefinitionNode,
  typeFromAST,
} from "graphql";

/** A faulty variable: the path of the argument, such as `input.slotIds[0]`, and a message without its value. */
export interface VariableError {
  readonly field: string;
  readonly message: string;
}

/**
 * Finds the faults in an operation's variables again, in the order in which graphql-js reports them. Its own messages
 * quote the values and cannot be cut safely, since a value may look like the rest of a message.
 */
export function findVariableErrors(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): VariableError[] {
  const errors: VariableError[] = [];
  for (const { variable, type: typeNode, defaultValue } of variableDefinitions) {
    const name = variable.name.value;
    const type = typeFromAST(schema, typeNode);
    const report = (path: readonly (string | number)[], expected: string) =>
      errors.push({
        field: toField(name, path),
        message: `Variable "$${name}"${toPlace(path)}: ${expected}`,
      });
    if (!isInputType(type)) {
      report([], "its type is not an input type.");
      continue;
    }
    const value = variables[name];
    if (!Object.hasOwn(variables, name)) {
      if (defaultValue === undefined && isNonNullType(type))
        report([], `a value of type "${type}" is required.`);
    } else if (value === null && isNonNullType(type)) {
      report([], `a value of type "${type}" is required.`);
    } else {
      coerceInputValue(value, type, (path) => report(path, describeAt(type, path)));
    }
  }
  return errors;
}

function describeAt(root: GraphQLInputType, path: readonly (string | number)[]): string {
  const type = typeAt(root, path);
  if (type === undefined) return "the value is not valid.";
  return isInputObjectType(getNullableType(type))
    ? `expected an object of type "${type}" with its required fields and no others.`
    : `expected a value of type "${type}".`;
}

function typeAt(root: GraphQLInputType, path: readonly (string | number)[]): GraphQLInputType | undefined {
  let type: GraphQLInputType | undefined = root;
  for (const key of path) {
    const nullable: unknown = type && getNullableType(type);
    if (isListType(nullable)) type = nullable.ofType as GraphQLInputType;
    else if (isInputObjectType(nullable)) type = nullable.getFields()[key]?.type;
    else return undefined;
  }
  return type;
}

const toText = (path: readonly (string | number)[]): string =>
  path.map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`)).join("");

const toField = (name: string, path: readonly (string | number)[]): string => `${name}${toText(path)}`;

const toPlace = (path: readonly (string | number)[]): string =>
  path.length === 0 ? "" : ` at "${toText(path).replace(/^\./, "")}"`;

const found = new WeakMap<object, VariableError>();

/** What is wrong with the variable that an error is about. Undefined for any other error. */
export function variableErrorOf(error: unknown): VariableError | undefined {
  return typeof error === "object" && error !== null ? found.get(error) : undefined;
}

/** Remembers what is wrong with the variable that an error is about, for `formatError`. */
export function setVariableError(error: object, description: VariableError): void {
  found.set(error, description);
}
