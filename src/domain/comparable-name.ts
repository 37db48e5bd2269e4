/** Apostrophes and the marks that keyboards and older systems write for them. */
const APOSTROPHES = /[\u2018\u2019\u02bc\u02b9\u2032\u00b4`]/g;
const HYPHENS = /[\p{Pd}\u2212]/gu;

/**
 * A name for comparison only: without regard to case, spacing, the form of apostrophes and hyphens, and whether accents are
 * composed. Accents themselves count. An absent name is an empty text.
 */
export function comparableName(name: string | undefined): string {
  return (name ?? "")
    .normalize("NFC")
    .toLowerCase()
    .replace(APOSTROPHES, "'")
    .replace(HYPHENS, "-")
    .replace(/[\s\p{Cf}]+/gu, " ")
    .trim();
}

/**
 * Whether two lists of given names have the same first name. Systems write a compound first name as one element
 * ("John Paul") or as several, so the first element of one list may equal the first few of the other together.
 */
export function sameFirstGivenName(ours: readonly string[], theirs: readonly string[]): boolean {
  return beginsWithFirst(ours, theirs) || beginsWithFirst(theirs, ours);
}

function beginsWithFirst(names: readonly string[], others: readonly string[]): boolean {
  const first = comparableName(names[0]);
  return (
    comparableName(others[0]) === first ||
    others.some((_, index) => comparableName(others.slice(0, index + 1).join(" ")) === first)
  );
}
