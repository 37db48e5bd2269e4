import { PEOPLE } from "../personas/people.js";
import type { Practice } from "../personas/practices.js";
import type { Population } from "../population/population.js";
import type { SupplierProfile } from "../suppliers/supplier-profile.js";
import { generateDay } from "./generate-day.js";
import { addKnownPatient, type PracticeState } from "./practice-state.js";
import type { PracticeLocation, PracticeStaff } from "./slot.js";
import { type DayCache, SlotCalendar } from "./slot-calendar.js";
import { type Consumer, type StaffPattern, servicesOf, timetableOf } from "./timetable.js";

/** What the states of all practices share. */
export interface PracticeWorld {
  readonly population: Population;
  readonly consumer: Consumer;
  readonly seed: string;
  readonly dayCache: DayCache;
}

/** Creates the initial state of a practice. The same practice and seed give the same state. */
export function createPracticeState(
  practice: Practice,
  profile: SupplierProfile,
  { consumer, seed, dayCache, population }: PracticeWorld,
): PracticeState {
  const ids = { last: Number(practice.odsCode.slice(-3)) * 7 };
  const nextId = () => {
    ids.last += 1;
    return String(ids.last);
  };
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
    personByNumber: (nhsNumber) => population.personByNumber(nhsNumber),
    appointments: new Map(),
    ids,
    nextId,
  };
  addPatients(state);
  return state;
}

function practitioner(pattern: StaffPattern, id: string, index: number): PracticeStaff {
  return { id, sdsUserId: `55500000${String(index + 1).padStart(4, "0")}`, ...pattern };
}

function addPatients(state: PracticeState): void {
  const { odsCode } = state.practice;
  for (const person of PEOPLE) {
    if (person.knownAt?.odsCode === odsCode) addKnownPatient(state, person);
  }
}
