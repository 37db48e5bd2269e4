import type { PatientRecord } from "./patient.js";

/**
 * A person as a search shows them, to be told from others. Never a full record: PDS leaves much out of a search, so a
 * gap here says nothing (PDS notes, 6.5). Read the record by its number when more is needed.
 */
export type PatientMatch = Pick<
  PatientRecord,
  | "nhsNumber"
  | "confidentiality"
  | "names"
  | "gender"
  | "birthDate"
  | "deceasedAt"
  | "deathNotification"
  | "addresses"
>;
