import type { GraphQLFieldResolver, GraphQLResolveInfo, GraphQLSchema } from "graphql";
import { BadUserInputError } from "../platform/errors.js";
import type { GraphContext } from "./context.js";

/** An entity as another subgraph names it: `__typename` and the fields of one key. Nothing of it has been checked. */
export type Representation = Readonly<Record<string, unknown>>;

/**
 * Loads the entity of one reference. Null when there is no such entity.
 *
 * @param field where the reference stands, for errors: `representations.3`.
 */
export type ReferenceResolver = (
  representation: Representation,
  field: string,
  context: GraphContext,
  info: GraphQLResolveInfo,
) => Promise<object | null>;

/**
 * Gives `Query._entities` a resolver in which each reference succeeds or fails alone. The one of the subgraph library
 * throws for the whole list on an unknown type, and leaves the promises of the other references without a listener when
 * one of them fails at once, which ends the process.
 */
export function setEntitiesResolver(
  schema: GraphQLSchema,
  references: Readonly<Record<string, ReferenceResolver>>,
): void {
  const field = schema.getQueryType()?.getFields()._entities;
  if (field === undefined) throw new Error("the schema has no entities");
  const byType = new Map(Object.entries(references));
  const resolve: GraphQLFieldResolver<unknown, GraphContext, { representations: readonly unknown[] }> = (
    _root,
    { representations },
    context,
    info,
  ) =>
    representations.map((one, index) => resolveOne(byType, one, `representations.${index}`, context, info));
  field.resolve = resolve;
}

/** Async, so that whatever is thrown becomes the rejection of this reference's own promise. */
async function resolveOne(
  byType: ReadonlyMap<string, ReferenceResolver>,
  representation: unknown,
  field: string,
  context: GraphContext,
  info: GraphQLResolveInfo,
): Promise<object | null> {
  const { __typename } = requireRepresentation(representation, field);
  const resolve = typeof __typename === "string" ? byType.get(__typename) : undefined;
  if (resolve === undefined) {
    const known = [...byType.keys()].join(", ");
    throw new BadUserInputError(`${field}.__typename`, `A reference names one of the types ${known}.`);
  }
  const entity = await resolve(requireRepresentation(representation, field), field, context, info);
  // The union's type is read from here. Not enumerable, since it is no field of the entity.
  return entity && Object.defineProperty(entity, "__typename", { value: __typename, configurable: true });
}

function requireRepresentation(value: unknown, field: string): Representation {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Representation;
  throw new BadUserInputError(field, "A reference is an object with __typename and a key.");
}

/**
 * The text of a key field of type `ID`, as the reference gives it.
 *
 * @throws BadUserInputError when it is missing, or is neither text nor a whole number.
 */
export function requireKey(representation: Representation, key: string, field: string): string {
  const value = Object.hasOwn(representation, key) ? representation[key] : undefined;
  if (typeof value === "string" && value !== "") return value;
  if (typeof value === "number" && Number.isSafeInteger(value)) return String(value);
  throw new BadUserInputError(`${field}.${key}`, `A reference of this type needs its key, ${key}.`);
}
