import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from "graphql";
import { hasScopes, type RequiredScopes } from "../../domain/scope.js";
import { ForbiddenError } from "../../platform/errors.js";
import type { GraphContext } from "../context.js";
import type { ReferenceResolver } from "../entities.js";
import { argumentRules, fieldRule, REFERENCE_RULES } from "./field-rules.js";

type Resolver = GraphQLFieldResolver<unknown, GraphContext, Record<string, unknown>>;

/**
 * Gate G2 for every field: puts the rules of `field-rules.ts` before the resolvers. A denied field is null with an error,
 * and no upstream is called for it. Changes the schema in place.
 */
export function guardSchema(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith("__")) continue;
    for (const field of Object.values(type.getFields())) {
      field.resolve = guardField(type.name, field.name, field.resolve ?? defaultFieldResolver);
    }
  }
}

function guardField(type: string, name: string, resolve: Resolver): Resolver {
  const place = `${type}.${name}`;
  const rule = fieldRule(type, name);
  if (rule === undefined) return (_source, _args, context) => deny(context, place);
  if (rule === "byParent" || rule === "public") return resolve;
  const extra = argumentRules(type, name);
  return (source, args, context, info) => {
    if (!hasScopes(context.scopes, rule)) deny(context, place, rule);
    for (const { path, scopes } of extra) {
      if (isGiven(args, path) && !hasScopes(context.scopes, scopes)) deny(context, place, scopes);
    }
    return resolve(source, args, context, info);
  };
}

/** Puts the rule of an entity's references before their resolver, which may call an upstream. */
export function guardReference(
  entity: keyof typeof REFERENCE_RULES,
  resolve: ReferenceResolver,
): ReferenceResolver {
  const rule = REFERENCE_RULES[entity];
  return async (representation, field, context, info) => {
    if (!hasScopes(context.scopes, rule)) deny(context, entity, rule);
    return resolve(representation, field, context, info);
  };
}

/** Denied fields of an operation that have an audit record. A field of a long list is one attempt. */
const audited = new WeakMap<GraphContext, Set<string>>();

function deny(context: GraphContext, place: string, required?: RequiredScopes): never {
  const places = audited.get(context) ?? new Set();
  audited.set(context, places);
  if (!places.has(place)) {
    places.add(place);
    context.call.audit.record({ operation: place, outcome: "BLOCKED", gate: "G2", reason: "NO_PERMISSION" });
  }
  const needed = required?.map((scopes) => scopes.join(" and ")).join(", or ");
  throw new ForbiddenError(
    "NO_PERMISSION",
    needed === undefined ? "Nobody may read this field." : `This needs the permission ${needed}.`,
  );
}

function isGiven(args: Record<string, unknown>, path: string): boolean {
  let value: unknown = args;
  for (const key of path.split(".")) {
    value = typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
  }
  return value !== undefined && value !== null && value !== false;
}
