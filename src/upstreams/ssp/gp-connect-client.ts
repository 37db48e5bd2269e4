import type { AppointmentList, PracticeAppointment } from "../../domain/appointment.js";
import type { PracticeCapabilities } from "../../domain/capabilities.js";
import type { DirectoryEntry } from "../../domain/directory-entry.js";
import type { NhsNumber } from "../../domain/nhs-number.js";
import type { Address, HumanName, PracticePatient, Telecom } from "../../domain/patient.js";
import type {
  HealthcareService,
  Location,
  Organisation,
  Practitioner,
  Slot,
  SlotSearchResponse,
} from "../../domain/slot.js";
import type { CallContext } from "../call-context.js";

/** UK date-times with seconds and the London offset of their date, never `Z`. At most two weeks apart. */
export interface SlotWindow {
  readonly start: string;
  readonly end: string;
}

/** The parameters of a slot search. */
export interface SlotSearch extends SlotWindow {
  /** Id in the Directory of Services, digits. Only where {@link GpConnectClient.serviceFiltering} is on. */
  readonly serviceId?: string | undefined;
  /**
   * Whether to send the parameters of 1.2.8: for practices whose capability statement names that version or a later one. Has
   * no effect where {@link GpConnectClient.serviceFiltering} is off.
   */
  readonly withServices?: boolean | undefined;
}

/** Dates, `2026-11-23`, both included. Neither may be before today: practices refuse past dates. */
export interface DateRange {
  readonly from: string;
  readonly to: string;
}

/** An appointment to create. The booking organisation is the caller's. */
export interface NewAppointment {
  /** Logical id at this practice, from a find made just before. */
  readonly patientId: string;
  /** For the audit only; not sent. */
  readonly nhsNumber?: NhsNumber | undefined;
  /** One slot or several adjacent ones, in any order. Their strings are sent back unchanged. */
  readonly slots: readonly Pick<Slot, "id" | "start" | "end">[];
  /** Location of the slots' schedule. */
  readonly locationId: string;
  readonly practitionerId?: string | undefined;
  /** Service of the slots' schedule, by its id at this practice; sent only where `serviceFiltering` is on. */
  readonly healthcareServiceId?: string | undefined;
  /** At most 100 characters, checked by the caller of this client. */
  readonly description: string;
  /** At most 500 characters, checked by the caller of this client. */
  readonly comment?: string | undefined;
  /** The organisation type of the slot search, if it had one. */
  readonly organisationType?: string | undefined;
}

/** A temporary registration: what PDS holds, and what the caller adds for the duration of the stay. */
export interface TemporaryRegistration {
  readonly nhsNumber: NhsNumber;
  /** The current name, sent as the only official name. */
  readonly name: Pick<HumanName, "family" | "given" | "prefix">;
  /** A whole date, `1952-05-31`. */
  readonly birthDate: string;
  readonly gender?: string | undefined;
  /** As PDS holds them. Only those that GP Connect allows are sent, with their own use. */
  readonly addresses: readonly Address[];
  readonly telecoms: readonly Telecom[];
  /** Supplied by the caller, sent as `temp` instead of one that PDS may hold. */
  readonly temporaryAddress?: Pick<Address, "lines" | "postalCode"> | undefined;
  readonly temporaryPhone?: string | undefined;
}

/** An appointment, and the resource that a change must send back in full. */
export interface ReceivedAppointment {
  readonly appointment: PracticeAppointment;
  /** The text as received. Opaque: only the client that read it can send it back. */
  readonly resource: object;
}

/** The only elements of an appointment that may be amended. An empty comment removes the comment. */
export interface AppointmentChanges {
  readonly description?: string | undefined;
  readonly comment?: string | undefined;
}

/** The patient of an appointment that is read by its id. */
export interface AboutPatient {
  /** For the audit. */
  readonly nhsNumber?: NhsNumber | undefined;
  /** Logical id at this practice. A response about another patient, or about none, is refused (`WRONG_PATIENT`). */
  readonly patientId: string;
}

/**
 * GP Connect at any practice, through the proxy. One call is one attempt: this client never retries.
 *
 * Every method throws `UpstreamError` and nothing else. Its `service` is `PROVIDER` when the practice responded, or
 * when the proxy reports that it did not, and otherwise `SSP`. Its `reason` is one of `NO_SHARING_AGREEMENT`,
 * `SENDER_NOT_ACCREDITED`, `NOT_ON_GP_CONNECT`, `ENDPOINT_CHANGED` (look up again), `NOT_ENABLED`,
 * `NO_ORGANISATION_CONSENT`, `NO_PATIENT_CONSENT`, `NOT_SUPPORTED`; a Spine code of the practice
 * (`DUPLICATE_REJECTED`, `INVALID_RESOURCE`, …); for a 2xx that cannot be used `NOT_JSON`, `WRONG_RESOURCE`,
 * `WRONG_PATIENT` or `INCOMPLETE_RESOURCE`; or undefined. A write whose outcome is unknown has `outcomeUnknown`. Writes
 * ignore the context's signal.
 *
 * A logical id is valid at one practice only.
 */
export interface GpConnectClient {
  /** Whether the additions of GP Connect 1.2.8 are used: services, and searches for slots of one service. */
  readonly serviceFiltering: boolean;

  fetchCapabilities(practice: DirectoryEntry, context: CallContext): Promise<PracticeCapabilities>;

  /**
   * Free slots that have not begun, in order of time. The practice includes the restricted slots that the caller's
   * organisation may see. For a service that the practice does not have there are no slots, and a warning.
   *
   * A practice that refuses the parameters of 1.2.8 is searched once more without them, and from then on.
   */
  searchFreeSlots(
    practice: DirectoryEntry,
    search: SlotSearch,
    context: CallContext,
  ): Promise<SlotSearchResponse>;

  /** Active patients of the practice with that number: none, one, or several where the practice has duplicates. */
  findPatient(
    practice: DirectoryEntry,
    nhsNumber: NhsNumber,
    context: CallContext,
  ): Promise<PracticePatient[]>;

  /** Reason `DUPLICATE_REJECTED`, from status 409 or 422: the patient is active there already. */
  registerPatient(
    practice: DirectoryEntry,
    registration: TemporaryRegistration,
    context: CallContext,
  ): Promise<PracticePatient>;

  /** Reason `DUPLICATE_REJECTED`, from status 409 or 422: the slot is taken, possibly by an earlier attempt of ours. */
  createAppointment(
    practice: DirectoryEntry,
    booking: NewAppointment,
    context: CallContext,
  ): Promise<PracticeAppointment>;

  /**
   * All appointments that start in the range, in the practice's order: cancelled ones and those of other bookers too. One
   * that cannot be used is left out with a warning; one of another patient fails the call.
   */
  fetchAppointments(
    practice: DirectoryEntry,
    patientId: string,
    range: DateRange,
    context: CallContext,
    about?: Pick<AboutPatient, "nhsNumber">,
  ): Promise<AppointmentList>;

  /** Future appointments only: practices refuse to read past ones. */
  readAppointment(
    practice: DirectoryEntry,
    id: string,
    context: CallContext,
    about: AboutPatient,
  ): Promise<ReceivedAppointment>;

  /** Status 409 or 412: the appointment has changed since it was read. */
  cancelAppointment(
    practice: DirectoryEntry,
    received: ReceivedAppointment,
    reason: string,
    context: CallContext,
    about?: Pick<AboutPatient, "nhsNumber">,
  ): Promise<PracticeAppointment>;

  /** Status 409 or 412: the appointment has changed since it was read. */
  amendAppointment(
    practice: DirectoryEntry,
    received: ReceivedAppointment,
    changes: AppointmentChanges,
    context: CallContext,
    about?: Pick<AboutPatient, "nhsNumber">,
  ): Promise<PracticeAppointment>;

  readLocation(practice: DirectoryEntry, id: string, context: CallContext): Promise<Location>;

  readPractitioner(practice: DirectoryEntry, id: string, context: CallContext): Promise<Practitioner>;

  /** Only where `serviceFiltering` is on. Undefined when the practice has no such service. */
  readHealthcareService(
    practice: DirectoryEntry,
    id: string,
    context: CallContext,
  ): Promise<HealthcareService | undefined>;

  /** The practice itself, by its ODS code. Undefined when its system does not have the code. */
  findOrganisation(practice: DirectoryEntry, context: CallContext): Promise<Organisation | undefined>;
}
