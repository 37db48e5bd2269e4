import type { ClaimedOf, CommandTypes } from "../../commands/command-definition.js";
import type { CommandOrigin } from "../../commands/command-origin.js";
import type { DirectoryEntry } from "../../domain/directory-entry.js";
import type { NhsNumber } from "../../domain/nhs-number.js";
import type { OdsCode } from "../../domain/ods-code.js";
import type { PracticePatient } from "../../domain/patient.js";
import type { TemporaryRegistration } from "../../upstreams/ssp/index.js";
import type { JourneyContext } from "../journey-context.js";

export interface PatientAtPractice {
  readonly kind: "at-practice";
  readonly patient: PracticePatient;
  /** Registered just now, by us. */
  readonly registered: boolean;
}

/** Why the practice does not have the patient. */
export type NotAtPractice =
  | {
      readonly kind: "patient-not-at-practice";
      /** A registration was sent, and the practice refused it. */
      readonly isRegistrationRefused?: boolean | undefined;
    }
  | { readonly kind: "patient-not-eligible"; readonly code: string; readonly message: string };

/** A registration was sent, and whether it was made is not known. */
export interface RegistrationUnknown {
  readonly kind: "outcome-unknown";
  readonly handle: string;
  readonly settlesAt: number;
}

/** Everything that a registration needs. */
export interface ReadyToRegister {
  readonly kind: "ready";
  readonly practice: DirectoryEntry;
  readonly registration: TemporaryRegistration;
}

/** A registration as it was sent. */
export interface RegistrationDetails extends CommandOrigin {
  readonly odsCode: OdsCode;
  readonly nhsNumber: NhsNumber;
}

/** The types of the register command, for the engine. */
export interface RegistrationTypes extends CommandTypes {
  readonly context: JourneyContext;
  readonly ready: ReadyToRegister;
  readonly details: RegistrationDetails;
  readonly found: PatientAtPractice;
  readonly result: PatientAtPractice;
  readonly refusal: NotAtPractice;
  readonly outcome: PatientAtPractice | NotAtPractice | RegistrationUnknown;
}

export type ClaimedRegistration = ClaimedOf<RegistrationTypes>;
