import type { NhsNumber } from "./nhs-number.js";
import type { OdsCode } from "./ods-code.js";

/** Dates as the source wrote them: whole (`1952-05-31`) or partial (`1952-05`, `1952`). Never parsed into an instant. */
export type PartialDate = string;

export interface Period {
  readonly start?: PartialDate | undefined;
  readonly end?: PartialDate | undefined;
}

export interface HumanName {
  readonly use?: string | undefined;
  readonly period?: Period | undefined;
  readonly family?: string | undefined;
  /** One element may hold a compound first name ("John Paul"); it is never split. */
  readonly given: readonly string[];
  readonly prefix: readonly string[];
  readonly suffix: readonly string[];
}

export interface Address {
  readonly use?: string | undefined;
  readonly period?: Period | undefined;
  readonly lines: readonly string[];
  readonly postalCode?: string | undefined;
}

export interface Telecom {
  readonly system?: string | undefined;
  readonly use?: string | undefined;
  readonly value: string;
  readonly period?: Period | undefined;
}

/** PDS 7.3: `U` unrestricted, `R` restricted, `V` very restricted. Anything else counts as sensitive too. */
export type ConfidentialityCode = string;

/** PDS death notification: `1` informal, `2` formal, `U` removed. */
export type DeathNotificationCode = string;

/** One patient's record in PDS. */
export interface PatientRecord {
  /** The current number, which differs from the requested one when PDS has superseded it. */
  readonly nhsNumber: NhsNumber;
  readonly requestedNhsNumber: NhsNumber;
  readonly versionId?: string | undefined;
  readonly confidentiality?: ConfidentialityCode | undefined;
  readonly names: readonly HumanName[];
  readonly gender?: string | undefined;
  readonly birthDate?: PartialDate | undefined;
  readonly deceasedAt?: string | undefined;
  /** True when the record says so without a date. */
  readonly deceased?: boolean | undefined;
  readonly deathNotification?: DeathNotificationCode | undefined;
  readonly addresses: readonly Address[];
  readonly telecoms: readonly Telecom[];
  readonly registeredPractice?:
    | { readonly odsCode: OdsCode; readonly period?: Period | undefined }
    | undefined;
  /** When PDS responded, milliseconds since the epoch. A trace may be used for 24 hours at most (gate G7). */
  readonly tracedAt: number;
}

/** One patient's record at a practice. The logical id is valid at that practice only. */
export interface PracticePatient {
  readonly id: string;
  readonly nhsNumber: NhsNumber;
  readonly name?: HumanName | undefined;
  readonly gender?: string | undefined;
  readonly birthDate?: PartialDate | undefined;
  /** True when the practice's own record says that the patient has died, with or without a date. */
  readonly deceased?: boolean | undefined;
  readonly deceasedAt?: string | undefined;
  /** False when the practice's record is inactive: the patient is not registered there now. Absent means active. */
  readonly active?: boolean | undefined;
  /** `R` regular, `T` temporary, …: open list. */
  readonly registrationType?: string | undefined;
  readonly registrationPeriod?: Period | undefined;
  readonly preferredBranchLocationId?: string | undefined;
}
