/** Ten digits with a right check digit. Only {@link parseNhsNumber} makes one. */
export type NhsNumber = string & { readonly __brand: "NhsNumber" };

export interface NhsNumberRules {
  /** Accept ten equal digits, which pass the check digit but are never a person (some test packs use 9999999999). */
  readonly allowRepeatedDigits?: boolean;
}

/**
 * Reads an NHS number as people write it: ten digits, or 3-3-4 with single spaces or hyphens.
 *
 * Prefixes are not judged, because test environments use 5 and 9 and real ranges change.
 *
 * @returns the ten digits, or undefined when the form or the check digit is wrong.
 * @see NHS Data Dictionary, "NHS NUMBER" (modulus 11)
 */
export function parseNhsNumber(text: string, rules: NhsNumberRules = {}): NhsNumber | undefined {
  const grouped = /^(\d{3})([ -]?)(\d{3})\2(\d{4})$/.exec(text.trim());
  if (!grouped) return undefined;
  const digits = `${grouped[1]}${grouped[3]}${grouped[4]}`;
  if (!rules.allowRepeatedDigits && /^(\d)\1{9}$/.test(digits)) return undefined;
  return hasRightCheckDigit(digits) ? (digits as NhsNumber) : undefined;
}

function hasRightCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < 9; index++) sum += Number(digits[index]) * (10 - index);
  const check = (11 - (sum % 11)) % 11; // 11 counts as 0; 10 equals no digit, so such numbers are never valid
  return check === Number(digits[9]);
}
