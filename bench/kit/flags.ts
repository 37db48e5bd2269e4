/** The value of a flag such as `--only=`, or undefined. */
export function flagIn(words: readonly string[], name: string): string | undefined {
  return words.find((word) => word.startsWith(name))?.slice(name.length);
}

/** @throws when the value is no positive number. */
export function numberIn(words: readonly string[], name: string): number | undefined {
  const text = flagIn(words, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!(value > 0)) throw new Error(`${name} takes a positive number`);
  return value;
}
