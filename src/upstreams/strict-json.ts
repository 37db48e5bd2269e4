/**
 * Strict readers of JSON that an upstream sent. Each takes a value that nothing has checked, and returns it with its
 * declared type or throws `MalformedElement`. One element of the wrong type thereby fails the whole resource, because a
 * partly read record would look like a record with gaps. `tryRead` is the only place that catches the failure.
 *
 * Services send null for an absent element, which FHIR does not allow, so optional elements accept it.
 */

/** A JSON object whose elements have not been checked yet. */
export type Json = Readonly<Record<string, unknown>>;

/** Returns the value with its declared type, or throws `MalformedElement`. */
export type StrictReader<T> = (value: unknown) => T;

/** An element has the wrong type. Without a message, because the element may identify a patient. */
export class MalformedElement extends Error {
  override readonly name = "MalformedElement";
}

/** The body as JSON, or undefined when it is not JSON. Never throws. */
export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** What the reader returns, or undefined when it finds a malformed element. Any other error is a defect, and thrown. */
export function tryRead<T extends object>(value: unknown, read: StrictReader<T>): T | undefined {
  try {
    return read(value);
  } catch (error) {
    if (error instanceof MalformedElement) return undefined;
    throw error;
  }
}

/** An object that is not a list. */
export function object(value: unknown): Json {
  if (isObject(value)) return value;
  throw new MalformedElement();
}

/** A resource of this type. */
export function resource(value: unknown, type: string): Json {
  if (isObject(value) && value.resourceType === type) return value;
  throw new MalformedElement();
}

/** A string, which may be empty. */
export function text(value: unknown): string {
  if (typeof value === "string") return value;
  throw new MalformedElement();
}

/** A finite number. `JSON.parse` turns `1e999` into Infinity. */
export function number(value: unknown): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new MalformedElement();
}

/** True or false, not as text. */
export function boolean(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw new MalformedElement();
}

/** An element that may be absent or null. */
export function optional<T>(value: unknown, read: StrictReader<T>): T | undefined {
  return value === undefined || value === null ? undefined : read(value);
}

/** A text that may be absent or null. */
export function optionalText(value: unknown): string | undefined {
  return optional(value, text);
}

/** The items of a list; none when it is absent or null. An object instead of a list is malformed, as is a null item. */
export function listOf<T>(value: unknown, read: StrictReader<T>): T[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.map((item: unknown) => read(item));
  throw new MalformedElement();
}

/** The texts of a list. Empty ones are left out, and nulls, which stand in place of an extension (FHIR). */
export function texts(value: unknown): string[] {
  return listOf(value, optionalText).filter((item): item is string => item !== undefined && item !== "");
}

/** The resource type of a value, or undefined when it is no resource. */
export function resourceTypeOf(value: unknown): string | undefined {
  return isObject(value) && typeof value.resourceType === "string" ? value.resourceType : undefined;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
