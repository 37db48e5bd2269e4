import type { PracticeBehaviour } from "../personas/practices.js";
import type { PracticeHealthcareService, Role, SlotRestriction } from "./slot.js";

/** Consecutive slots of one kind within a session. */
export interface SessionPart {
  readonly slots: number;
  readonly type: string;
  readonly channel: string;
}

/** A session repeated every week. */
export interface SessionPattern {
  /** ISO weekdays, Monday is 1. */
  readonly weekdays: readonly number[];
  readonly from: `${number}:${number}`;
  readonly minutes: 10 | 15;
  readonly category: string;
  readonly parts: readonly SessionPart[];
  readonly role: Role;
  /** Index in the list of staff. Absent: the schedule has no practitioner. */
  readonly practitioner?: number;
  readonly location: number;
  /** Absent: the session belongs to no service. Only systems with service filtering (1.2.8) know services. */
  readonly service?: PracticeHealthcareService;
  /** All slots are free, and they are offered after they have begun. */
  readonly isAlwaysFree?: boolean;
  /** Restrictions of slots, by position in the session. */
  readonly restrictions?: Readonly<Record<number, SlotRestriction>>;
}

/** A member of staff. */
export interface StaffPattern {
  readonly family: string;
  readonly given: string;
  readonly prefix: string;
  readonly gender: string;
}

const GP: Role = { code: "R0260", display: "General Medical Practitioner" };
const SALARIED_GP: Role = { code: "R0270", display: "Salaried General Practitioner" };
const NURSE: Role = { code: "R0600", display: "Specialist Nurse Practitioner" };
const PHARMACIST: Role = { code: "R1290", display: "Pharmacist" };
const PHLEBOTOMIST: Role = { code: "R1590", display: "Phlebotomist" };

/** Its logical id is not a number, so it cannot collide with the generated ids. */
export const PHARMACY_SERVICE: PracticeHealthcareService = {
  id: "service-1",
  dosId: "2000099999",
  name: "Medication Review Service",
};

/** The service of the nurse clinic at plain practices. */
const VACCINATION_SERVICE: PracticeHealthcareService = {
  id: "service-2",
  dosId: "2000099998",
  name: "Vaccination Service",
};

/** The consumer organisation that books. */
export interface Consumer {
  readonly odsCode: string;
  readonly organisationType?: string;
}

/** An organisation with restricted slots that is never the default consumer. */
const OTHER_ODS_CODE = "T82999";
const URGENT_CARE: SlotRestriction = { organisationType: "urgent-care" };

const WEEKDAYS = [1, 2, 3, 4, 5];

/** Sessions of the good practice: 08:30 to 12:00 and 14:00 to 17:00, at two surgeries. */
function goodSessions(consumer: Consumer): SessionPattern[] {
  const generalParts = [
    { slots: 12, type: "General GP Appointment", channel: "In-person" },
    { slots: 9, type: "General GP Appointment", channel: "Telephone" },
  ];
  return [
    {
      weekdays: WEEKDAYS,
      from: "08:30",
      minutes: 10,
      category: "General GP Appointments",
      parts: generalParts,
      role: GP,
      practitioner: 0,
      location: 0,
      restrictions: { 2: URGENT_CARE, 3: { odsCode: OTHER_ODS_CODE } },
    },
    {
      weekdays: [1, 3, 5],
      from: "14:00",
      minutes: 15,
      category: "General GP Appointments",
      parts: [
        { slots: 6, type: "General GP Appointment", channel: "In-person" },
        { slots: 6, type: "Long GP Appointment", channel: "In-person" },
      ],
      role: SALARIED_GP,
      practitioner: 1,
      location: 1,
      restrictions: {
        4: { odsCode: consumer.odsCode },
        5: { organisationType: consumer.organisationType ?? "gp-practice" },
      },
    },
    {
      weekdays: [2, 4],
      from: "08:30",
      minutes: 15,
      category: "Nurse Clinic",
      parts: [
        { slots: 8, type: "Vaccination", channel: "In-person" },
        { slots: 6, type: "NHS Health Check", channel: "In-person" },
      ],
      role: NURSE,
      practitioner: 2,
      location: 1,
    },
    {
      weekdays: [3],
      from: "14:00",
      minutes: 15,
      category: "Pharmacist Clinic",
      parts: [{ slots: 12, type: "Medication Review", channel: "Video" }],
      role: PHARMACIST,
      practitioner: 3,
      location: 0,
      service: PHARMACY_SERVICE,
      restrictions: { 1: { ...URGENT_CARE, odsCode: OTHER_ODS_CODE } },
    },
    {
      weekdays: [1, 4],
      from: "14:00",
      minutes: 10,
      category: "Blood Clinic",
      parts: [{ slots: 18, type: "Blood Test", channel: "In-person" }],
      role: PHLEBOTOMIST,
      location: 0,
    },
  ];
}

/** A slot just after midnight, for consumers that do not expect slots which have begun. */
const NIGHT_SESSION: SessionPattern = {
  weekdays: [1, 2, 3, 4, 5, 6, 7],
  from: "00:00",
  minutes: 10,
  category: "General GP Appointments",
  parts: [{ slots: 1, type: "Out of Hours", channel: "Telephone" }],
  role: GP,
  practitioner: 0,
  location: 0,
  isAlwaysFree: true,
};

const PLAIN_SESSIONS: readonly SessionPattern[] = [
  {
    weekdays: WEEKDAYS,
    from: "09:00",
    minutes: 15,
    category: "General GP Appointments",
    parts: [
      { slots: 8, type: "General GP Appointment", channel: "In-person" },
      { slots: 4, type: "General GP Appointment", channel: "Telephone" },
    ],
    role: GP,
    practitioner: 0,
    location: 0,
    restrictions: { 5: URGENT_CARE },
  },
  {
    weekdays: [2, 4],
    from: "14:00",
    minutes: 10,
    category: "Nurse Clinic",
    parts: [{ slots: 12, type: "Vaccination", channel: "In-person" }],
    role: NURSE,
    practitioner: 1,
    location: 0,
    service: VACCINATION_SERVICE,
  },
];

const GOOD_STAFF: readonly StaffPattern[] = [
  { family: "Farrow", given: "Imogen", prefix: "Dr", gender: "female" },
  { family: "Renwick", given: "Tobias", prefix: "Dr", gender: "male" },
  { family: "Nandakumar", given: "Priya", prefix: "Sister", gender: "female" },
  { family: "Strang", given: "Callum", prefix: "Mr", gender: "male" },
];

const PLAIN_STAFF: readonly StaffPattern[] = [
  { family: "Hartwell", given: "Beatrix", prefix: "Dr", gender: "female" },
  { family: "Odell", given: "Marcus", prefix: "Mr", gender: "male" },
];

/** Sessions and staff of a practice with this behaviour. */
export function timetableOf(
  behaviour: PracticeBehaviour,
  consumer: Consumer,
): { readonly sessions: readonly SessionPattern[]; readonly staff: readonly StaffPattern[] } {
  if (behaviour === "good")
    return { sessions: [...goodSessions(consumer), NIGHT_SESSION], staff: GOOD_STAFF };
  return { sessions: PLAIN_SESSIONS, staff: PLAIN_STAFF };
}

/** The healthcare services of the sessions. Each appears once. */
export function servicesOf(sessions: readonly SessionPattern[]): PracticeHealthcareService[] {
  return [...new Set(sessions.flatMap(({ service }) => service ?? []))];
}
