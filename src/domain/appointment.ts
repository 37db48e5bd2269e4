import type { CodedValue } from "./coded-value.js";
import type { HealthcareService } from "./slot.js";

/** The organisation that booked, as the appointment names it. Absent when the practice booked it. */
export interface BookingOrganisation {
  readonly odsCode?: string | undefined;
  readonly name?: string | undefined;
  readonly phone?: string | undefined;
}

/** A patient's appointments at one practice. */
export interface AppointmentList {
  readonly appointments: readonly PracticeAppointment[];
  /** What the reader must know about the response, in plain sentences that are safe to show. */
  readonly warnings: readonly string[];
  /** False when entries may be missing: then an appointment that is not listed may exist all the same. */
  readonly isComplete: boolean;
}

/** An appointment at one practice. Ids are logical ids of that practice's server. */
export interface PracticeAppointment {
  readonly id: string;
  /** `meta.versionId`, needed to change it. */
  readonly versionId: string;
  /** As sent: `booked`, `cancelled`, others from the practice's own system. */
  readonly status: string;
  readonly start: string;
  readonly end: string;
  readonly description?: string | undefined;
  readonly comment?: string | undefined;
  readonly created?: string | undefined;
  readonly cancellationReason?: string | undefined;
  readonly slotIds: readonly string[];
  readonly patientId?: string | undefined;
  readonly locationId?: string | undefined;
  /** The practitioner, or the first of several: see `practitionerIds`. */
  readonly practitionerId?: string | undefined;
  /** All practitioners. Absent means none. */
  readonly practitionerIds?: readonly string[] | undefined;
  /** Since 1.2.8. Without a name, unless the appointment displays one. */
  readonly service?: HealthcareService | undefined;
  readonly deliveryChannel?: string | undefined;
  readonly serviceType?: string | undefined;
  readonly scheduleType?: string | undefined;
  /** The role, or the first of several: see `practitionerRoles`. */
  readonly practitionerRole?: CodedValue | undefined;
  /** All roles. Absent means none. */
  readonly practitionerRoles?: readonly CodedValue[] | undefined;
  readonly bookingOrganisation?: BookingOrganisation | undefined;
}
