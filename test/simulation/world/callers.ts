import type { Caller } from "../../../src/domain/caller.js";
import type { OdsCode } from "../../../src/domain/ods-code.js";
import { PATIENTS } from "../scenario.js";

/** Synthetic NHS numbers with a valid check digit. */
const NHS_NUMBERS = Array.from({ length: PATIENTS + 4 }, (_, index) => String(999_000_001 + index))
  .flatMap((nine) => withCheckDigit(nine) ?? [])
  .slice(0, PATIENTS);

export const CALLERS: readonly Caller[] = ["T82000", "T82001"].map((odsCode) => ({
  person: { localId: "user-7f3a", family: "Lindqvist", given: ["Maja"], prefix: ["Dr"] },
  organisation: {
    odsCode: odsCode as OdsCode,
    name: `Hub ${odsCode}`,
    asid: "200000000115",
    phone: "0300 000 0000",
  },
}));

export function nhsNumberOf(patient: number): string {
  return NHS_NUMBERS[patient % NHS_NUMBERS.length] ?? "";
}

function withCheckDigit(nine: string): string | undefined {
  const sum = [...nine].reduce((total, digit, index) => total + Number(digit) * (10 - index), 0);
  const check = (11 - (sum % 11)) % 11;
  return check === 10 ? undefined : `${nine}${check}`;
}
