import { type NhsNumber, parseNhsNumber } from "../../src/domain/nhs-number.js";
import { type OdsCode, parseOdsCode } from "../../src/domain/ods-code.js";

/** The patients of the stub are distributed over this many practices. */
export const PRACTICES_WITH_PATIENTS = 10;

/** The first synthetic number, without the check digit. The 999 range is reserved for tests. */
const FIRST = 999_200_000;

/** Distinct synthetic NHS numbers. One candidate in eleven has no valid check digit and is skipped. */
export function nhsNumbers(count: number): NhsNumber[] {
  return Array.from({ length: count + Math.ceil(count / 5) + 2 }, (_, index) => withCheckDigit(FIRST + index))
    .filter((number) => number !== undefined)
    .slice(0, count);
}

/** The ODS code of the n-th practice, starting with 0. */
export function practiceCode(index: number): OdsCode {
  const code = parseOdsCode(`B${String(index).padStart(4, "0")}`);
  if (code === undefined) throw new RangeError(`no practice ${index}`);
  return code;
}

/** The registered practice of a patient in the stub's PDS. */
export function practiceOf(nhsNumber: string): OdsCode {
  return practiceCode(Number(nhsNumber.slice(0, -1)) % PRACTICES_WITH_PATIENTS);
}

function withCheckDigit(base: number): NhsNumber | undefined {
  return Array.from({ length: 10 }, (_, digit) => parseNhsNumber(`${base}${digit}`)).find(Boolean);
}
