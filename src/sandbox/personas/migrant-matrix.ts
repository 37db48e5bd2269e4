import { isNhsNumber } from "../shared/nhs-number.js";
import type { MigrantRecord, Person } from "./person.js";

/** Value sets of V&M (V&M notes, 6.1 and 6.2). Undefined: the component is missing. */
export const MIGRANT_STATUSES = [
  ["Y", "Chargeable"],
  ["N", "Not Chargeable"],
  ["U", "Unset"],
  undefined,
] as const;
export const MIGRANT_CATEGORIES = [
  ["NONE", "None"],
  ["DECISION_PENDING", "Decision Pending"],
  ["A", "Standard NHS"],
  ["B", "Surcharge Payee (or exempt)"],
  ["C", "Charge exempt (EHIC/PRC/S2)"],
  ["D", "Chargeable EEA"],
  ["E", "Charge exempt overseas/non-EEA"],
  ["F", "Chargeable non-EEA"],
  undefined,
] as const;

/** First nine digits of the first number. */
const FIRST_BASE = 999_050_000;
const EFFECTIVE_AT = "2025-06-01T09:00:00+01:00";

/** A person of the matrix, with a V&M record. */
export type MatrixPerson = Person & { readonly migrant: MigrantRecord };

/**
 * One person for each combination of V&M status and category, in the order of the value sets: all categories of the
 * first status first. The last has codes that the value sets do not know.
 */
export const MIGRANT_MATRIX: readonly MatrixPerson[] = createMatrix();

const BY_NUMBER = new Map(MIGRANT_MATRIX.map((person) => [person.nhsNumber, person]));

/** A person of the matrix by NHS number. */
export function matrixPersonByNumber(nhsNumber: string): MatrixPerson | undefined {
  return BY_NUMBER.get(nhsNumber);
}

function createMatrix(): MatrixPerson[] {
  const records: MigrantRecord[] = MIGRANT_STATUSES.flatMap((status) =>
    MIGRANT_CATEGORIES.map((category) => ({
      ...(status && { status }),
      ...(category && { category }),
      effectiveAt: EFFECTIVE_AT,
    })),
  );
  records.push({ status: ["X", "New status"], category: ["Z9", "New category"], effectiveAt: EFFECTIVE_AT });
  const numbers = validNumbers(records.length);
  return records.map((migrant, index) => ({
    nhsNumber: numbers[index] ?? "",
    prefix: "Mx",
    given: ["Marlowe"],
    family: `Vantongeren-${String.fromCharCode(65 + (index % 26))}${Math.floor(index / 26)}`,
    gender: "unknown",
    birthDate: "1990-06-15",
    lines: [`${index + 1} Arrivals Way`],
    city: "Averdale",
    postalCode: "XX43 1EE",
    phone: `016329604${String(index).padStart(2, "0")}`,
    case: "V&M matrix",
    migrant,
  }));
}

function validNumbers(count: number): string[] {
  const numbers: string[] = [];
  for (let number = FIRST_BASE * 10; numbers.length < count; number++)
    if (isNhsNumber(String(number))) numbers.push(String(number));
  return numbers;
}
