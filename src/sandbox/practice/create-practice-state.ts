import {
  addLondonDays,
  startOfLondonDate,
  toLondonDate,
  toLondonDateTime,
} from "../../domain/london-time.js";
import { PEOPLE } from "../personas/people.js";
import type { Practice } from "../personas/practices.js";
import { seededRandom } from "../shared/seeded.js";
import type { SupplierProfile } from "../suppliers/supplier-profile.js";
import type {
  PracticeLocation,
  PracticePatient,
  PracticeSchedule,
  PracticeSlot,
  PracticeStaff,
  PracticeState,
} from "./practice-state.js";
import {
  type Consumer,
  type SessionPattern,
  type StaffPattern,
  TIMETABLE_WEEKS,
  timetableOf,
} from "./timetable.js";

const SHARE_BUSY = 0.25;
const HALF_A_DAY_MS = 12 * 3_600_000;

/** Creates the initial state of a practice. The same practice and day give the same state. */
export function createPracticeState(
  practice: Practice,
  profile: SupplierProfile,
  today: string,
  consumer: Consumer,
): PracticeState {
  const nextId = counter(Number(practice.odsCode.slice(-3)) * 7);
  const { sessions, staff } = timetableOf(practice.behaviour, consumer);
  const state: PracticeState = {
    practice,
    profile,
    organisationId: nextId(),
    locations: practice.branches.map((branch): PracticeLocation => ({ id: nextId(), ...branch })),
    practitioners: staff.map((one, index) => practitioner(one, nextId(), index)),
    slots: new Map(),
    patients: new Map(),
    appointments: new Map(),
    nextId,
  };
  addPatients(state);
  if (practice.behaviour === "good") addPastSlotOfToday(state, sessions, today);
  const random = seededRandom(practice.odsCode);
  const midnight = startOfLondonDate(today);
  for (let day = 0; day < TIMETABLE_WEEKS * 7; day++) {
    addDay(state, sessions, addLondonDays(midnight, day), random);
  }
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
      registrationType: "R",
      registeredFrom: `${person.registeredAt?.from ?? "2016-04-11"}T09:00:00+01:00`,
      temporaryContacts: { address: [], telecom: [] },
    };
    state.patients.set(patient.id, patient);
  }
}

function addDay(
  state: PracticeState,
  sessions: readonly SessionPattern[],
  midnight: number,
  random: () => number,
): void {
  const date = toLondonDate(midnight);
  const weekday = new Date(`${date}T12:00:00Z`).getUTCDay() || 7;
  // All sessions start after the clocks change at night, so the offset at noon holds for the working day.
  const offset = toLondonDateTime(midnight + HALF_A_DAY_MS).slice(19);
  for (const session of sessions) {
    if (session.weekdays.includes(weekday)) addSession(state, session, date, offset, random);
  }
}

function addSession(
  state: PracticeState,
  session: SessionPattern,
  date: string,
  offset: string,
  random: () => number,
): void {
  const [hours = 0, minutes = 0] = session.from.split(":").map(Number);
  const at = (count: number) =>
    `${date}T${wallTime(hours * 60 + minutes + count * session.minutes)}${offset}`;
  const total = session.parts.reduce((sum, part) => sum + part.slots, 0);
  const schedule = addSchedule(state, session, at(0), at(total));
  let position = 0;
  for (const { slots, type, channel } of session.parts) {
    for (let count = 0; count < slots; count++, position++) {
      const isBusy = random() < SHARE_BUSY || state.practice.behaviour === "fully-booked";
      const restriction = session.restrictions?.[position] ?? {};
      const status = isBusy ? "busy" : "free";
      addSlot(state, {
        schedule,
        start: at(position),
        end: at(position + 1),
        type,
        channel,
        restriction,
        status,
      });
    }
  }
}

function addSchedule(
  state: PracticeState,
  session: SessionPattern,
  start: string,
  end: string,
): PracticeSchedule {
  const location = state.locations[session.location];
  if (!location) throw new Error(`practice ${state.practice.odsCode} has no location ${session.location}`);
  return {
    id: state.nextId(),
    category: state.profile.serviceTypes ? session.category : undefined,
    role: session.role,
    practitioner: session.practitioner === undefined ? undefined : state.practitioners[session.practitioner],
    location,
    service: state.profile.serviceFiltering ? session.service : undefined,
    start,
    end,
  };
}

function addSlot(state: PracticeState, slot: Omit<PracticeSlot, "id" | "startMs" | "endMs">): void {
  const id = state.nextId();
  const type = state.profile.serviceTypes ? slot.type : undefined;
  state.slots.set(id, { ...slot, id, type, startMs: Date.parse(slot.start), endMs: Date.parse(slot.end) });
}

/** Some systems still offer slots that have begun (GP Connect notes, 14.2): adds a free slot just after midnight today. */
function addPastSlotOfToday(state: PracticeState, sessions: readonly SessionPattern[], today: string): void {
  const [session] = sessions;
  if (!session) return;
  const midnight = startOfLondonDate(today);
  const start = toLondonDateTime(midnight);
  const end = toLondonDateTime(midnight + session.minutes * 60_000);
  const schedule = addSchedule(state, session, start, end);
  addSlot(state, {
    schedule,
    start,
    end,
    type: "Out of Hours",
    channel: "Telephone",
    restriction: {},
    status: "free",
  });
}

function wallTime(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:00`;
}
