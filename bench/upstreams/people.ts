import { type NhsNumber, parseNhsNumber } from "../../src/domain/nhs-number.js";
import { type OdsCode, parseOdsCode } from "../../src/domain/ods-code.js";

/** Patients of the stub are registered at this many practices, in turn. */
export const PRACTICES_WITH_PATIENTS = 10;

/** The first of the invented numbers, without the check digit; the 999 range is nobody's. */
const FIRST = 999_200_000;

/** So many different, invented NHS numbers. One in eleven has no check digit and is passed over. */
export function nhsNumbers(count: number): NhsNumber[] {
  return Array.from({ length: count + Math.ceil(count / 5) + 2 }, (_, index) => withCheckDigit(FIRST + index))
    .filter((number) => number !== undefined)
    .slice(0, count);
}

/** The code of the n-th practice, from 0. */
export function practiceCode(index: number): OdsCode {
  const code = parseOdsCode(`B${String(index).padStart(4, "0")}`);
  if (code === undefined) throw new RangeError(`no practice ${index}`);
  return code;
}

/** Where the stub's PDS says that a patient is registered. */
export function practiceOf(nhsNumber: string): OdsCode {
  return practiceCode(Number(nhsNumber.slice(0, -1)) % PRACTICES_WITH_PATIENTS);
}

function withCheckDigit(base: number): NhsNumber | undefined {
  return Array.from({ length: 10 }, (_, digit) => parseNhsNumber(`${base}${digit}`)).find(Boolean);
}
