import type { PracticeAppointment } from "../../../src/domain/appointment.js";
import { toLondonDate, toLondonDateTime } from "../../../src/domain/london-time.js";
import type { BookLine, RegistrationLine } from "../history.js";
import { SLOTS } from "../plan.js";

const MINUTE_MS = 60_000;

export interface PracticeSlot {
  readonly id: string;
  readonly start: string;
  readonly end: string;
}

export interface NewEntry {
  readonly patientId: string;
  readonly slotIds: readonly string[];
  readonly created: string;
  readonly description: string;
  readonly comment?: string | undefined;
  readonly organisation?: string | undefined;
  readonly traceId?: string | undefined;
}

/** Left out, a text stays as it is; empty, it is taken away. */
export interface Texts {
  readonly description?: string | undefined;
  readonly comment?: string | undefined;
}

/** What the practice answers: its status, and the appointment as it is then. */
export interface PracticeAnswer<T> {
  readonly status: number;
  readonly reason?: string;
  readonly value?: T;
}

/** The practice's own book of slots and appointments: each request is carried out whole and by itself. */
export class PracticeBook {
  readonly slots: readonly PracticeSlot[];
  readonly lines: BookLine[] = [];
  readonly registrations: RegistrationLine[] = [];
  readonly #appointments = new Map<string, PracticeAppointment>();
  #count = 0;

  /** @param forgetful plants a fault: it does not look whether a slot is free, or a patient there. */
  constructor(
    private readonly now: () => number,
    private readonly forgetful = false,
  ) {
    const start = now();
    // The first few begin while the story runs, round the change of the clocks on its nights.
    this.slots = Array.from({ length: SLOTS }, (_, index) => {
      const at = start + (index + 1) * MINUTE_MS;
      return { id: `slot-${index}`, start: toLondonDateTime(at), end: toLondonDateTime(at + MINUTE_MS) };
    });
  }

  book(entry: NewEntry): PracticeAnswer<PracticeAppointment> {
    const { patientId, slotIds, organisation, traceId } = entry;
    if (!this.forgetful && slotIds.some((id) => this.holderOf(id))) {
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
      created: entry.created,
      description: entry.description,
      comment: entry.comment,
      slotIds,
      patientId,
      ...(organisation !== undefined && { bookingOrganisation: { odsCode: organisation } }),
    };
    this.#write("booked", appointment, traceId);
    return { status: 201, value: appointment };
  }

  cancel(id: string, version: string, reason: string, traceId?: string): PracticeAnswer<PracticeAppointment> {
    return this.#change(id, version, 409, (there) => {
      const cancelled = { ...there, status: "cancelled", cancellationReason: reason };
      return this.#write("cancelled", cancelled, traceId);
    });
  }

  amend(id: string, version: string, texts: Texts, traceId?: string): PracticeAnswer<PracticeAppointment> {
    return this.#change(id, version, 412, (there) => {
      const { description = there.description, comment = there.comment } = texts;
      return this.#write("amended", { ...there, description, comment: comment || undefined }, traceId);
    });
  }

  #change(
    id: string,
    version: string,
    conflict: number,
    carryOut: (next: PracticeAppointment) => PracticeAppointment,
  ): PracticeAnswer<PracticeAppointment> {
    const there = this.#appointments.get(id);
    if (!there) return { status: 404, reason: "NO_RECORD_FOUND" };
    if (there.versionId !== version) return { status: conflict, reason: "FHIR_CONSTRAINT_VIOLATION" };
    if (there.status !== "booked") return { status: 422, reason: "INVALID_RESOURCE" };
    if (Date.parse(there.start) <= this.now()) return { status: 422, reason: "INVALID_RESOURCE" };
    return { status: 200, value: carryOut({ ...there, versionId: String(Number(version) + 1) }) };
  }

  #write(kind: BookLine["kind"], appointment: PracticeAppointment, traceId?: string): PracticeAppointment {
    const { id, versionId, slotIds, patientId = "", bookingOrganisation, comment } = appointment;
    this.#appointments.set(id, appointment);
    const { description = "" } = appointment;
    const organisation = bookingOrganisation?.odsCode;
    const texts = { description, comment };
    const line = {
      appointmentId: id,
      version: versionId,
      patientId,
      slotIds,
      ...texts,
      organisation,
      traceId,
    };
    this.lines.push({ at: this.now(), kind, ...line });
    return appointment;
  }

  /** The practice's records of a patient: none, one, or doubles that it should not have. */
  recordsOf(patientId: string): string[] {
    return this.registrations.filter((one) => one.patientId === patientId).map(recordId);
  }

  /** Takes a patient on, unless they are there. */
  register(patientId: string, traceId?: string): PracticeAnswer<string> {
    const there = this.recordsOf(patientId);
    if (there.length > 0 && !this.forgetful) return { status: 409, reason: "DUPLICATE_REJECTED" };
    this.registrations.push({ at: this.now(), patientId, traceId });
    return { status: 201, value: recordId({ patientId }, there.length) };
  }

  read(id: string): PracticeAnswer<PracticeAppointment> {
    const there = this.#appointments.get(id);
    if (!there) return { status: 404, reason: "NO_RECORD_FOUND" };
    if (Date.parse(there.start) <= this.now()) return { status: 422, reason: "INVALID_RESOURCE" };
    return { status: 200, value: there };
  }

  list(patientId: string, from: string, to: string): PracticeAnswer<PracticeAppointment[]> {
    if (from < toLondonDate(this.now())) return { status: 422, reason: "INVALID_PARAMETER" };
    const value = [...this.#appointments.values()].filter((one) => {
      const day = toLondonDate(Date.parse(one.start));
      return one.patientId === patientId && day >= from && day <= to;
    });
    return { status: 200, value };
  }

  /** Who has the slot now. */
  holderOf(slotId: string): PracticeAppointment | undefined {
    return [...this.#appointments.values()].find(
      ({ status, slotIds }) => status === "booked" && slotIds.includes(slotId),
    );
  }
}

function recordId({ patientId }: Pick<RegistrationLine, "patientId">, before: number): string {
  return before === 0 ? patientId : `${patientId}-again-${before}`;
}
