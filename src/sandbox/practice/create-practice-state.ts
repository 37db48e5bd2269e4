import { PEOPLE } from "../personas/people.js";
import type { Practice } from "../personas/practices.js";
import type { SupplierProfile } from "../suppliers/supplier-profile.js";
import { generateDay } from "./generate-day.js";
import type { PracticePatient, PracticeState } from "./practice-state.js";
import type { PracticeLocation, PracticeStaff } from "./slot.js";
import { type DayCache, SlotCalendar } from "./slot-calendar.js";
import { type Consumer, type StaffPattern, servicesOf, timetableOf } from "./timetable.js";

/** What the states of all practices share. */
export interface PracticeWorld {
  readonly consumer: Consumer;
  readonly seed: string;
  readonly dayCache: DayCache;
}

/** Creates the initial state of a practice. The same practice and seed give the same state. */
export function createPracticeState(
  practice: Practice,
  profile: SupplierProfile,
  { consumer, seed, dayCache }: PracticeWorld,
): PracticeState {
  const nextId = counter(Number(practice.odsCode.slice(-3)) * 7);
  const { sessions, staff } = timetableOf(practice.behaviour, consumer);
  const clinic = {
    practice,
    profile,
    organisationId: nextId(),
    locations: practice.branches.map((branch): PracticeLocation => ({ id: nextId(), ...branch })),
    practitioners: staff.map((one, index) => practitioner(one, nextId(), index)),
  };
  const generate = (date: string, firstId: number) => generateDay(clinic, sessions, seed, date, firstId);
  const state: PracticeState = {
    ...clinic,
    slots: new SlotCalendar(practice.odsCode, generate, dayCache),
    services: profile.serviceFiltering ? servicesOf(sessions) : [],
    patients: new Map(),
    appointments: new Map(),
    nextId,
  };
  addPatients(state);
  return state;
}

function counter(start: number): () => string {
  let last = start;
  return () => {
    last += 1;
    return String(last);
  };
}

function practitioner(pattern: StaffPattern, id: string, index: number): PracticeStaff {
  return { id, sdsUserId: `55500000${String(index + 1).padStart(4, "0")}`, ...pattern };
}

function addPatients(state: PracticeState): void {
  const { odsCode } = state.practice;
  for (const person of PEOPLE) {
    if (person.knownAt?.odsCode !== odsCode) continue;
    const patient: PracticePatient = {
      id: state.nextId(),
      person,
      family: person.knownAt.family ?? person.family,
      isActive: !person.knownAt.isInactive,
      isVerified: !person.knownAt.isUnverified,
      registrationType: person.knownAt.isTemporary ? "T" : "R",
      registeredFrom: `${person.registeredAt?.from ?? "2016-04-11"}T09:00:00+01:00`,
      sent: undefined,
    };
    state.patients.set(patient.id, patient);
  }
}
