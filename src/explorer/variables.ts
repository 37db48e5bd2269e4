import type { ResponseValues } from "./response-values.js";

const PLACEHOLDER = /^\{\{(\w+\.\w+)\}\}$/;

/**
 * Replaces placeholders such as `{{Slot.id}}` with values of earlier responses. A placeholder without a value stays.
 */
export function fillPlaceholders(value: unknown, values: ResponseValues): unknown {
  if (typeof value === "string") {
    const [, name] = PLACEHOLDER.exec(value) ?? [];
    return name === undefined ? value : (values.get(name) ?? value);
  }
  if (Array.isArray(value)) return value.map((item) => fillPlaceholders(item, values));
  if (isRecord(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, fillPlaceholders(item, values)]),
    );
  }
  return value;
}

/** The placeholders without a value, as `Type.field`, without duplicates. */
export function findPlaceholders(value: unknown): string[] {
  const found = new Set<string>();
  const visit = (item: unknown): void => {
    if (typeof item === "string") {
      const [, name] = PLACEHOLDER.exec(item) ?? [];
      if (name !== undefined) found.add(name);
    } else if (typeof item === "object" && item !== null) Object.values(item).forEach(visit);
  };
  visit(value);
  return [...found];
}

/**
 * Sets the value of the property `name`, at any depth, or adds it to a list under the plural of the name. If the
 * variables have neither but the operation declares `$name`, the property is added. Undefined when nothing fits.
 */
export function setVariable(
  variables: Readonly<Record<string, unknown>>,
  declared: readonly string[],
  name: string,
  value: string,
): Record<string, unknown> | undefined {
  const copy = structuredClone(variables) as Record<string, unknown>;
  if (setExisting(copy, name, value)) return copy;
  if (declared.includes(name)) return { ...copy, [name]: value };
  if (declared.includes(`${name}s`)) return { ...copy, [`${name}s`]: [value] };
  return undefined;
}

function setExisting(holder: Record<string, unknown>, name: string, value: string): boolean {
  if (Object.hasOwn(holder, name)) {
    holder[name] = value;
    return true;
  }
  const list = holder[`${name}s`];
  if (Array.isArray(list)) {
    if (!list.includes(value)) list.push(value);
    return true;
  }
  return Object.values(holder).some((item) =>
    Array.isArray(item)
      ? item.some((member) => isRecord(member) && setExisting(member, name, value))
      : isRecord(item) && setExisting(item, name, value),
  );
}

/** Parses a JSON object; empty text is an empty object. Throws with a message that names the editor. */
export function parseObject(text: string, editorName: string): Record<string, unknown> {
  if (text.trim() === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${editorName} are not valid JSON: ${(error as Error).message}`);
  }
  if (!isRecord(value)) throw new Error(`${editorName} must be a JSON object such as { "name": "value" }`);
  return value;
}

/** Formats a value as the editors show it. */
export function formatJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
