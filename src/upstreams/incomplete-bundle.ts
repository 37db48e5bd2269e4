/** The elements of a searchset that say how much of the result it holds. Their types are not checked yet. */
export interface UncheckedBundle {
  readonly link?: unknown;
  readonly total?: unknown;
  readonly entry?: unknown;
}

/**
 * Whether a searchset holds only part of the result: it links to a next page, or its total exceeds its entries. One rule
 * for all services. We never follow the link, because none of the specifications has pages; a partial list must not be
 * shown as the whole one (reason `INCOMPLETE_RESPONSE`).
 *
 * FHIR counts only the matches in `total`, not what is included with them. Some systems count every entry, so that is
 * accepted too.
 *
 * @param matchType the resource type that was searched for.
 */
export function isIncompleteBundle(bundle: UncheckedBundle, matchType: string): boolean {
  return hasNextPage(bundle) || countsMoreThanItHolds(bundle, matchType);
}

function hasNextPage({ link }: UncheckedBundle): boolean {
  return toList(link).some((one) => member(one, "relation") === "next");
}

function countsMoreThanItHolds({ total, entry }: UncheckedBundle, matchType: string): boolean {
  const counted = Number(total ?? 0);
  if (!(counted > 0)) return false;
  const types = toList(entry).map((one) => member(member(one, "resource"), "resourceType"));
  const matches = types.filter((type) => type === matchType).length;
  const resources = types.filter((type) => type !== "OperationOutcome").length;
  return counted > matches && counted !== types.length && counted !== resources;
}

function toList(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
