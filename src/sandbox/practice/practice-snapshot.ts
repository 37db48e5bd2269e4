import { isObject, type JsonObject, objectsIn, textOf } from "../shared/json.js";
import type { PracticeAppointment, PracticePatient, PracticeState } from "./practice-state.js";
import type { PracticeSlot } from "./slot.js";

/**
 * What one practice has stored, as JSON. Everything else follows from the seed. People and slots are named by NHS number
 * and id.
 */
export interface PracticeSnapshot {
  readonly odsCode: string;
  readonly profile: string;
  /** The last logical id that the practice gave. */
  readonly lastId: number;
  /** The slots whose status differs from the generated one. */
  readonly slots: Readonly<Record<string, "free" | "busy">>;
  readonly patients: readonly (Omit<PracticePatient, "person" | "sent"> & {
    readonly nhsNumber: string;
    readonly sent?: PracticePatient["sent"];
  })[];
  readonly appointments: readonly {
    readonly id: string;
    readonly patientId: string;
    readonly slotIds: readonly string[];
    readonly version: number;
    readonly resource: JsonObject;
  }[];
}

/** The snapshot of a practice. */
export function toSnapshot(state: PracticeState): PracticeSnapshot {
  return {
    odsCode: state.practice.odsCode,
    profile: state.profile.name,
    lastId: state.ids.last,
    slots: state.slots.changes(),
    patients: [...state.patients.values()].map(({ person, sent, ...rest }) => ({
      ...rest,
      nhsNumber: person.nhsNumber,
      ...(sent ? { sent } : {}),
    })),
    appointments: [...state.appointments.values()].map(({ id, patientId, slots, version, resource }) => ({
      id,
      patientId,
      slotIds: slots.map((slot) => slot.id),
      version,
      resource,
    })),
  };
}

/**
 * Gives a new practice state the content of a snapshot.
 *
 * @throws RangeError for a snapshot that does not fit the practice: another profile, an unknown person, slot or member
 */
export function restoreSnapshot(state: PracticeState, snapshot: JsonObject): void {
  const { profile, lastId, slots, patients, appointments } = snapshot;
  if (profile !== state.profile.name)
    throw new RangeError(`${state.practice.odsCode} has another supplier profile`);
  if (!Number.isSafeInteger(lastId) || !isObject(slots)) throw new RangeError("lastId and slots are needed");
  state.ids.last = Number(lastId);
  state.slots.restore(
    Object.entries(slots).map(([id, status]) => [requireSlot(state, id).id, requireStatus(status)]),
  );
  state.patients.clear();
  for (const one of objectsIn(patients)) {
    const patient = toPatient(state, one);
    state.patients.set(patient.id, patient);
  }
  state.appointments.clear();
  for (const one of objectsIn(appointments)) {
    const appointment = toAppointment(state, one);
    state.appointments.set(appointment.id, appointment);
  }
}

function toPatient(state: PracticeState, stored: JsonObject): PracticePatient {
  const { id, nhsNumber, family, registrationType, registeredFrom, isActive, isVerified, sent } = stored;
  const person = state.personByNumber(textOf(nhsNumber) ?? "");
  if (!person) throw new RangeError("A patient of the state is not known to PDS");
  if (registrationType !== "R" && registrationType !== "T")
    throw new RangeError("registrationType must be R or T");
  return {
    id: requireText(id, "A patient's id"),
    person,
    family: requireText(family, "A patient's family"),
    registrationType,
    registeredFrom: requireText(registeredFrom, "registeredFrom"),
    isActive: isActive === true,
    isVerified: isVerified === true,
    sent: isObject(sent) ? toSent(sent) : undefined,
  };
}

function toSent(sent: JsonObject): PracticePatient["sent"] {
  return {
    names: objectsIn(sent.names),
    address: objectsIn(sent.address),
    telecom: objectsIn(sent.telecom),
    extension: objectsIn(sent.extension),
    gender: textOf(sent.gender),
  };
}

function toAppointment(state: PracticeState, stored: JsonObject): PracticeAppointment {
  const { id, patientId, slotIds, version, resource } = stored;
  const slots = (Array.isArray(slotIds) ? slotIds : []).map((slotId) => requireSlot(state, String(slotId)));
  const [first] = slots;
  if (!first) throw new RangeError("An appointment needs slotIds");
  if (!Number.isSafeInteger(version) || Number(version) < 1)
    throw new RangeError("version must be 1 or more");
  if (!isObject(resource) || resource.resourceType !== "Appointment" || resource.id !== id)
    throw new RangeError("An appointment's resource must be an Appointment with its id");
  const patient = requireText(patientId, "patientId");
  if (!state.patients.has(patient)) throw new RangeError("An appointment's patient is not in the state");
  return {
    id: requireText(id, "An appointment's id"),
    patientId: patient,
    slots,
    startMs: first.startMs,
    version: Number(version),
    resource,
  };
}

function requireSlot(state: PracticeState, id: string): PracticeSlot {
  const slot = state.slots.get(id);
  if (!slot) throw new RangeError(`${state.practice.odsCode} has no slot ${id} with this seed`);
  return slot;
}

function requireStatus(status: unknown): "free" | "busy" {
  if (status !== "free" && status !== "busy") throw new RangeError("A slot must be free or busy");
  return status;
}

function requireText(value: unknown, name: string): string {
  const text = textOf(value);
  if (!text) throw new RangeError(`${name} must be a text`);
  return text;
}
