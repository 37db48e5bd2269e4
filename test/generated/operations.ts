/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** Which appointment to amend, and its new texts. Nothing else of an appointment can be amended. */
export type AmendAppointmentInput = {
  /** New longer text, up to 500 characters. Left out, it stays as it is; empty, it is taken away. Administrative, not clinical. */
  comment?: string | null | undefined;
  /** New short text, 1 to 100 characters; longer is refused, never cut. Left out, it stays as it is. Administrative, not clinical. */
  description?: string | null | undefined;
  /** Id of the appointment. */
  id: string;
  /** A key of your own making for this amendment. The same key gives the same result, however often it is sent; with other content it is refused. */
  idempotencyKey?: string | null | undefined;
  /** `version` of the appointment as you saw it: a later change by somebody else is not overwritten. */
  version: string;
};

/** What to book, and for whom. */
export type BookAppointmentInput = {
  /** Go on although the practice's record differs from PDS: only after a `DemographicsMismatch` was shown to a person who decided so. */
  acknowledgeDiscrepancies?: boolean | null | undefined;
  /** Longer text for the practice, up to 500 characters. Administrative, not clinical. */
  comment?: string | null | undefined;
  /** Short text for the practice, 1 to 100 characters; longer is refused, never cut. Administrative, not clinical. */
  description: string;
  /** A key of your own making for this booking, known to nobody else. The same key gives the same result, however often it is sent; with other content it is refused. Left out, one is made. */
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
  /** A key of your own making for this cancellation. The same key gives the same result, however often it is sent; with other content it is refused. */
  idempotencyKey?: string | null | undefined;
  /** Why, in words for the practice. Some systems keep only about 150 characters of it. */
  reason: string;
  /** `version` of the appointment as you saw it: a later change by somebody else is not overwritten. */
  version: string;
};

/** A detail of a patient that PDS and the practice both hold. */
export type DemographicField =
  /** Date of birth. */
  | 'BIRTH_DATE'
  /** Family name. */
  | 'FAMILY_NAME'
  /** Gender. */
  | 'GENDER'
  /** First given name. */
  | 'GIVEN_NAME';

/** What you know of the person from another source. An NHS number alone verifies nobody; these details reveal a wrong number. */
export type PatientDetailsInput = {
  /** Date of birth. */
  birthDate: string;
  /** Family name; its first three letters are compared. */
  familyName?: string | null | undefined;
  /** Given name; its first letter is compared. */
  givenName?: string | null | undefined;
};

/** What you know of a person whose NHS number you do not know. Needed at least: a family name (or its beginning) and a date of birth (or a range). With `fuzzy`: given name, family name and date of birth; or one of the names with date of birth, gender and postcode. */
export type PatientTraceInput = {
  /** Date of birth. */
  birthDate?: string | null | undefined;
  /** First day of a range of dates of birth, in place of `birthDate`. */
  birthDateFrom?: string | null | undefined;
  /** Last day of that range. */
  birthDateTo?: string | null | undefined;
  /** Date of death. */
  deathDate?: string | null | undefined;
  /** First day of a range of dates of death, in place of `deathDate`. */
  deathDateFrom?: string | null | undefined;
  /** Last day of that range. */
  deathDateTo?: string | null | undefined;
  /** E-mail address, whole. */
  email?: string | null | undefined;
  /** Find only what agrees in everything. Not with beginnings, not with `fuzzy`. */
  exact?: boolean | null | undefined;
  /** Family name, whole. Capitals do not matter. Asterisks are taken out. */
  family?: string | null | undefined;
  /** The beginning of the family name, two letters or more, in place of `family`. */
  familyStartsWith?: string | null | undefined;
  /** Also find names that sound alike, names in the other order, and earlier ones. Check who was found before you go on. */
  fuzzy?: boolean | null | undefined;
  /** Gender. Best omitted unless the search is fuzzy. */
  gender?: SpineGender | null | undefined;
  /** Given names in order, a compound name such as `John Paul` as one of them. Middle names can lose a match when PDS does not hold them. */
  given?: Array<string> | null | undefined;
  /** The beginning of the first given name, two letters or more, in place of `given`. */
  givenStartsWith?: string | null | undefined;
  /** Also find by earlier names, addresses, numbers and e-mail addresses. The result holds today's values, which may have nothing in common with your criteria. */
  includeHistory?: boolean | null | undefined;
  /** At most this many candidates, 1 to 50; the default is 50. It matters only where each user signs in to the Spine: otherwise one person is found or none. */
  maxResults?: number | null | undefined;
  /** Telephone number exactly as PDS holds it: `+44` and `0` are not made alike. */
  phone?: string | null | undefined;
  /** Postcode of any address that PDS holds; spaces and capitals do not matter. With it no restricted record is found, whoever is meant. */
  postcode?: string | null | undefined;
  /** The beginning of the postcode, two characters or more, in place of `postcode`. With it no restricted record is found either. */
  postcodeStartsWith?: string | null | undefined;
  /** ODS code of the practice where the person is registered. With it no restricted record is found. */
  practiceOdsCode?: string | null | undefined;
};

/** A field of `SlotFilter`. */
export type SlotAttribute =
  /** `adjacentSlots`. */
  | 'ADJACENT_SLOTS'
  /** `deliveryChannels`. */
  | 'DELIVERY_CHANNELS'
  /** `locationIds`. */
  | 'LOCATION_IDS'
  /** `minimumMinutes`. */
  | 'MINIMUM_MINUTES'
  /** `practitionerGenders`. */
  | 'PRACTITIONER_GENDERS'
  /** `practitionerName`. */
  | 'PRACTITIONER_NAME'
  /** `practitionerRoles`. */
  | 'PRACTITIONER_ROLES'
  /** `scheduleTypes`. */
  | 'SCHEDULE_TYPES'
  /** `timeOfDay`. */
  | 'TIME_OF_DAY'
  /** `types`. */
  | 'TYPES'
  /** `weekdays`. */
  | 'WEEKDAYS';

/** Which slots are wanted. An omitted field filters nothing. A slot must agree with every field that is given, and with one value of a list. Practices have no such filters: all their slots are fetched, and those that do not agree are withheld. A slot for which the practice gave no value is withheld when that value is filtered; `slotSearch` counts the withheld slots. Codes and texts are compared whatever their case. */
export type SlotFilter = {
  /** Only slots that are part of a run of this many, from 2 to 20, that may be booked as one appointment: each begins when the one before ends, in the same session, by the same delivery channel, of the same type. Each slot of the run agrees with the rest of the filter. `first` counts single slots, so it may cut a run short. */
  adjacentSlots?: number | null | undefined;
  /** How the patient is seen: `In-person`, `Telephone`, `Video`, or another code of the practice's. */
  deliveryChannels?: Array<string> | null | undefined;
  /** Ids of places, as in `location { localId }`. They are unique at their own practice only. */
  locationIds?: Array<string> | null | undefined;
  /** Least length of the single slot in minutes, from 1. */
  minimumMinutes?: number | null | undefined;
  /** Genders of the practitioner. */
  practitionerGenders?: Array<SpineGender> | null | undefined;
  /** A part of the practitioner's name, such as the family name. */
  practitionerName?: string | null | undefined;
  /** Codes of the job roles that a session may be for, as in `practitionerRole { code }`. */
  practitionerRoles?: Array<string> | null | undefined;
  /** Types of session as the practice names it, as in `scheduleType`. */
  scheduleTypes?: Array<string> | null | undefined;
  /** Part of the day that the slot lies wholly in. */
  timeOfDay?: SpineTimeOfDayInput | null | undefined;
  /** Types of slot as the practice names it, as in `type`. */
  types?: Array<string> | null | undefined;
  /** Days of the week on which the slot starts. */
  weekdays?: Array<SpineWeekday> | null | undefined;
};

/** An administrative gender to search or filter by, from FHIR's closed list. What a service sends is given as text. */
export type SpineGender =
  /** `female`. */
  | 'FEMALE'
  /** `male`. */
  | 'MALE'
  /** `other`. */
  | 'OTHER'
  /** `unknown`. */
  | 'UNKNOWN';

/** A part of the day by the clock on the wall in the United Kingdom, the same in summer and in winter. At least one end is needed. */
export type SpineTimeOfDayInput = {
  /** Earliest start, as `HH:MM` from `00:00`; the default is midnight. */
  from?: string | null | undefined;
  /** Latest end, as `HH:MM` up to `24:00`; the default is midnight. It must be later than `from`. */
  to?: string | null | undefined;
};

/** A day of the week. */
export type SpineWeekday =
  /** Friday. */
  | 'FRIDAY'
  /** Monday. */
  | 'MONDAY'
  /** Saturday. */
  | 'SATURDAY'
  /** Sunday. */
  | 'SUNDAY'
  /** Thursday. */
  | 'THURSDAY'
  /** Tuesday. */
  | 'TUESDAY'
  /** Wednesday. */
  | 'WEDNESDAY';

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


export type PatientByNhsNumberQuery = { patient: { nhsNumber: string, requestedNhsNumber: string | null, dateOfBirth: string | null, gender: string | null, deceased: boolean | null, name: { display: string } | null, address: { lines: Array<string>, postalCode: string | null } | null } | null };

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
    | { __typename: 'AppointmentBooked', recovered: boolean, registration: { type: string | null } | null, appointment: { id: string, version: string | null, status: string | null, start: string | null, end: string | null, description: string | null, location: { name: string | null } | null } }
    | { __typename: 'BookingOutcomeUnknown', code: string, message: string }
    | { __typename: 'DemographicsMismatch', code: string, message: string, differences: Array<{ field: DemographicField, ours: string | null, theirs: string | null }> }
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


export type AppointmentsQuery = { patient: { appointments: Array<{ id: string, version: string | null, status: string | null, start: string | null, end: string | null, description: string | null, deliveryChannel: string | null, type: string | null, cancellationReason: string | null, practitioner: { name: string | null } | null, location: { name: string | null, address: string | null } | null, bookedBy: { odsCode: string | null, name: string | null } | null }> | null } | null };

export type CancelAppointmentMutationVariables = Exact<{
  input: CancelAppointmentInput;
}>;


export type CancelAppointmentMutation = { cancelAppointment:
    | { __typename: 'AppointmentCancelled', appointment: { id: string, status: string | null, version: string | null, cancellationReason: string | null } }
    | { __typename: 'AppointmentChanged', code: string, message: string, appointment: { status: string | null, version: string | null } }
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

export type NextFreeSlotsQueryVariables = Exact<{
  odsCode: string;
  filter?: SlotFilter | null | undefined;
}>;


export type NextFreeSlotsQuery = { practice: { nextFreeSlots: Array<{ id: string, start: string, deliveryChannel: string | null, type: string | null }> | null, slotSearch: { from: string, searchedUntil: string, withheldTotal: number, warnings: Array<string>, withheldByFilter: Array<{ attribute: SlotAttribute, count: number }> } | null } | null };

export type TracePatientQueryVariables = Exact<{
  criteria: PatientTraceInput;
}>;


export type TracePatientQuery = { tracePatient:
    | { __typename: 'Patient', nhsNumber: string, dateOfBirth: string | null, name: { display: string } | null }
    | { __typename: 'PatientTraceCandidates', candidates: Array<{ nhsNumber: string, name: { display: string } | null }> }
    | { __typename: 'PatientTraceNoMatch', code: string, message: string }
    | { __typename: 'PatientTraceTooManyMatches', code: string, message: string }
   | null };

export type AmendAppointmentMutationVariables = Exact<{
  input: AmendAppointmentInput;
}>;


export type AmendAppointmentMutation = { amendAppointment:
    | { __typename: 'AppointmentAmended', appointment: { id: string, version: string | null, description: string | null } }
    | { __typename: 'AppointmentChanged', code: string, message: string }
    | { __typename: 'AppointmentNotChangeable', code: string, message: string }
    | { __typename: 'AppointmentNotFound', code: string, message: string }
    | { __typename: 'ChangeOutcomeUnknown', code: string, message: string }
    | { __typename: 'PatientNotEligible', code: string, message: string }
    | { __typename: 'PracticeRefused', code: string, message: string }
   | null };
