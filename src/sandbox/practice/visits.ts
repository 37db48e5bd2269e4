import type { JsonObject } from "../shared/json.js";
import { addDays, offsetAtNoon, toLondonDate } from "../shared/london-time.js";
import type { PracticeAppointment, PracticePatient, PracticeState } from "./practice-state.js";
import { organizationResource, roleExtension } from "./resources.js";
import { EXTENSION, PROFILE } from "./urls.js";

/** The delivery channel of home visits. It exists on booked appointments only, never on slots. */
const VISIT = "Visit";
/** No location, slot or appointment of the practice has these ids. No slot search returns the slot. */
const LOCATION_ID = "900000";
const SLOT_ID = "9000000000000000";
const DAYS_AHEAD = 2;
const ROLE = { code: "R0260", display: "General Medical Practitioner" };

/** Home visits (GP Connect 1.2.9): each known patient of such a practice has one in the next days, at any time of the clock. */
export function bookVisits(state: PracticeState, nowMs: number): void {
  if (state.practice.behaviour !== "visits") return;
  const visits = [...state.appointments.values()].filter(isVisit);
  for (const patient of state.patients.values()) {
    const isVisited = visits.some(({ patientId, startMs }) => patientId === patient.id && startMs > nowMs);
    if (!isVisited && patient.sent === undefined) addVisit(state, patient, nowMs);
  }
}

/** Whether an appointment is a home visit, which consumers may only read. */
export function isVisit({ slots }: PracticeAppointment): boolean {
  return slots.length === 0;
}

/** The place of a home visit. It tells no address. Undefined when the id is another. */
export function visitLocation(state: PracticeState, id: string): JsonObject | undefined {
  if (state.practice.behaviour !== "visits" || id !== LOCATION_ID) return undefined;
  return {
    resourceType: "Location",
    id,
    meta: { versionId: "1", profile: [PROFILE.location] },
    name: "Contact practice for location of the visit",
    // Published samples have a list here, where STU3 has one object.
    address: [{ line: ["Unknown"], city: "Unknown" }],
    managingOrganization: { reference: `Organization/${state.organisationId}` },
  };
}

function addVisit(state: PracticeState, patient: PracticePatient, nowMs: number): void {
  const date = addDays(toLondonDate(nowMs), DAYS_AHEAD);
  const [start, end] = ["14:00:00", "14:30:00"].map((time) => `${date}T${time}${offsetAtNoon(date)}`);
  const id = state.nextId();
  const [practitioner] = state.practitioners;
  const actors = [`Patient/${patient.id}`, `Location/${LOCATION_ID}`];
  if (practitioner) actors.push(`Practitioner/${practitioner.id}`);
  const booker: JsonObject = { ...organizationResource(state), id: "1" };
  state.appointments.set(id, {
    id,
    patientId: patient.id,
    slots: [],
    startMs: Date.parse(start ?? ""),
    version: 1,
    resource: {
      resourceType: "Appointment",
      id,
      meta: { versionId: "1", profile: [PROFILE.appointment] },
      contained: [booker],
      extension: [
        { url: EXTENSION.bookingOrganisation, valueReference: { reference: "#1" } },
        roleExtension(ROLE, state.profile),
        { url: EXTENSION.deliveryChannel, valueCode: VISIT },
      ],
      status: "booked",
      serviceCategory: { text: "Home Visits" },
      serviceType: [{ text: "Home Visit" }],
      description: "Home visit",
      start,
      end,
      slot: [{ reference: `Slot/${SLOT_ID}` }],
      created: new Date(nowMs).toISOString(),
      participant: actors.map((reference) => ({ actor: { reference }, status: "accepted" })),
    },
  });
}
