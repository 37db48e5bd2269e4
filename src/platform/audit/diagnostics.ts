const NOTED = new WeakMap<Error, string>();
const MAX_CHARACTERS = 500;

/**
 * Notes what an upstream wrote of a failure in its own words, for the audit. It is kept beside the error and not on it:
 * free text may hold personal data and addresses, so nothing that prints or shows an error can come by it.
 */
export function noteDiagnostics<E extends Error>(error: E, words: readonly string[]): E {
  // An upstream that quotes our token must not bring it into the audit.
  const text = words.join("; ").replace(/eyJ[\w.-]+/g, "[token withheld]");
  if (text !== "") NOTED.set(error, text.slice(0, MAX_CHARACTERS));
  return error;
}

/** @returns undefined when nothing was noted. */
export function diagnosticsOf(error: Error): string | undefined {
  return NOTED.get(error);
}
