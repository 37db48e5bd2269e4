import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLSchema,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from "graphql";

/** A page of the documentation. */
export type DocsLocation =
  | { readonly kind: "root" }
  | { readonly kind: "type"; readonly name: string; readonly field?: string };

export type AnyField = GraphQLField<unknown, unknown> | GraphQLInputField;

/** The fields of a type; empty for a type without fields. */
export function fieldsOf(schema: GraphQLSchema, typeName: string): AnyField[] {
  const type = schema.getType(typeName);
  if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)) {
    return Object.values(type.getFields());
  }
  return [];
}

/** The arguments of a field; empty for an input field. */
export function argumentsOf(field: AnyField): readonly GraphQLArgument[] {
  return "args" in field ? field.args : [];
}

export interface SearchResult {
  readonly type: string;
  readonly field?: string;
}

const MAX_RESULTS = 40;

/** Types and fields whose name contains the text; those that start with it come first. */
export function searchSchema(schema: GraphQLSchema, text: string): SearchResult[] {
  const needle = text.trim().toLowerCase();
  if (needle === "") return [];
  const all: SearchResult[] = Object.keys(schema.getTypeMap())
    .filter((type) => !type.startsWith("__"))
    .flatMap((type) => [{ type }, ...fieldsOf(schema, type).map(({ name }) => ({ type, field: name }))]);
  const rank = ({ type, field }: SearchResult) => (field ?? type).toLowerCase().indexOf(needle);
  return all
    .filter((result) => rank(result) >= 0)
    .sort((one, other) => Math.sign(rank(one)) - Math.sign(rank(other)))
    .slice(0, MAX_RESULTS);
}
