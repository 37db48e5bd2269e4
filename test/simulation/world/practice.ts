import type { AppointmentList, PracticeAppointment } from "../../../src/domain/appointment.js";
import { toLondonDate, toLondonDateTime } from "../../../src/domain/london-time.js";
import type { AppointmentEvent, RegistrationEvent } from "../history.js";
import { SLOTS } from "../scenario.js";

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

/** The state of the practice: slots, appointments, registrations. Each request is atomic. */
export class Practice {
  readonly slots: readonly PracticeSlot[];
  readonly events: AppointmentEvent[] = [];
  readonly registrations: RegistrationEvent[] = [];
  readonly #appointments = new Map<string, PracticeAppointment>();
  #count = 0;

  /** @param acceptsDuplicates plants a fault: the practice does not check for a taken slot or a registered patient. */
  constructor(
    private readonly now: () => number,
    private readonly acceptsDuplicates = false,
  ) {
    const start = now();
    // The first slots start while the scenario runs, around the clock change on the nights that have one.
    this.slots = Array.from({ length: SLOTS }, (_, index) => {
      const at = start + (index + 1) * MINUTE_MS;
      return { id: `slot-${index}`, start: toLondonDateTime(at), end: toLondonDateTime(at + MINUTE_MS) };
    });
  }

  book(request: NewAppointment): PracticeResponse<PracticeAppointment> {
    const { patientId, slotIds, organisation, traceId } = request;
    if (!this.acceptsDuplicates && slotIds.some((id) => this.holderOf(id))) {
      return { status: 409, reason: "DUPLICATE_REJECTED" };
    }
    const taken = slotIds.flatMap((id) => this.slots.find((slot) => slot.id === id) ?? []);
    const [first, last] = [taken[0], taken.at(-1)];
    if (!first || !last) return { status: 422, reason: "REFERENCE_NOT_FOUND" };
    const appointment: PracticeAppointment = {
      id: `appointment-${++this.#count}`,
      versionId: "1",
      status: "booked",
      start: first.start,
      end: last.end,
      created: request.created,
      description: request.description,
      comment: request.comment,
      slotIds,
      patientId,
      ...(organisation !== undefined && { bookingOrganisation: { odsCode: organisation } }),
    };
    this.#store("booked", appointment, traceId);
    return { status: 201, value: appointment };
  }

  cancel(
    id: string,
    version: string,
    reason: string,
    traceId?: string,
  ): PracticeResponse<PracticeAppointment> {
    return this.#change(id, version, 409, (current) => {
      const cancelled = { ...current, status: "cancelled", cancellationReason: reason };
      return this.#store("cancelled", cancelled, traceId);
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
      return this.#store("amended", { ...current, description, comment: comment || undefined }, traceId);
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

  #store(
    kind: AppointmentEvent["kind"],
    appointment: PracticeAppointment,
    traceId?: string,
  ): PracticeAppointment {
    const { id, versionId, slotIds, patientId = "", bookingOrganisation, comment } = appointment;
    this.#appointments.set(id, appointment);
    const { description = "" } = appointment;
    const organisation = bookingOrganisation?.odsCode;
    const texts = { description, comment };
    const event = {
      appointmentId: id,
      version: versionId,
      patientId,
      slotIds,
      ...texts,
      organisation,
      traceId,
    };
    this.events.push({ at: this.now(), kind, ...event });
    return appointment;
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

function registeredId({ patientId }: Pick<RegistrationEvent, "patientId">, before: number): string {
  return before === 0 ? patientId : `${patientId}-again-${before}`;
}
