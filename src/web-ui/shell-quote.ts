/** Quotes a text for a POSIX shell, which takes every character in single quotes literally except the quote itself. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
