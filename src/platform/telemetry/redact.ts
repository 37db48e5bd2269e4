/** Replaces a redacted number. */
export const REDACTED = "[number withheld]";

/**
 * Removes everything that could be an NHS number from a text that leaves the process: ten digits in a row, or in groups
 * of 3, 3 and 4. Longer runs of digits stay (an ASID has twelve).
 */
export function redact(text: string): string {
  return text.replace(/(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)/g, REDACTED);
}
