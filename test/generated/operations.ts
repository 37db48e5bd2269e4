/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** What to book, and for whom. */
export type BookAppointmentInput = {
  /** Go on although the practice's record differs from PDS: only after a `DemographicsMismatch` was shown to a person who decided so. */
  acknowledgeDiscrepancies?: boolean | null | undefined;
  /** Longer text for the practice, up to 500 characters. Administrative, not clinical. */
  comment?: string | null | undefined;
  /** Short text for the practice, 1 to 100 characters; longer is refused, never cut. Administrative, not clinical. */
  description: string;
  /** A key of your own making for this booking, known to nobody else. The same key gives the same answer, however often it is sent; with other content it is refused. Left out, one is made. */
  idempotencyKey?: string | null | undefined;
  /** The patient's NHS number. */
  nhsNumber: string;
  /** Register the patient temporarily when the practice does not know them. Left out, nobody is registered. */
  registerIfAbsent?: boolean | null | undefined;
  /** One slot, or several adjacent ones of one practice: same session, each beginning when the one before ends, same delivery channel, same type. */
  slotIds: Array<string>;
  /** Where the patient stays for the time being; used only when a registration is made. */
  temporaryAddress?: TemporaryAddressInput | null | undefined;
  /** On which number the patient is reached for the time being; used only when a registration is made. */
  temporaryPhone?: string | null | undefined;
  /** Details to hold against PDS before anything is booked. */
  verify?: PatientDetailsInput | null | undefined;
};

/** Which appointment to cancel, and why. */
export type CancelAppointmentInput = {
  /** Id of the appointment. */
  id: string;
  /** A key of your own making for this cancellation. The same key gives the same answer, however often it is sent; with other content it is refused. */
  idempotencyKey?: string | null | undefined;
  /** Why, in words for the practice. Some systems keep only about 150 characters of it. */
  reason: string;
  /** `version` of the appointment as you saw it: a later change by somebody else is not overwritten. */
  version: string;
};

/** What you know of the person from another source. A bare NHS number verifies nothing; with these details a wrong number is noticed. */
export type PatientDetailsInput = {
  /** Date of birth. */
  birthDate: string;
  /** Family name; its first three letters are compared. */
  familyName?: string | null | undefined;
  /** Given name; its first letter is compared. */
  givenName?: string | null | undefined;
};

/** An address for the time of a stay. The practice keeps it apart from the one on PDS. */
export type TemporaryAddressInput = {
  /** 1 to 5 lines, without the postcode. */
  lines: Array<string>;
  /** Postcode. */
  postalCode?: string | null | undefined;
};

export type PatientByNhsNumberQueryVariables = Exact<{
  nhsNumber: string;
}>;


export type PatientByNhsNumberQuery = { patient: { nhsNumber: string, requestedNhsNumber: string | null, dateOfBirth: string | null, gender: string | null, deceased: boolean, name: { display: string } | null, address: { lines: Array<string>, postalCode: string | null } | null } | null };

export type ChargeableStatusQueryVariables = Exact<{
  nhsNumber: string;
}>;


export type ChargeableStatusQuery = { patient: { name: { display: string } | null, chargeableStatus: { recorded: boolean, effectiveAt: string | null, status: { code: string | null, display: string | null } | null, category: { code: string | null, display: string | null } | null } | null } | null };

export type CardQueryVariables = Exact<{
  nhsNumber: string;
}>;


export type CardQuery = { patient: { nhsNumber: string, name: { display: string } | null, chargeableStatus: { recorded: boolean, status: { display: string | null } | null, category: { display: string | null } | null } | null, practice: { odsCode: string, name: string | null, capabilities: { gpConnectVersion: string | null, canBookAppointments: boolean } | null, freeSlots: Array<{ id: string, start: string, durationMinutes: number, deliveryChannel: string | null, type: string | null, practitioner: { name: string | null, role: { display: string | null } | null } | null, location: { name: string | null, address: string | null } | null }> | null } | null } | null };

export type BookAppointmentMutationVariables = Exact<{
  input: BookAppointmentInput;
}>;


export type BookAppointmentMutation = { bookAppointment:
    | { __typename: 'AppointmentBooked', recovered: boolean, registration: { type: string | null } | null, appointment: { id: string, version: string, status: string, start: string, end: string, description: string | null, location: { name: string | null } | null } }
    | { __typename: 'BookingOutcomeUnknown', code: string, message: string }
    | { __typename: 'DemographicsMismatch', code: string, message: string, differences: Array<{ field: string, ours: string | null, theirs: string | null }> }
    | { __typename: 'PatientNotAtPractice', code: string, message: string }
    | { __typename: 'PatientNotEligible', code: string, message: string }
    | { __typename: 'PatientNotFound', code: string, message: string }
    | { __typename: 'PracticeRefused', code: string, message: string }
    | { __typename: 'SlotUnavailable', code: string, message: string }
    | { __typename: 'SlotsNotBookableTogether', code: string, message: string }
   | null };

export type AppointmentsQueryVariables = Exact<{
  nhsNumber: string;
}>;


export type AppointmentsQuery = { patient: { appointments: Array<{ id: string, version: string, status: string, start: string, end: string, description: string | null, deliveryChannel: string | null, type: string | null, cancellationReason: string | null, practitioner: { name: string | null } | null, location: { name: string | null, address: string | null } | null, bookedBy: { odsCode: string | null, name: string | null } | null }> | null } | null };

export type CancelAppointmentMutationVariables = Exact<{
  input: CancelAppointmentInput;
}>;


export type CancelAppointmentMutation = { cancelAppointment:
    | { __typename: 'AppointmentCancelled', appointment: { id: string, status: string, version: string, cancellationReason: string | null } }
    | { __typename: 'AppointmentChanged', code: string, message: string, appointment: { status: string, version: string } }
    | { __typename: 'AppointmentNotChangeable', code: string, message: string }
    | { __typename: 'AppointmentNotFound', code: string, message: string }
    | { __typename: 'ChangeOutcomeUnknown', code: string, message: string }
    | { __typename: 'PatientNotEligible', code: string, message: string }
    | { __typename: 'PracticeRefused', code: string, message: string }
   | null };

export type PracticesQueryVariables = Exact<{
  odsCodes: Array<string> | string;
}>;


export type PracticesQuery = { practices: Array<{ odsCode: string, freeSlots: Array<{ id: string, start: string, type: string | null, location: { name: string | null } | null }> | null } | null> | null };

export type PracticeOfPatientQueryVariables = Exact<{
  nhsNumber: string;
}>;


export type PracticeOfPatientQuery = { patient: { name: { display: string } | null, practice: { odsCode: string, freeSlots: Array<{ id: string, start: string }> | null } | null, appointments: Array<{ id: string }> | null } | null };
