import type { AppointmentList, PracticeAppointment } from "../../src/domain/appointment.js";
import { toLondonDate, toLondonDateTime } from "../../src/domain/london-time.js";
import type { NhsNumber } from "../../src/domain/nhs-number.js";
import type { PracticePatient } from "../../src/domain/patient.js";
import type { SlotSearchResponse } from "../../src/domain/slot.js";
import type { UpstreamError } from "../../src/platform/errors.js";
import type { CallContext } from "../../src/upstreams/call-context.js";
import type { GpConnectClient, NewAppointment } from "../../src/upstreams/ssp/index.js";
import { type UpstreamFailureDetails, upstreamError } from "../../src/upstreams/upstream-errors.js";
import { appointmentList } from "../support/appointment-list.js";
import type { TestClock } from "../support/call-context.js";

export type PracticeMethod = keyof GpConnectClient;

/**
 * What happens to one call: the work is done and the answer lost, or the other way round; it is done later, when the
 * test says so; it arrives twice, and the second answer comes back; it is refused; a promise of the test's own decides when it begins; or the test does something before.
 */
export type Mishap =
  | "lost-before"
  | "lost-after"
  | "late"
  | "delivered-twice"
  | UpstreamError
  | { readonly after: Promise<unknown> }
  | { readonly before: () => void | Promise<void> }
  /** It is done, and the response says something else; with `isLost` it is not done. */
  | {
      readonly respond: (appointment: PracticeAppointment) => PracticeAppointment;
      readonly isLost?: boolean;
    };

/** No answer in time, and no way of telling what was done. */
export function silence(details: Partial<UpstreamFailureDetails> = {}): UpstreamError {
  const base = {
    service: "PROVIDER",
    code: "UPSTREAM_TIMEOUT",
    retryable: true,
    outcomeUnknown: true,
  } as const;
  return upstreamError({ ...base, ...details });
}

/** An answer that leaves nothing open. */
export function refusal(httpStatus: number, reason?: string, retryable = false): UpstreamError {
  const code = httpStatus === 429 ? "UPSTREAM_RATE_LIMITED" : "UPSTREAM_REFUSED";
  return upstreamError({ service: "PROVIDER", code, httpStatus, reason, retryable });
}

/** Nothing ever left us. */
export function neverLeft(): UpstreamError {
  return upstreamError({ service: "SSP", code: "UPSTREAM_UNAVAILABLE", retryable: true });
}

/** The proxy itself refuses, and forwards nothing. */
export function proxyRefusal(httpStatus: number, reason?: string, retryable = true): UpstreamError {
  const code = httpStatus === 429 ? "UPSTREAM_RATE_LIMITED" : "UPSTREAM_REFUSED";
  return upstreamError({ service: "SSP", code, httpStatus, reason, retryable, notForwarded: true });
}

/** One practice's book, over the interface of the client: slots can be had once, changes need the last version. */
export class FakePractice {
  readonly appointments = new Map<string, PracticeAppointment>();
  readonly patients = new Map<string, PracticePatient>();
  /** The writes that reached the practice, late ones included, in order. */
  readonly writes: string[] = [];
  /** The patient ids with which read appointments were to be compared, in order. */
  readonly readFor: string[] = [];
  /** What the practice says about its lists of appointments. */
  listFacts: Partial<AppointmentList> = {};
  /** What the practice keeps of the reason of a cancellation. */
  keepReason: (reason: string) => string | undefined = (reason) => reason;
  /** What the practice makes of an appointment when it saves one for us. */
  keep: (appointment: PracticeAppointment) => PracticeAppointment = (appointment) => appointment;
  /** It responds to a change with the version before the one that it keeps. */
  keepsNextVersion = false;
  /** What a slot search shows. */
  freeSlots: readonly object[] = [];
  readonly #mishaps: { readonly method: PracticeMethod; readonly mishap: Mishap }[] = [];
  readonly #late: (() => void)[] = [];
  #lastId = 100;

  constructor(private readonly clock: TestClock) {}

  /** The next call of the method has this mishap; several wait in line. */
  next(method: PracticeMethod, ...mishaps: Mishap[]): void {
    for (const mishap of mishaps) this.#mishaps.push({ method, mishap });
  }

  /** No more mishaps. */
  forgive(): void {
    this.#mishaps.length = 0;
  }

  /** What came late is carried out now, in order, as far as it still can be. */
  catchUp(): void {
    for (const work of this.#late.splice(0)) work();
  }

  addPatient(nhsNumber: NhsNumber, facts: Partial<PracticePatient> = {}): PracticePatient {
    const name = { family: "Testperson", given: ["Ida"], prefix: ["Ms"], suffix: [] };
    const patient = {
      id: `patient-${nhsNumber}`,
      nhsNumber,
      name,
      gender: "female",
      birthDate: "1952-05-31",
      ...facts,
    };
    this.patients.set(patient.id, patient);
    return patient;
  }

  /** Those that stand. */
  standing(): PracticeAppointment[] {
    return [...this.appointments.values()].filter(({ status }) => status === "booked");
  }

  /** A booking past us: by the practice itself, or by another organisation. */
  bookElsewhere(slotIds: readonly string[], facts: Partial<PracticeAppointment> = {}): PracticeAppointment {
    const start = this.clock.now() + 3_600_000;
    return this.#put({
      status: "booked",
      start: toLondonDateTime(start),
      end: toLondonDateTime(start + 600_000),
      slotIds,
      patientId: "somebody-else",
      ...facts,
    });
  }

  change(id: string, facts: Partial<PracticeAppointment>): void {
    const before = this.appointments.get(id);
    if (!before) throw new Error(`no appointment ${id}`);
    this.appointments.set(id, { ...before, versionId: String(Number(before.versionId) + 1), ...facts });
  }

  readonly client: Partial<GpConnectClient> = {
    findPatient: (_practice, nhsNumber) =>
      this.#call("findPatient", () =>
        [...this.patients.values()].filter((patient) => patient.nhsNumber === nhsNumber),
      ),
    registerPatient: (_practice, registration) =>
      this.#call("registerPatient", () => {
        const known = [...this.patients.values()].some(
          ({ nhsNumber }) => nhsNumber === registration.nhsNumber,
        );
        if (known) throw refusal(409, "DUPLICATE_REJECTED");
        this.writes.push("register");
        return this.addPatient(registration.nhsNumber, {
          name: { ...registration.name, suffix: [] },
          registrationType: "T",
        });
      }),
    createAppointment: (_practice, booking, context) =>
      this.#call("createAppointment", () => this.#create(booking, context)),
    fetchAppointments: (_practice, patientId, { from, to }) =>
      this.#call("fetchAppointments", () => {
        if (from < toLondonDate(this.clock.now())) throw refusal(422, "INVALID_PARAMETER");
        const listed = [...this.appointments.values()].filter((one) => {
          const day = toLondonDate(Date.parse(one.start));
          return one.patientId === patientId && day >= from && day <= to;
        });
        return appointmentList(listed, this.listFacts);
      }),
    searchFreeSlots: () =>
      this.#call("searchFreeSlots", () => ({ slots: this.freeSlots }) as unknown as SlotSearchResponse),
    readAppointment: (_practice, id, _context, { patientId }) => {
      this.readFor.push(patientId);
      return this.#call("readAppointment", () => {
        const appointment = this.appointments.get(id);
        if (!appointment) throw refusal(404, "NO_RECORD_FOUND");
        if (Date.parse(appointment.start) <= this.clock.now()) throw refusal(422, "INVALID_RESOURCE");
        return { appointment, resource: { id } };
      });
    },
    cancelAppointment: (_practice, { appointment }, reason) =>
      this.#call("cancelAppointment", () =>
        this.#store(appointment, "cancel", {
          status: "cancelled",
          cancellationReason: this.keepReason(reason),
        }),
      ),
    amendAppointment: (_practice, { appointment }, { description, comment }) =>
      this.#call("amendAppointment", () =>
        this.#store(appointment, "amend", {
          ...(description !== undefined && { description }),
          ...(comment !== undefined && { comment: comment === "" ? undefined : comment }),
        }),
      ),
  };

  #create(booking: NewAppointment, { caller }: CallContext): PracticeAppointment {
    const ids = booking.slots.map(({ id }) => id);
    this.writes.push(`create ${ids.join("+")}`);
    const taken = this.standing().some(({ slotIds }) => slotIds.some((id) => ids.includes(id)));
    if (taken) throw refusal(409, "DUPLICATE_REJECTED");
    const { odsCode, name, phone } = caller.organisation;
    return this.#put({
      status: "booked",
      start: booking.slots[0]?.start ?? "",
      end: booking.slots.at(-1)?.end ?? "",
      slotIds: ids,
      patientId: booking.patientId,
      description: booking.description,
      comment: booking.comment,
      created: toLondonDateTime(this.clock.now()),
      bookingOrganisation: { odsCode, name, phone },
    });
  }

  #put(facts: Omit<PracticeAppointment, "id" | "versionId">): PracticeAppointment {
    const appointment = this.keep({ id: String(++this.#lastId), versionId: "1", ...facts });
    this.appointments.set(appointment.id, appointment);
    return appointment;
  }

  #store(seen: PracticeAppointment, what: string, facts: Partial<PracticeAppointment>): PracticeAppointment {
    this.writes.push(`${what} ${seen.id}`);
    const now = this.appointments.get(seen.id);
    if (now?.versionId !== seen.versionId) throw refusal(409, "FHIR_CONSTRAINT_VIOLATION");
    this.change(seen.id, facts);
    const changed = this.keep(this.appointments.get(seen.id) as PracticeAppointment);
    this.appointments.set(seen.id, changed);
    if (this.keepsNextVersion) this.change(seen.id, {});
    return changed;
  }

  async #call<T>(method: PracticeMethod, work: () => T): Promise<T> {
    const index = this.#mishaps.findIndex((one) => one.method === method);
    const mishap = index < 0 ? undefined : this.#mishaps.splice(index, 1)[0]?.mishap;
    if (mishap === undefined) return work();
    if (mishap === "lost-before") throw silence();
    if (mishap === "late") {
      this.#late.push(() => {
        try {
          work();
        } catch {
          // Refused, and nobody is there to be told.
        }
      });
      throw silence();
    }
    if (mishap === "delivered-twice") {
      work();
      return work();
    }
    if (mishap === "lost-after") {
      work();
      throw silence();
    }
    if ("respond" in mishap) {
      const [seen] = this.appointments.values();
      const made = mishap.isLost ? (seen as T) : work();
      return mishap.respond(made as PracticeAppointment) as T;
    }
    if ("after" in mishap || "before" in mishap) {
      await ("after" in mishap ? mishap.after : mishap.before());
      return work();
    }
    throw mishap;
  }
}
