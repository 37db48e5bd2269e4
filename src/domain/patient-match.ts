import type { PatientRecord } from "./patient.js";

/**
 * One match of a search, with the details that distinguish it from others. Never a full record: PDS leaves much out of a
 * search, so a missing element here means nothing (PDS notes, 6.5). Read the record by its number for the rest.
 */
export type PatientMatch = Pick<
  PatientRecord,
  | "nhsNumber"
  | "confidentiality"
  | "names"
  | "gender"
  | "birthDate"
  | "deceasedAt"
  | "deceased"
  | "deathNotification"
  | "addresses"
>;
