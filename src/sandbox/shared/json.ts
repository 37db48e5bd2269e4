/** A JSON object with unchecked members. */
export type JsonObject = { readonly [member: string]: unknown };

/** True for a JSON object; false for an array or null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The JSON objects in a list. Returns an empty list for any other value. */
export function objectsIn(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** A string that is not blank, or undefined. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

/** The value of the FHIR identifier with this system. Identifier lists have no guaranteed order. */
export function identifierOf(resource: JsonObject, system: string): string | undefined {
  return textOf(objectsIn(resource.identifier).find((identifier) => identifier.system === system)?.value);
}

/** Parses JSON text. Returns undefined when the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
