import {
  type ConstDirectiveNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  parse,
} from "graphql";
import type { AnyField } from "./schema-index.js";

/** What the schema declares of a field, by `Type.field`. */
export type DeclaredPrices = ReadonlyMap<string, DeclaredPrice>;

export interface DeclaredPrice {
  /** `@cost(weight:)`; undefined without the directive. */
  readonly weight: number | undefined;
  /** `@listSize(assumedSize:)`; undefined without the directive. */
  readonly size: number | undefined;
}

/** Reads `@cost` and `@listSize`, which introspection does not show, from the text of the schema. */
export function parseDeclaredPrices(sdl: string): DeclaredPrices {
  const prices = new Map<string, DeclaredPrice>();
  for (const definition of parse(sdl, { noLocation: true }).definitions) {
    if (!("fields" in definition) || !("name" in definition) || definition.name === undefined) continue;
    for (const field of definition.fields ?? []) {
      if (field.kind !== "FieldDefinition") continue;
      const price = {
        weight: readNumber(field, "cost", "weight"),
        size: readNumber(field, "listSize", "assumedSize"),
      };
      if (price.weight !== undefined || price.size !== undefined)
        prices.set(`${definition.name.value}.${field.name.value}`, price);
    }
  }
  return prices;
}

/**
 * The price of a field in words. Without a directive the rules of Federation hold: an object costs 1, a value nothing.
 * Arguments can change it, such as the range of a slot search: the line above the query has the price of the operation.
 */
export function describePrice(typeName: string, field: AnyField, prices: DeclaredPrices): string {
  if (!("args" in field)) return "";
  const { weight, size } = prices.get(`${typeName}.${field.name}`) ?? {};
  const price = weight ?? (isCompositeType(getNamedType(field.type)) ? 1 : 0);
  if (price === 0) return "no cost";
  if (size !== undefined) return `cost ${price} for each of about ${size}`;
  return String(field.type).startsWith("[") ? `cost ${price} for each` : `cost ${price}`;
}

/** Whether the schema publishes its text, with the directives. */
export function hasServiceSdl(schema: GraphQLSchema): boolean {
  return schema.getQueryType()?.getFields()._service !== undefined;
}

function readNumber(field: FieldDefinitionNode, directive: string, argument: string): number | undefined {
  const found = field.directives?.find(({ name }) => name.value === directive) as
    | ConstDirectiveNode
    | undefined;
  const value = found?.arguments?.find(({ name }) => name.value === argument)?.value;
  return value?.kind === "IntValue" ? Number(value.value) : undefined;
}
