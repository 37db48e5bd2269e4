import type { PracticeAppointment } from "../../domain/appointment.js";
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
import type { CallContext } from "../../platform/call-context.js";

/** UK date-times with the offset of their date, seconds, never `Z`. At most a fortnight apart. */
export interface SlotWindow {
  readonly start: string;
  readonly end: string;
}

/** What slots are asked for. */
export interface SlotSearch extends SlotWindow {
  /** Id in the Directory of Services, digits. Only where {@link GpConnectClient.serviceFiltering} is on. */
  readonly serviceId?: string | undefined;
}

/** Dates, `2026-11-23`, both included. Nothing before today: practices refuse it. */
export interface DateRange {
  readonly from: string;
  readonly to: string;
}

/** What is booked. Who books is the caller's organisation. */
export interface NewAppointment {
  /** At this practice, from a find made just before. */
  readonly patientId: string;
  /** For the audit only; it is not sent. */
  readonly nhsNumber?: NhsNumber | undefined;
  /** One slot or several adjacent ones, in any order; their strings are echoed unchanged. */
  readonly slots: readonly Pick<Slot, "id" | "start" | "end">[];
  /** Place of the slots' schedule. */
  readonly locationId: string;
  readonly practitionerId?: string | undefined;
  /** Service of the slots' schedule, by its id at this practice; sent only where `serviceFiltering` is on. */
  readonly healthcareServiceId?: string | undefined;
  /** At most 100 characters; the caller of this client checks. */
  readonly description: string;
  /** At most 500 characters; the caller of this client checks. */
  readonly comment?: string | undefined;
  /** The organisation type by which the slots were searched, if one was. */
  readonly organisationType?: string | undefined;
}

/** A temporary registration: what PDS holds, and what the caller adds for the time of the stay. */
export interface TemporaryRegistration {
  readonly nhsNumber: NhsNumber;
  /** The current name; it is sent as the one official name. */
  readonly name: Pick<HumanName, "family" | "given" | "prefix">;
  /** A whole date, `1952-05-31`. */
  readonly birthDate: string;
  readonly gender?: string | undefined;
  /** As PDS holds them; only those that may be sent are, in their own use. */
  readonly addresses: readonly Address[];
  readonly telecoms: readonly Telecom[];
  /** Supplied by the caller: sent as `temp`, in place of one that PDS may hold. */
  readonly temporaryAddress?: Pick<Address, "lines" | "postalCode"> | undefined;
  readonly temporaryPhone?: string | undefined;
}

/** An appointment together with the resource that a change must send back in full. */
export interface ReceivedAppointment {
  readonly appointment: PracticeAppointment;
  /** As received. Opaque: only {@link GpConnectClient} looks inside. */
  readonly resource: Readonly<Record<string, unknown>>;
}

/** The only elements of an appointment that may be amended. An empty comment removes it. */
export interface AppointmentChanges {
  readonly description?: string | undefined;
  readonly comment?: string | undefined;
}

/** Whom a call by logical id is about, where the caller knows. */
export interface AboutPatient {
  /** For the audit. */
  readonly nhsNumber?: NhsNumber | undefined;
  /** Logical id at this practice: an appointment of anybody else is a bad response. */
  readonly patientId?: string | undefined;
}

/**
 * GP Connect at any practice, through the proxy. One call is one attempt: nothing is repeated here.
 *
 * Every method throws `UpstreamError` and nothing else. Its `service` is `PROVIDER` when the practice answered, or
 * the proxy says that it did not, else `SSP`. Its `reason` is one of `NO_SHARING_AGREEMENT`,
 * `SENDER_NOT_ACCREDITED`, `NOT_ON_GP_CONNECT`, `ENDPOINT_CHANGED` (look up again), `NOT_ENABLED`,
 * `NO_ORGANISATION_CONSENT`, `NO_PATIENT_CONSENT`, `NOT_SUPPORTED`; a Spine code of the practice
 * (`DUPLICATE_REJECTED`, `INVALID_RESOURCE`, …); for a 2xx that cannot be used `NOT_JSON`, `WRONG_RESOURCE`,
 * `OTHER_PATIENT` or `INCOMPLETE_ANSWER`; or undefined. A write that ended unclearly has `outcomeUnknown`. Writes
 * ignore the context's signal.
 *
 * Logical ids belong to one practice and mean nothing at another.
 */
export interface GpConnectClient {
  /** Whether the additions of GP Connect 1.2.8 are used: services, and slots of one service only. */
  readonly serviceFiltering: boolean;

  fetchCapabilities(practice: DirectoryEntry, context: CallContext): Promise<PracticeCapabilities>;

  /**
   * Free slots that have not begun, in order of time. Restricted ones come as the caller's organisation may see them. A
   * service that the practice does not know has none, and a warning says so.
   */
  searchFreeSlots(
    practice: DirectoryEntry,
    search: SlotSearch,
    context: CallContext,
  ): Promise<SlotSearchResponse>;

  /** Patients active at the practice under that number: none, one, or several where the practice holds doubles. */
  findPatient(
    practice: DirectoryEntry,
    nhsNumber: NhsNumber,
    context: CallContext,
  ): Promise<PracticePatient[]>;

  /** `DUPLICATE_REJECTED`, by 409 or 422: active there already. */
  registerPatient(
    practice: DirectoryEntry,
    registration: TemporaryRegistration,
    context: CallContext,
  ): Promise<PracticePatient>;

  /** `DUPLICATE_REJECTED`, by 409 or 422: the slot is taken, by us perhaps. */
  createAppointment(
    practice: DirectoryEntry,
    booking: NewAppointment,
    context: CallContext,
  ): Promise<PracticeAppointment>;

  /** All that start in the range, cancelled ones included, whoever booked them, in the practice's order. */
  fetchAppointments(
    practice: DirectoryEntry,
    patientId: string,
    range: DateRange,
    context: CallContext,
    about?: Pick<AboutPatient, "nhsNumber">,
  ): Promise<PracticeAppointment[]>;

  /** Future appointments only: practices refuse past ones. */
  readAppointment(
    practice: DirectoryEntry,
    id: string,
    context: CallContext,
    about?: AboutPatient,
  ): Promise<ReceivedAppointment>;

  /** 409 or 412: changed since it was read. */
  cancelAppointment(
    practice: DirectoryEntry,
    received: ReceivedAppointment,
    reason: string,
    context: CallContext,
    about?: Pick<AboutPatient, "nhsNumber">,
  ): Promise<PracticeAppointment>;

  /** 409 or 412: changed since it was read. */
  amendAppointment(
    practice: DirectoryEntry,
    received: ReceivedAppointment,
    changes: AppointmentChanges,
    context: CallContext,
    about?: Pick<AboutPatient, "nhsNumber">,
  ): Promise<PracticeAppointment>;

  readLocation(practice: DirectoryEntry, id: string, context: CallContext): Promise<Location>;

  readPractitioner(practice: DirectoryEntry, id: string, context: CallContext): Promise<Practitioner>;

  /** Only where `serviceFiltering` is on. Undefined when the practice does not know it. */
  readHealthcareService(
    practice: DirectoryEntry,
    id: string,
    context: CallContext,
  ): Promise<HealthcareService | undefined>;

  /** The practice itself, by its ODS code; undefined when its system does not know the code. */
  findOrganisation(practice: DirectoryEntry, context: CallContext): Promise<Organisation | undefined>;
}
