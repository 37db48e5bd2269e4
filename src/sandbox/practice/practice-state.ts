import type { Person } from "../personas/person.js";
import type { Practice } from "../personas/practices.js";
import type { JsonObject } from "../shared/json.js";
import type { SupplierProfile } from "../suppliers/supplier-profile.js";

/** Who may book a slot. Most slots have no restriction. */
export interface SlotRestriction {
  readonly organisationType?: string;
  readonly odsCode?: string;
}

/** A bookable slot. `start` and `end` are the strings on the wire. */
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

/** One session at a location, with or without a practitioner. */
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

/** A service listed in the Directory of Services (GP Connect 1.2.8). */
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

/** A member of staff. */
export interface PracticeStaff {
  readonly id: string;
  readonly sdsUserId: string;
  readonly family: string;
  readonly given: string;
  readonly prefix: string;
  readonly gender: string;
}

/** A surgery of the practice. */
export interface PracticeLocation {
  readonly id: string;
  readonly name: string;
  readonly lines: readonly string[];
  readonly city: string;
  readonly postalCode: string;
  readonly phone: string;
}

/** A patient on the practice's own list. */
export interface PracticePatient {
  readonly id: string;
  readonly person: Person;
  /** Family name at the practice. It may differ from PDS. */
  readonly family: string;
  readonly registrationType: "R" | "T";
  readonly registeredFrom: string;
  readonly temporaryContacts: {
    readonly address: readonly JsonObject[];
    readonly telecom: readonly JsonObject[];
  };
}

/** An appointment as last stored. */
export interface PracticeAppointment {
  readonly id: string;
  readonly patientId: string;
  readonly slots: readonly PracticeSlot[];
  readonly startMs: number;
  /** Number of changes so far, starting at 1. `resource.meta.versionId` is derived from it. */
  readonly version: number;
  readonly resource: JsonObject;
}

/** The state of one practice. Tests may read it; only the practice's handlers change it. */
export interface PracticeState {
  readonly practice: Practice;
  readonly profile: SupplierProfile;
  readonly organisationId: string;
  readonly locations: readonly PracticeLocation[];
  readonly practitioners: readonly PracticeStaff[];
  readonly slots: Map<string, PracticeSlot>;
  readonly patients: Map<string, PracticePatient>;
  readonly appointments: Map<string, PracticeAppointment>;
  /** The next logical id. The ids of different practices overlap, as real ones do. */
  nextId(): string;
}

/** The healthcare services of the practice's schedules. Each appears once. */
export function servicesOf(state: PracticeState): PracticeHealthcareService[] {
  const services = new Set<PracticeHealthcareService>();
  for (const { schedule } of state.slots.values()) if (schedule.service) services.add(schedule.service);
  return [...services];
}

/** Whether the practice returns a patient. Deceased and sensitive patients are hidden (GP Connect notes, 8.1, 11.6). */
export function isShown({ person }: PracticePatient): boolean {
  return person.deceasedAt === undefined && person.confidentiality === undefined;
}

/** The patient with this NHS number on the practice's list, hidden or not. */
export function patientByNumber(state: PracticeState, nhsNumber: string): PracticePatient | undefined {
  for (const patient of state.patients.values()) if (patient.person.nhsNumber === nhsNumber) return patient;
  return undefined;
}
