import type { Remembered } from "./remembered.js";

const PLACEHOLDER = /^\{\{(\w+\.\w+)\}\}$/;

/**
 * Fills the places that stand for a value of an earlier answer, such as `{{Slot.id}}`. A place whose value has
 * not been seen stays as it is.
 */
export function fillPlaceholders(value: unknown, remembered: Remembered): unknown {
  if (typeof value === "string") {
    const [, name] = PLACEHOLDER.exec(value) ?? [];
    return name === undefined ? value : (remembered.get(name) ?? value);
  }
  if (Array.isArray(value)) return value.map((item) => fillPlaceholders(item, remembered));
  if (isRecord(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, fillPlaceholders(item, remembered)]),
    );
  }
  return value;
}

/** The places still open, as `Type.field`, each once. */
export function openPlaceholders(value: unknown): string[] {
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
 * Puts a value where the variables name it: under `name`, at any depth, or into a list under its plural. When they
 * do not name it but the operation declares `$name`, it is added. Undefined when there is no place for it.
 */
export function putVariable(
  variables: Readonly<Record<string, unknown>>,
  declared: readonly string[],
  name: string,
  value: string,
): Record<string, unknown> | undefined {
  const copy = structuredClone(variables) as Record<string, unknown>;
  if (putWhereNamed(copy, name, value)) return copy;
  if (declared.includes(name)) return { ...copy, [name]: value };
  if (declared.includes(`${name}s`)) return { ...copy, [`${name}s`]: [value] };
  return undefined;
}

function putWhereNamed(holder: Record<string, unknown>, name: string, value: string): boolean {
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
      ? item.some((member) => isRecord(member) && putWhereNamed(member, name, value))
      : isRecord(item) && putWhereNamed(item, name, value),
  );
}

/** Reads the text of the variables editor; an empty one means none. */
export function parseObject(text: string, what: string): Record<string, unknown> {
  if (text.trim() === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${what} are not JSON: ${(error as Error).message}`);
  }
  if (!isRecord(value)) throw new Error(`${what} must be a JSON object, such as { "name": "value" }`);
  return value;
}

/** Writes values the way the editors show them. */
export function toText(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
