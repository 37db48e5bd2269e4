import { PEOPLE } from "./people.js";
import { PRACTICES } from "./practices.js";

/** One line of the cast: who, and which case they stand for. */
export interface PatientPersona {
  readonly nhsNumber: string;
  readonly name: string;
  readonly case: string;
}

/** One practice of the cast and the case it stands for. */
export interface PracticePersona {
  readonly odsCode: string;
  readonly name: string;
  readonly case: string;
}

/** Everybody in the sandbox, for a reader: all of them invented. */
export const PERSONAS: {
  readonly patients: readonly PatientPersona[];
  readonly practices: readonly PracticePersona[];
} = {
  patients: PEOPLE.map((person) => ({
    nhsNumber: person.nhsNumber,
    name: `${person.prefix} ${person.given[0]} ${person.family}`,
    case: person.case,
  })),
  practices: PRACTICES.map(({ odsCode, name, case: sentence }) => ({ odsCode, name, case: sentence })),
};
