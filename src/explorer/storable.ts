import { type DocumentNode, print, visit } from "graphql";
import type { ExplorerConfig } from "./config.js";

/** Ten digits with or without spaces or hyphens: the form of an NHS number. */
const LOOKS_LIKE_NHS_NUMBER = /\d{3}[ -]?\d{3}[ -]?\d{4}/;
const ODS_CODE = /^[A-Za-z0-9]{3,8}$/;
const DATE_OR_TIME = /^\d{4}-\d{2}-\d{2}(T[\d:.+Z-]+)?$/;
const LARGEST_COUNT = 9_999;

/** Decides whether a text may leave the memory of the page. */
export type IsStorable = (value: string, key: string) => boolean;

/**
 * Links and the stored history outlive the session, so they hold no value that could identify a patient. A text is kept
 * if the page itself publishes it (an example, or a synthetic person of the sandbox), if it is an ODS code, or if it is
 * the start or the end of a slot search.
 */
export function createIsStorable({ operations, personas }: ExplorerConfig): IsStorable {
  const published = new Set<string>();
  for (const { variables } of operations) collectTexts(variables, published);
  for (const { nhsNumber } of personas?.patients ?? []) published.add(nhsNumber);
  return (value, key) =>
    published.has(value) ||
    (/^odsCodes?$/i.test(key) && ODS_CODE.test(value) && !LOOKS_LIKE_NHS_NUMBER.test(value)) ||
    (/^(from|to)$/.test(key) && DATE_OR_TIME.test(value));
}

export interface Storable<Value> {
  readonly value: Value;
  /** The names of the values that were left out, without duplicates. */
  readonly omitted: readonly string[];
}

/** Variables without the values that could identify a patient. */
export function toStorableVariables(
  variables: Readonly<Record<string, unknown>>,
  isStorable: IsStorable,
): Storable<Record<string, unknown>> {
  const omitted = new Set<string>();
  const keep = (value: unknown, key: string): unknown => {
    if (Array.isArray(value))
      return value.map((item) => keep(item, key)).filter((item) => item !== undefined);
    if (typeof value === "object" && value !== null) return keepEntries(value);
    if (value === null || typeof value === "boolean") return value;
    if (typeof value === "number" && Math.abs(value) <= LARGEST_COUNT) return value;
    if (typeof value === "string" && isStorable(value, key)) return value;
    omitted.add(key);
    return undefined;
  };
  const keepEntries = (holder: object): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(holder).flatMap(([key, item]) => {
        // A key is free text as well.
        const kept = /^[A-Za-z_]{1,60}$/.test(key) ? keep(item, key) : undefined;
        return kept === undefined ? [] : [[key, kept]];
      }),
    );
  return { value: keepEntries(variables), omitted: [...omitted] };
}

/**
 * The text of a query without its comments. Null when a value inside it could identify a patient: such a value belongs
 * in the variables.
 */
export function toStorableQuery(document: DocumentNode, isStorable: IsStorable): string | null {
  let safe = true;
  const keys: string[] = [];
  const named = {
    enter: (node: { readonly name: { readonly value: string } }) => void keys.push(node.name.value),
    leave: () => void keys.pop(),
  };
  visit(document, {
    Argument: named,
    ObjectField: named,
    StringValue: ({ value }) => {
      if (!isStorable(value, keys.at(-1) ?? "")) safe = false;
    },
    IntValue: ({ value }) => {
      if (Math.abs(Number(value)) > LARGEST_COUNT) safe = false;
    },
    FloatValue: () => {
      safe = false;
    },
    Name: ({ value }) => {
      if (LOOKS_LIKE_NHS_NUMBER.test(value)) safe = false;
    },
  });
  return safe ? print(document) : null;
}

function collectTexts(value: unknown, texts: Set<string>): void {
  if (typeof value === "string") texts.add(value);
  else if (typeof value === "object" && value !== null) {
    for (const item of Object.values(value)) collectTexts(item, texts);
  }
}
