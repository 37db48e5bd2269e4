import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLSchema,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from "graphql";

/** Where in the documentation one stands. */
export type DocsPlace =
  | { readonly kind: "root" }
  | { readonly kind: "type"; readonly name: string; readonly field?: string };

export type AnyField = GraphQLField<unknown, unknown> | GraphQLInputField;

/** The fields of a type that has some. */
export function fieldsOf(schema: GraphQLSchema, typeName: string): AnyField[] {
  const type = schema.getType(typeName);
  if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)) {
    return Object.values(type.getFields());
  }
  return [];
}

/** Arguments, of a field that may take some. */
export function argumentsOf(field: AnyField): readonly GraphQLArgument[] {
  return "args" in field ? field.args : [];
}

export interface Found {
  readonly type: string;
  readonly field?: string;
}

const MOST = 40;

/** Types and fields whose name holds the text; those that begin with it first. */
export function searchSchema(schema: GraphQLSchema, text: string): Found[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return [];
  const all: Found[] = Object.keys(schema.getTypeMap())
    .filter((type) => !type.startsWith("__"))
    .flatMap((type) => [{ type }, ...fieldsOf(schema, type).map(({ name }) => ({ type, field: name }))]);
  const rank = ({ type, field }: Found) => (field ?? type).toLowerCase().indexOf(wanted);
  return all
    .filter((found) => rank(found) >= 0)
    .sort((one, other) => Math.sign(rank(one)) - Math.sign(rank(other)))
    .slice(0, MOST);
}
