/** A random hexadecimal key of 32 characters has about 14 different ones, and hardly ever fewer than this. */
const MIN_DIFFERENT_CHARACTERS = 8;

/** A key is long enough by the rule of its setting. This finds keys that were typed and not drawn at random. */
export function weaknessOf(key: string): string | undefined {
  const text = key.toLowerCase();
  if (new Set(text).size < MIN_DIFFERENT_CHARACTERS) {
    return `has fewer than ${MIN_DIFFERENT_CHARACTERS} different characters`;
  }
  if (isRepetition(text)) return "repeats one part";
  return isSequence(text) ? "is a sequence of neighbouring characters" : undefined;
}

/** Whether the text is one part over and over, the last time perhaps cut short. */
function isRepetition(text: string): boolean {
  // A text with the period p is equal to itself, moved by p.
  for (let period = 1; period <= text.length / 2; period += 1) {
    if (text.startsWith(text.slice(period))) return true;
  }
  return false;
}

/** Whether most characters follow the one before: `0123456789abcdef…`, `zyxwvu…`. */
function isSequence(text: string): boolean {
  let steps = 0;
  for (let at = 1; at < text.length; at += 1) {
    if (Math.abs(text.charCodeAt(at) - text.charCodeAt(at - 1)) === 1) steps += 1;
  }
  return steps * 2 > text.length;
}
