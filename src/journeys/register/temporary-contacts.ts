import { BadUserInputError } from "../../platform/errors.js";
import type { TemporaryRegistration } from "../../upstreams/ssp/index.js";

/** How the patient is reached for the time of the stay. Practices keep it apart from what PDS holds (assurance notes, REG-01/9). */
export type TemporaryContacts = Pick<TemporaryRegistration, "temporaryAddress" | "temporaryPhone">;

const MAX_LINES = 5;
const MAX_LINE = 100;
const POSTCODE = /^[A-Za-z0-9 ]{2,10}$/;
const PHONE = /^\+?[0-9 ()-]{3,30}$/;

/** @throws BadUserInputError naming the argument. */
export function checkTemporaryContacts(contacts: TemporaryContacts | undefined): void {
  const { temporaryAddress: address, temporaryPhone: phone } = contacts ?? {};
  if (address) {
    const { lines, postalCode } = address;
    const fits = lines.length > 0 && lines.length <= MAX_LINES && lines.every(isLine);
    if (!fits) {
      throw new BadUserInputError(
        "input.temporaryAddress.lines",
        `An address has 1 to ${MAX_LINES} lines of up to ${MAX_LINE} characters, none of them blank.`,
      );
    }
    if (postalCode !== undefined && !POSTCODE.test(postalCode)) {
      throw new BadUserInputError("input.temporaryAddress.postalCode", "The postcode is not one.");
    }
  }
  if (phone !== undefined && !PHONE.test(phone)) {
    throw new BadUserInputError("input.temporaryPhone", "The telephone number is not one.");
  }
}

function isLine(line: string): boolean {
  return line.trim() !== "" && line.length <= MAX_LINE;
}
