/**
 * Whether a text is a valid NHS number: ten digits whose weighted sum is a multiple of 11.
 *
 * The weights 10 to 1 result from two running sums, so no check digit is computed. The method differs on purpose from
 * the one of the graph: the sandbox must not share an error with the clients that it tests. Ten equal digits pass, as
 * in the provider acceptance pack, which uses 9999999999.
 */
export function isNhsNumber(text: string): boolean {
  if (!/^[0-9]{10}$/.test(text)) return false;
  let sum = 0;
  let sumOfSums = 0;
  for (const digit of text) {
    sum += Number(digit);
    sumOfSums += sum;
  }
  return sumOfSums % 11 === 0;
}
