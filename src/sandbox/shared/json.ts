/** A JSON object of which nothing is known yet. */
export type JsonObject = { readonly [member: string]: unknown };

/** Whether a value is a JSON object (no array, no null). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The objects of a list; a value that is no list holds none. */
export function objectsIn(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** A text that says something; anything else is undefined. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

/** The value of a FHIR identifier, picked by its system since lists have no order. */
export function identifierOf(resource: JsonObject, system: string): string | undefined {
  return textOf(objectsIn(resource.identifier).find((identifier) => identifier.system === system)?.value);
}

/** Parses a text as JSON; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
