import type { AppointmentList, PracticeAppointment } from "../../../src/domain/appointment.js";
import { toLondonDate, toLondonDateTime } from "../../../src/domain/london-time.js";
import type { AppointmentEvent, RegistrationEvent } from "../history.js";
import { SLOTS } from "../scenario.js";
import { keptTexts, type PracticeBehaviour, WELL_BEHAVED } from "./practice-behaviour.js";

const MINUTE_MS = 60_000;

export interface PracticeSlot {
  readonly id: string;
  readonly start: string;
  readonly end: string;
}

export interface NewAppointment {
  readonly patientId: string;
  readonly slotIds: readonly string[];
  readonly created: string;
  readonly description: string;
  readonly comment?: string | undefined;
  readonly organisation?: string | undefined;
  readonly traceId?: string | undefined;
}

/** An absent text stays unchanged; an empty one is removed. */
export interface DescriptionAndComment {
  readonly description?: string | undefined;
  readonly comment?: string | undefined;
}

/** The response of the practice: status and, if it succeeded, the current state. */
export interface PracticeResponse<T> {
  readonly status: number;
  readonly reason?: string;
  readonly value?: T;
}

/** A request that the practice has accepted. It takes effect when `finish` runs, after the delay if there is one. */
export interface Handling<T> {
  /** Undefined: at once. */
  readonly delayMs?: readonly [min: number, max: number] | undefined;
  readonly finish: () => PracticeResponse<T>;
}

/** The state of the practice: slots, appointments, registrations. */
export class Practice {
  readonly slots: readonly PracticeSlot[];
  readonly events: AppointmentEvent[] = [];
  readonly registrations: RegistrationEvent[] = [];
  readonly #appointments = new Map<string, PracticeAppointment>();
  #count = 0;

  /** @param acceptsDuplicates plants a fault: the practice does not check for a taken slot or a registered patient. */
  constructor(
    private readonly now: () => number,
    private readonly behaviour: PracticeBehaviour = WELL_BEHAVED,
    private readonly acceptsDuplicates = false,
  ) {
    const start = now();
    // The first slots start while the scenario runs, around the clock change on the nights that have one.
    this.slots = Array.from({ length: SLOTS }, (_, index) => {
      const at = start + (index + 1) * MINUTE_MS;
      return { id: `slot-${index}`, start: toLondonDateTime(at), end: toLondonDateTime(at + MINUTE_MS) };
    });
  }

  /** Checks a create now, and saves the appointment in `finish`: both in one step unless the practice has a delay. */
  book(request: NewAppointment): Handling<PracticeAppointment> {
    const { slotIds } = request;
    if (slotIds.includes(`slot-${this.behaviour.failingSlot}`)) return { finish: () => ({ status: 500 }) };
    if (!this.acceptsDuplicates && slotIds.some((id) => this.holderOf(id))) {
      return { finish: () => ({ status: 409, reason: "DUPLICATE_REJECTED" }) };
    }
    if (slotIds.some((id) => !this.slots.some((slot) => slot.id === id))) {
      return { finish: () => ({ status: 422, reason: "REFERENCE_NOT_FOUND" }) };
    }
    return { delayMs: this.behaviour.saveDelayMs, finish: () => this.#save(request) };
  }

  #save(request: NewAppointment): PracticeResponse<PracticeAppointment> {
    const { patientId, slotIds, organisation, traceId } = request;
    const taken = slotIds.flatMap((id) => this.slots.find((slot) => slot.id === id) ?? []);
    const sent = { description: request.description, comment: request.comment };
    const appointment: PracticeAppointment = {
      id: `appointment-${++this.#count}`,
      versionId: "1",
      // The practice's staff always book.
      status: organisation === undefined ? "booked" : this.behaviour.createdStatus,
      start: taken[0]?.start ?? "",
      end: taken.at(-1)?.end ?? "",
      created: request.created,
      ...(organisation === undefined ? sent : keptTexts(this.behaviour, sent)),
      slotIds,
      patientId,
      ...(organisation !== undefined && { bookingOrganisation: { odsCode: organisation } }),
    };
    return { status: 201, value: this.#store("booked", appointment, sent, traceId) };
  }

  cancel(
    id: string,
    version: string,
    reason: string,
    traceId?: string,
  ): PracticeResponse<PracticeAppointment> {
    return this.#change(id, version, 409, (current) => {
      const cancelled = { ...current, status: "cancelled", cancellationReason: reason };
      return this.#store("cancelled", cancelled, textsOf(cancelled), traceId);
    });
  }

  amend(
    id: string,
    version: string,
    texts: DescriptionAndComment,
    traceId?: string,
  ): PracticeResponse<PracticeAppointment> {
    return this.#change(id, version, 412, (current) => {
      const { description = current.description, comment = current.comment } = texts;
      const amended = { ...current, description, comment: comment || undefined };
      return this.#store("amended", amended, textsOf(amended), traceId);
    });
  }

  #change(
    id: string,
    version: string,
    conflict: number,
    apply: (next: PracticeAppointment) => PracticeAppointment,
  ): PracticeResponse<PracticeAppointment> {
    const current = this.#appointments.get(id);
    if (!current) return { status: 404, reason: "NO_RECORD_FOUND" };
    if (current.versionId !== version) return { status: conflict, reason: "FHIR_CONSTRAINT_VIOLATION" };
    if (current.status !== "booked") return { status: 422, reason: "INVALID_RESOURCE" };
    if (Date.parse(current.start) <= this.now()) return { status: 422, reason: "INVALID_RESOURCE" };
    return { status: 200, value: apply({ ...current, versionId: String(Number(version) + 1) }) };
  }

  /** @returns the appointment as the response has it. */
  #store(
    kind: AppointmentEvent["kind"],
    appointment: PracticeAppointment,
    sent: AppointmentEvent["sent"],
    traceId?: string,
  ): PracticeAppointment {
    const { id, versionId, slotIds, patientId = "", bookingOrganisation } = appointment;
    this.#appointments.set(id, appointment);
    const isOther = this.behaviour.versions === "other in response" && kind !== "booked" && traceId;
    const respondedVersion = isOther ? `${versionId}-response` : undefined;
    if (appointment.status === "booked" || kind !== "booked") {
      this.events.push({
        at: this.now(),
        kind,
        appointmentId: id,
        version: versionId,
        respondedVersion,
        patientId,
        slotIds,
        ...textsOf(appointment),
        sent,
        organisation: bookingOrganisation?.odsCode,
        traceId,
      });
    }
    return respondedVersion === undefined ? appointment : { ...appointment, versionId: respondedVersion };
  }

  /** The ids of a patient at the practice: none, one, or several if a planted fault created duplicates. */
  patientIdsOf(patientId: string): string[] {
    return this.registrations.filter((one) => one.patientId === patientId).map(registeredId);
  }

  /** Registers a patient who is not registered yet. */
  register(patientId: string, traceId?: string): PracticeResponse<string> {
    const current = this.patientIdsOf(patientId);
    if (current.length > 0 && !this.acceptsDuplicates) return { status: 409, reason: "DUPLICATE_REJECTED" };
    this.registrations.push({ at: this.now(), patientId, traceId });
    return { status: 201, value: registeredId({ patientId }, current.length) };
  }

  read(id: string): PracticeResponse<PracticeAppointment> {
    const current = this.#appointments.get(id);
    if (!current) return { status: 404, reason: "NO_RECORD_FOUND" };
    if (Date.parse(current.start) <= this.now()) return { status: 422, reason: "INVALID_RESOURCE" };
    return { status: 200, value: current };
  }

  list(patientId: string, from: string, to: string): PracticeResponse<AppointmentList> {
    if (from < toLondonDate(this.now())) return { status: 422, reason: "INVALID_PARAMETER" };
    const value = [...this.#appointments.values()].filter((one) => {
      const day = toLondonDate(Date.parse(one.start));
      return one.patientId === patientId && day >= from && day <= to;
    });
    return { status: 200, value: { appointments: value, warnings: [], isComplete: true } };
  }

  /** The appointment that has the slot now. */
  holderOf(slotId: string): PracticeAppointment | undefined {
    return [...this.#appointments.values()].find(
      ({ status, slotIds }) => status === "booked" && slotIds.includes(slotId),
    );
  }
}

function textsOf({ description = "", comment }: PracticeAppointment): AppointmentEvent["sent"] {
  return { description, comment };
}

function registeredId({ patientId }: Pick<RegistrationEvent, "patientId">, before: number): string {
  return before === 0 ? patientId : `${patientId}-again-${before}`;
}
