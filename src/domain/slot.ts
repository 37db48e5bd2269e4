import type { CodedValue } from "./coded-value.js";
import type { HumanName } from "./patient.js";

export interface Practitioner {
  readonly id: string;
  readonly name?: HumanName | undefined;
  readonly gender?: string | undefined;
}

export interface Location {
  readonly id: string;
  readonly name?: string | undefined;
  readonly addressLines: readonly string[];
  readonly postalCode?: string | undefined;
  readonly phone?: string | undefined;
}

export interface Organisation {
  readonly odsCode?: string | undefined;
  readonly name?: string | undefined;
  readonly addressLines: readonly string[];
  readonly postalCode?: string | undefined;
  readonly phone?: string | undefined;
}

/** A service of the Directory of Services, as a practice on GP Connect 1.2.8 records it. */
export interface HealthcareService {
  readonly id: string;
  readonly name?: string | undefined;
}

/** A free slot with what its schedule says, joined. Ids are logical ids at one practice's server. */
export interface Slot {
  readonly id: string;
  /** Start and end exactly as the practice wrote them. A booking sends them back, and practices compare each character. */
  readonly start: string;
  readonly end: string;
  readonly scheduleId: string;
  /** `In-person`, `Telephone`, `Video`, …: open list. */
  readonly deliveryChannel?: string | undefined;
  readonly serviceType?: string | undefined;
  readonly scheduleType?: string | undefined;
  /** The role, or the first of several: see `practitionerRoles`. */
  readonly practitionerRole?: CodedValue | undefined;
  /** All roles of the schedule. Absent means none. */
  readonly practitionerRoles?: readonly CodedValue[] | undefined;
  /** The practitioner, or the first of several: see `practitioners`. */
  readonly practitioner?: Practitioner | undefined;
  /** All practitioners of the schedule. Absent means none. */
  readonly practitioners?: readonly Practitioner[] | undefined;
  readonly location: Location;
  /** Absent at practices before 1.2.8, and where the schedule belongs to no service. */
  readonly service?: HealthcareService | undefined;
}

/** The response to one slot search at one practice. */
export interface SlotSearchResponse {
  readonly slots: readonly Slot[];
  /** The practice itself, when the response includes it. */
  readonly organisation?: Organisation | undefined;
  /** What the reader must know about the response, in plain sentences that are safe to show. */
  readonly warnings?: readonly string[] | undefined;
  /**
   * Entries of the response that could not be used and were left out, such as a slot without an end or a status. Absent
   * means none. Free slots may have been among them, so without any other slot the practice has not said that there are
   * none.
   */
  readonly unusableEntries?: number | undefined;
  /** `enabled`, `organization-disabled`, `supplier-disabled`, as sent, after a search for one service. */
  readonly serviceFiltering?: string | undefined;
}
