const GROUPS = ["", "bfpv", "cgjkqsxz", "dt", "l", "mn", "r"];

/** American Soundex code of a name: one letter and three digits. Smith and Smythe are both S530. */
export function soundex(name: string): string {
  const letters = name.toLowerCase().replace(/[^a-z]/g, "");
  let code = letters.slice(0, 1).toUpperCase();
  let last = digitOf(letters[0] ?? "");
  for (const letter of letters.slice(1)) {
    const digit = digitOf(letter);
    if (digit !== 0 && digit !== last) code += digit;
    // Equal digits on both sides of H or W count once; on both sides of a vowel they count twice.
    if (letter !== "h" && letter !== "w") last = digit;
  }
  return code.padEnd(4, "0").slice(0, 4);
}

function digitOf(letter: string): number {
  return Math.max(
    0,
    GROUPS.findIndex((group) => letter !== "" && group.includes(letter)),
  );
}
