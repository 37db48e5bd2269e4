import { PEOPLE } from "./people.js";
import { PRACTICES } from "./practices.js";

/** A synthetic patient and the case that the patient represents. */
export interface PatientPersona {
  readonly nhsNumber: string;
  readonly name: string;
  readonly case: string;
}

/** A synthetic practice and the case that it represents. */
export interface PracticePersona {
  readonly odsCode: string;
  readonly name: string;
  readonly case: string;
}

/** All synthetic patients and practices of the sandbox. */
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
