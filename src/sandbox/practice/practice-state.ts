import type { Person } from "../personas/person.js";
import type { Practice } from "../personas/practices.js";
import type { JsonObject } from "../shared/json.js";
import type { SupplierProfile } from "../suppliers/supplier-profile.js";
import type { PracticeHealthcareService, PracticeLocation, PracticeSlot, PracticeStaff } from "./slot.js";
import type { SlotCalendar } from "./slot-calendar.js";

/** A patient on the practice's own list. */
export interface PracticePatient {
  readonly id: string;
  readonly person: Person;
  /** Family name at the practice. It may differ from PDS. */
  readonly family: string;
  readonly registrationType: "R" | "T";
  readonly registeredFrom: string;
  /** Inactive patients are hidden until they are registered again. */
  readonly isActive: boolean;
  /** Whether the NHS number is verified. Unverified patients are hidden until *find* verifies them. */
  readonly isVerified: boolean;
  /** What the registration through GP Connect sent. Undefined for patients whom the practice registered itself. */
  readonly sent: SentContacts | undefined;
}

/** Elements of a registration request that the practice stores. */
export interface SentContacts {
  /** Names other than the official one. */
  readonly names: readonly JsonObject[];
  readonly address: readonly JsonObject[];
  readonly telecom: readonly JsonObject[];
  readonly extension: readonly JsonObject[];
  readonly gender: string | undefined;
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
  readonly slots: SlotCalendar;
  readonly services: readonly PracticeHealthcareService[];
  readonly patients: Map<string, PracticePatient>;
  /** A person by NHS number, as PDS knows them. */
  readonly personByNumber: (nhsNumber: string) => Person | undefined;
  readonly appointments: Map<string, PracticeAppointment>;
  /** The last logical id that was given. */
  readonly ids: { last: number };
  /** The next logical id. The ids of different practices overlap, as real ones do. */
  nextId(): string;
}

/**
 * Whether the practice returns a patient. Inactive, unverified, deceased and sensitive patients are hidden (GP Connect
 * notes, 8.1 and 11.6). Dissent from sharing does not hide a patient.
 */
export function isShown({ person, isActive, isVerified }: PracticePatient): boolean {
  return isActive && isVerified && person.deceasedAt === undefined && person.confidentiality === undefined;
}

/** Adds a patient whom the practice knows from the start. Returns undefined for anyone else. */
export function addKnownPatient(state: PracticeState, person: Person): PracticePatient | undefined {
  const { knownAt } = person;
  if (knownAt?.odsCode !== state.practice.odsCode) return undefined;
  const patient: PracticePatient = {
    id: state.nextId(),
    person,
    family: knownAt.family ?? person.family,
    isActive: !knownAt.isInactive,
    isVerified: !knownAt.isUnverified,
    registrationType: knownAt.isTemporary ? "T" : "R",
    registeredFrom: `${person.registeredAt?.from ?? "2016-04-11"}T09:00:00+01:00`,
    sent: undefined,
  };
  state.patients.set(patient.id, patient);
  return patient;
}

/** The patient with this NHS number on the practice's list, hidden or not. Generated patients join the list here. */
export function patientByNumber(state: PracticeState, nhsNumber: string): PracticePatient | undefined {
  for (const patient of state.patients.values()) if (patient.person.nhsNumber === nhsNumber) return patient;
  const person = state.personByNumber(nhsNumber);
  return person && addKnownPatient(state, person);
}
