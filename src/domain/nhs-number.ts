/** Ten digits with a right check digit. Only {@link parseNhsNumber} makes one. */
export type NhsNumber = string & { readonly __brand: "NhsNumber" };

export interface NhsNumberRules {
  /** Accept ten equal digits, which pass the check digit but are never a person (some test packs use 9999999999). */
  readonly allowRepeatedDigits?: boolean;
}

/**
 * Spaces of every width, invisible characters and hyphens of every kind: they come along when a number is pasted from a
 * document or a web page.
 */
const SEPARATORS = /[\s\p{Cf}\p{Pd}\u2212]+/gu;

/**
 * Reads an NHS number as people write or paste it: ten digits, with spaces or hyphens between them. They carry no
 * meaning, so all are removed; the check digit guards against a wrong number.
 *
 * Every prefix is accepted, because test environments use 5 and 9 and real ranges change.
 *
 * @returns the ten digits, or undefined when the form or the check digit is wrong.
 * @see NHS Data Dictionary, "NHS NUMBER" (modulus 11)
 */
export function parseNhsNumber(text: string, rules: NhsNumberRules = {}): NhsNumber | undefined {
  const digits = text.replace(SEPARATORS, "");
  if (!/^\d{10}$/.test(digits)) return undefined;
  if (!rules.allowRepeatedDigits && /^(\d)\1{9}$/.test(digits)) return undefined;
  return hasRightCheckDigit(digits) ? (digits as NhsNumber) : undefined;
}

function hasRightCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < 9; index++) sum += Number(digits[index]) * (10 - index);
  const check = (11 - (sum % 11)) % 11; // 11 counts as 0; 10 equals no digit, so such numbers are never valid
  return check === Number(digits[9]);
}
