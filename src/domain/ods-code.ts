/** The code of an organisation in the Organisation Data Service, in capitals: `A20047`, `YES`. */
export type OdsCode = string & { readonly __brand: "OdsCode" };

/**
 * Reads an ODS code. Capitals are restored, since the directory compares codes case by case and a lower-case
 * code would find nothing without an error (SDS notes, section 4).
 *
 * @returns the code, or undefined when it is not 3 to 10 letters and digits.
 */
export function parseOdsCode(text: string): OdsCode | undefined {
  const code = text.trim().toUpperCase();
  return /^[A-Z0-9]{3,10}$/.test(code) ? (code as OdsCode) : undefined;
}
