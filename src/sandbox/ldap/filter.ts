import {
  AndFilter,
  ApproximateFilter,
  EqualityFilter,
  ExtensibleFilter,
  type Filter,
  NotFilter,
  OrFilter,
  PresenceFilter,
} from "ldapts";
import type { LdapEntry } from "./entry.js";
import { attributeType, type MatchingRule, normalise } from "./schema.js";

/** Undefined: the directory cannot tell. Such a filter does not match, and neither does its negation. */
type Truth = boolean | undefined;

/** The matching rules that a filter may name (RFC 4517, section 4.2). */
const NAMED_RULES: Readonly<Record<string, MatchingRule>> = {
  caseexactmatch: "exact",
  "2.5.13.5": "exact",
  caseignorematch: "ignore-case",
  "2.5.13.2": "ignore-case",
};

/** Whether an entry matches a filter (RFC 4511, section 4.5.1.7). */
export function matchesFilter(filter: Filter, entry: LdapEntry): boolean {
  return evaluate(filter, entry) === true;
}

function evaluate(filter: Filter, entry: LdapEntry): Truth {
  if (filter instanceof AndFilter) return all(filter.filters.map((part) => evaluate(part, entry)));
  if (filter instanceof OrFilter) return any(filter.filters.map((part) => evaluate(part, entry)));
  if (filter instanceof NotFilter) {
    const inner = evaluate(filter.filter, entry);
    return inner === undefined ? undefined : !inner;
  }
  if (filter instanceof PresenceFilter) return isPresent(filter.attribute, entry);
  // The directory has no rule for approximate matches, so they are matches of equality.
  if (filter instanceof EqualityFilter || filter instanceof ApproximateFilter) {
    return isEqual(filter.attribute, String(filter.value), entry);
  }
  if (filter instanceof ExtensibleFilter) return matchesByRule(filter, entry);
  // Substrings and order: no attribute has a rule for them (SDS notes, section 4).
  return undefined;
}

function all(parts: readonly Truth[]): Truth {
  if (parts.includes(false)) return false;
  return parts.includes(undefined) ? undefined : true;
}

function any(parts: readonly Truth[]): Truth {
  if (parts.includes(true)) return true;
  return parts.includes(undefined) ? undefined : false;
}

function isPresent(name: string, entry: LdapEntry): Truth {
  const type = attributeType(name);
  return type && (entry.attributes[type.name] ?? []).length > 0;
}

function isEqual(name: string, value: string, entry: LdapEntry, rule?: MatchingRule): Truth {
  const type = attributeType(name);
  if (type === undefined) return undefined;
  const applied = rule ?? type.rule;
  const wanted = normalise(value, applied);
  if (wanted === undefined) return undefined;
  return (entry.attributes[type.name] ?? []).some((held) => normalise(held, applied) === wanted);
}

/** `(attribute:rule:=value)`. Without an attribute, or with a rule that does not fit it, the directory cannot tell. */
function matchesByRule({ matchType, rule, value }: ExtensibleFilter, entry: LdapEntry): Truth {
  if (matchType === "") return undefined;
  if (rule === "") return isEqual(matchType, value, entry);
  const named = NAMED_RULES[rule.toLowerCase()];
  if (named === undefined || attributeType(matchType)?.rule === "class") return undefined;
  return isEqual(matchType, value, entry, named);
}

/** The values that a filter compares one of these attributes with, wherever they stand in it. */
export function comparedValues(filter: Filter, attributes: readonly string[]): string[] {
  if (filter instanceof AndFilter || filter instanceof OrFilter) {
    return filter.filters.flatMap((part) => comparedValues(part, attributes));
  }
  if (filter instanceof NotFilter) return comparedValues(filter.filter, attributes);
  if (filter instanceof EqualityFilter || filter instanceof ApproximateFilter) {
    return names(filter.attribute, attributes) ? [String(filter.value)] : [];
  }
  return filter instanceof ExtensibleFilter && names(filter.matchType, attributes) ? [filter.value] : [];
}

function names(attribute: string, attributes: readonly string[]): boolean {
  const type = attributeType(attribute);
  return type !== undefined && attributes.includes(type.name);
}
