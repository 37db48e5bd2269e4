/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
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

/** What you know of the person from another source. An NHS number alone verifies nobody; these details reveal a wrong number. */
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

export type FindPatientQueryVariables = Exact<{
  nhsNumber: string;
}>;


export type FindPatientQuery = { patient: { nhsNumber: string, dateOfBirth: string | null, name: { display: string } | null, chargeableStatus: { recorded: boolean, status: { display: string | null } | null, category: { display: string | null } | null } | null, practice: { odsCode: string, name: string | null, nextFreeSlots: Array<{ id: string, start: string, deliveryChannel: string | null, location: { name: string | null } | null }> | null } | null } | null };

export type BookMutationVariables = Exact<{
  input: BookAppointmentInput;
}>;


export type BookMutation = { bookAppointment:
    | { __typename: 'AppointmentBooked', warnings: Array<string>, appointment: { id: string, version: string | null, start: string | null } }
    | { __typename: 'BookingOutcomeUnknown', handle: string, settlesAt: string, code: string, message: string }
    | { __typename: 'DemographicsMismatch', code: string, message: string }
    | { __typename: 'PatientNotAtPractice', code: string, message: string }
    | { __typename: 'PatientNotEligible', code: string, message: string }
    | { __typename: 'PatientNotFound', code: string, message: string }
    | { __typename: 'PracticeRefused', code: string, message: string }
    | { __typename: 'SlotUnavailable', code: string, message: string }
    | { __typename: 'SlotsNotBookableTogether', code: string, message: string }
   | null };

export type BookingOutcomeQueryVariables = Exact<{
  handle: string;
}>;


export type BookingOutcomeQuery = { bookingOutcome:
    | { __typename: 'AppointmentBooked', warnings: Array<string>, appointment: { id: string, version: string | null, start: string | null } }
    | { __typename: 'BookingOutcomeUnknown', handle: string, settlesAt: string, code: string, message: string }
    | { __typename: 'DemographicsMismatch', code: string, message: string }
    | { __typename: 'PatientNotAtPractice', code: string, message: string }
    | { __typename: 'PatientNotEligible', code: string, message: string }
    | { __typename: 'PatientNotFound', code: string, message: string }
    | { __typename: 'PracticeRefused', code: string, message: string }
    | { __typename: 'SlotUnavailable', code: string, message: string }
    | { __typename: 'SlotsNotBookableTogether', code: string, message: string }
   | null };

export type CancelMutationVariables = Exact<{
  input: CancelAppointmentInput;
}>;


export type CancelMutation = { cancelAppointment:
    | { __typename: 'AppointmentCancelled', warnings: Array<string>, appointment: { status: string | null } }
    | { __typename: 'AppointmentChanged', code: string, message: string }
    | { __typename: 'AppointmentNotChangeable', code: string, message: string }
    | { __typename: 'AppointmentNotFound', code: string, message: string }
    | { __typename: 'ChangeOutcomeUnknown', handle: string, settlesAt: string, code: string, message: string }
    | { __typename: 'PatientNotEligible', code: string, message: string }
    | { __typename: 'PracticeRefused', code: string, message: string }
   | null };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}

export const FindPatientDocument = new TypedDocumentString(`
    query FindPatient($nhsNumber: ID!) {
  patient(nhsNumber: $nhsNumber) {
    nhsNumber
    name {
      display
    }
    dateOfBirth
    chargeableStatus {
      recorded
      status {
        display
      }
      category {
        display
      }
    }
    practice {
      odsCode
      name
      nextFreeSlots(first: 6) {
        id
        start
        deliveryChannel
        location {
          name
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<FindPatientQuery, FindPatientQueryVariables>;
export const BookDocument = new TypedDocumentString(`
    mutation Book($input: BookAppointmentInput!) {
  bookAppointment(input: $input) {
    __typename
    ... on AppointmentBooked {
      appointment {
        id
        version
        start
      }
      warnings
    }
    ... on BookingOutcomeUnknown {
      handle
      settlesAt
    }
    ... on SpineProblem {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<BookMutation, BookMutationVariables>;
export const BookingOutcomeDocument = new TypedDocumentString(`
    query BookingOutcome($handle: ID!) {
  bookingOutcome(handle: $handle) {
    __typename
    ... on AppointmentBooked {
      appointment {
        id
        version
        start
      }
      warnings
    }
    ... on BookingOutcomeUnknown {
      handle
      settlesAt
    }
    ... on SpineProblem {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<BookingOutcomeQuery, BookingOutcomeQueryVariables>;
export const CancelDocument = new TypedDocumentString(`
    mutation Cancel($input: CancelAppointmentInput!) {
  cancelAppointment(input: $input) {
    __typename
    ... on AppointmentCancelled {
      appointment {
        status
      }
      warnings
    }
    ... on ChangeOutcomeUnknown {
      handle
      settlesAt
    }
    ... on SpineProblem {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<CancelMutation, CancelMutationVariables>;