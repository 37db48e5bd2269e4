/** How two values are compared: with or without regard to case, as names of classes, or never. */
export type MatchingRule = "exact" | "ignore-case" | "class" | "none";

/** The classes of the directory. A comparison with any other name tells nothing. */
const CLASSES: readonly string[] = ["top", "organization", "organizationalunit", "nhsas", "nhsmhs"];

/** The attributes of the directory in its own spelling, with their equality rules (SDS notes, section 4). */
const ATTRIBUTES: Readonly<Record<string, MatchingRule>> = {
  objectClass: "class",
  o: "ignore-case",
  ou: "ignore-case",
  uniqueIdentifier: "ignore-case",
  nhsIDCode: "exact",
  nhsMHSPartyKey: "ignore-case",
  nhsAsSvcIA: "exact",
  nhsAsClient: "ignore-case",
  nhsMhsManufacturerOrg: "ignore-case",
  nhsMhsSvcIA: "exact",
  nhsMHSEndPoint: "exact",
  nhsMhsCPAId: "exact",
  // Without an equality rule: a filter on them never matches, and the search still succeeds.
  nhsMhsFQDN: "none",
  nhsMHsSN: "none",
  nhsMHsIN: "none",
  // Of the root of the server.
  namingContexts: "none",
  supportedLDAPVersion: "none",
};

/** An attribute that the directory knows. */
export interface AttributeType {
  /** The server's own spelling, which its responses use. */
  readonly name: string;
  readonly rule: MatchingRule;
}

const BY_NAME = new Map(
  Object.entries(ATTRIBUTES).map(([name, rule]) => [name.toLowerCase(), { name, rule }]),
);

/** The attribute of a name, in any letter case. Undefined when the directory does not know it. */
export function attributeType(name: string): AttributeType | undefined {
  return BY_NAME.get(name.toLowerCase());
}

/**
 * A value in the form in which a rule compares it. Blanks at the ends do not count, and several blanks count as one.
 *
 * @returns undefined when the rule cannot compare the value
 */
export function normalise(value: string, rule: MatchingRule): string | undefined {
  if (rule === "none") return undefined;
  const text = value.trim().replace(/\s+/g, " ");
  if (rule === "exact") return text;
  const folded = text.toLowerCase();
  return rule === "ignore-case" || CLASSES.includes(folded) ? folded : undefined;
}

/** A distinguished name in one form: letter case and blanks around `,` and `=` do not count. */
export function normaliseDn(dn: string): string {
  return dn
    .split(",")
    .map((part) => part.replace(/\s*=\s*/, "=").trim())
    .join(",")
    .toLowerCase();
}
