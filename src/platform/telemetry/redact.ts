/** What a redacted number is replaced by. */
export const REDACTED = "[number withheld]";

/**
 * Takes everything that could be an NHS number out of a text that leaves the process: ten digits in a row, or
 * grouped 3-3-4. Longer runs of digits (an ASID has twelve) are left alone.
 */
export function redact(text: string): string {
  return text.replace(/(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)/g, REDACTED);
}
