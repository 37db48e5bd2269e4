import { getMetadataStorage } from "type-graphql";

/** Resolvers by type and field, as `createResolversMap` gives them. */
type ResolversByType = Readonly<Record<string, object>>;

/**
 * Removes the resolvers of fields that are getters of their class. The library wraps each of them, at several times the cost
 * of the getter: a response has hundreds. Without a resolver, such a field is read as a member of its object, like the
 * fields that are properties. Changes the map in place.
 */
export function readGettersDirectly(resolvers: ResolversByType): void {
  const { fieldResolvers, objectTypes } = getMetadataStorage();
  for (const { kind, methodName, schemaName, middlewares = [], target } of fieldResolvers) {
    const prototype: unknown = typeof target === "function" ? target.prototype : undefined;
    if (kind !== "internal" || middlewares.length > 0 || typeof prototype !== "object") continue;
    // A field of another name is no member of its object.
    if (methodName !== schemaName || !isGetter(prototype, methodName)) continue;
    const type = objectTypes.find((candidate) => candidate.target === target);
    if (type) Reflect.deleteProperty(resolvers[type.name] ?? {}, schemaName);
  }
}

function isGetter(prototype: object | null, name: string): boolean {
  return prototype !== null && Object.getOwnPropertyDescriptor(prototype, name)?.get !== undefined;
}
