/** @throws when the number has no valid check digit. */
export function requireNhsNumber(text) {
  const digits = text.replace(/[ -]/g, "");
  if (!/^\d{10}$/.test(digits)) throw new Error("not an NHS number");
  let sum = 0;
  for (let index = 0; index < 9; index += 1) sum += (10 - index) * (digits.charCodeAt(index) - 48);
  const check = (11 - (sum % 11)) % 11;
  if (check !== digits.charCodeAt(9) - 48) throw new Error("not an NHS number");
  return digits;
}
