/**
 * Whether a searchset holds only part of the result: it links to a next page, or its total exceeds its entries. One rule
 * for all services. We never follow the link, because none of the specifications has pages; a partial list must not be
 * shown as the whole one (reason `INCOMPLETE_RESPONSE`).
 *
 * FHIR counts only the matches in `total`, not what is included with them. Some systems count every entry, so that is
 * accepted too.
 *
 * @param bundle as parsed; nothing of it has been checked.
 * @param matchType the resource type that was searched for.
 */
export function isIncompleteBundle(bundle: object, matchType: string): boolean {
  return hasNextPage(bundle) || countsMoreThanItHolds(bundle, matchType);
}

/**
 * The entries of a searchset without the warnings beside them: an OperationOutcome of a lower severity than error says
 * something about the result, and never makes it fail.
 *
 * @returns undefined when the searchset holds only part of the result, which an error beside its entries means too. When
 *   `entry` is not a list it is returned as it is, for the caller's reader to refuse.
 */
export function entriesWithoutWarnings(bundle: object, matchType: string): unknown {
  const entry = member(bundle, "entry");
  if (isIncompleteBundle(bundle, matchType)) return undefined;
  if (!Array.isArray(entry)) return entry ?? [];
  const isOutcome = (one: unknown) => resourceTypeOf(one) === "OperationOutcome";
  if (entry.filter(isOutcome).some(reportsError)) return undefined;
  return entry.filter((one) => !isOutcome(one));
}

const HARMLESS = new Set<unknown>(["warning", "information"]);

function reportsError(entry: unknown): boolean {
  return toList(member(member(entry, "resource"), "issue")).some(
    (issue) => !HARMLESS.has(member(issue, "severity")),
  );
}

function hasNextPage(bundle: object): boolean {
  return toList(member(bundle, "link")).some((one) => member(one, "relation") === "next");
}

function countsMoreThanItHolds(bundle: object, matchType: string): boolean {
  const counted = toCount(member(bundle, "total"));
  if (counted === 0) return false;
  const types = toList(member(bundle, "entry")).map(resourceTypeOf);
  const matches = types.filter((type) => type === matchType).length;
  const resources = types.filter((type) => type !== "OperationOutcome").length;
  return counted > matches && counted !== types.length && counted !== resources;
}

/** A number, or one written as text. Anything else is no total; nested lists must not be converted. */
function toCount(total: unknown): number {
  if (typeof total === "number") return total > 0 ? total : 0;
  return typeof total === "string" && /^\d{1,9}$/.test(total) ? Number(total) : 0;
}

function resourceTypeOf(entry: unknown): unknown {
  return member(member(entry, "resource"), "resourceType");
}

function toList(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
