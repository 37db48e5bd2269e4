import type { Person } from "../personas/person.js";
import type { Practice } from "../personas/practices.js";
import type { JsonObject } from "../shared/json.js";

/** Whom a slot is kept for; both absent on most slots. */
export interface SlotRestriction {
  readonly organisationType?: string;
  readonly odsCode?: string;
}

/** A stretch of time that can be booked. The strings are what goes over the wire. */
export interface PracticeSlot {
  readonly id: string;
  readonly schedule: PracticeSchedule;
  readonly start: string;
  readonly end: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly channel: string;
  readonly type: string | undefined;
  readonly restriction: SlotRestriction;
  status: "free" | "busy";
}

/** One session of a practitioner (or of nobody in particular) at a place. */
export interface PracticeSchedule {
  readonly id: string;
  readonly category: string | undefined;
  readonly role: Role;
  readonly practitioner: PracticeStaff | undefined;
  readonly location: PracticeLocation;
  readonly service: PracticeHealthcareService | undefined;
  readonly start: string;
  readonly end: string;
}

/** A service that the Directory of Services knows (GP Connect 1.2.8). */
export interface PracticeHealthcareService {
  readonly id: string;
  readonly dosId: string;
  readonly name: string;
}

/** An SDS job role. */
export interface Role {
  readonly code: string;
  readonly display: string;
}

/** Somebody who works at the practice. */
export interface PracticeStaff {
  readonly id: string;
  readonly sdsUserId: string;
  readonly family: string;
  readonly given: string;
  readonly prefix: string;
  readonly gender: string;
}

/** One surgery of the practice. */
export interface PracticeLocation {
  readonly id: string;
  readonly name: string;
  readonly lines: readonly string[];
  readonly city: string;
  readonly postalCode: string;
  readonly phone: string;
}

/** A patient as the practice has them on its own list. */
export interface PracticePatient {
  readonly id: string;
  readonly person: Person;
  /** As the practice spells it, which may differ from PDS. */
  readonly family: string;
  readonly registrationType: "R" | "T";
  readonly registeredFrom: string;
  readonly temporaryContacts: {
    readonly address: readonly JsonObject[];
    readonly telecom: readonly JsonObject[];
  };
}

/** An appointment as it was last stored. */
export interface PracticeAppointment {
  readonly id: string;
  readonly patientId: string;
  readonly slots: readonly PracticeSlot[];
  readonly startMs: number;
  /** Counted from 1; as text it is `resource.meta.versionId`. */
  readonly version: number;
  readonly resource: JsonObject;
}

/** All that one practice keeps. Tests may look; only the practice's own handlers change it. */
export interface PracticeState {
  readonly practice: Practice;
  readonly organisationId: string;
  readonly locations: readonly PracticeLocation[];
  readonly practitioners: readonly PracticeStaff[];
  readonly slots: Map<string, PracticeSlot>;
  readonly patients: Map<string, PracticePatient>;
  readonly appointments: Map<string, PracticeAppointment>;
  /** The next logical id. Ids begin elsewhere at each practice and overlap between practices, as real ones do. */
  nextId(): string;
}

/** Whether the practice shows a patient at all: not the dead, and not the sensitive (GP Connect notes, 8.1, 11.6). */
export function isShown({ person }: PracticePatient): boolean {
  return person.deceasedAt === undefined && person.confidentiality === undefined;
}

/** The patient with this NHS number on the practice's list, shown or not. */
export function patientByNumber(state: PracticeState, nhsNumber: string): PracticePatient | undefined {
  for (const patient of state.patients.values()) if (patient.person.nhsNumber === nhsNumber) return patient;
  return undefined;
}
