import { graphql } from "./generated/gql.js";

export const FIND_PATIENT = graphql(`
  query FindPatient($nhsNumber: ID!) {
    patient(nhsNumber: $nhsNumber) {
      nhsNumber
      name { display }
      dateOfBirth
      chargeableStatus { recorded status { display } category { display } }
      practice { odsCode name nextFreeSlots(first: 6) { id start deliveryChannel location { name } } }
    }
  }
`);

export const BOOK = graphql(`
  mutation Book($input: BookAppointmentInput!) {
    bookAppointment(input: $input) {
      __typename
      ... on AppointmentBooked { appointment { id version start } warnings }
      ... on BookingOutcomeUnknown { handle settlesAt }
      ... on SpineProblem { code message }
    }
  }
`);

export const BOOKING_OUTCOME = graphql(`
  query BookingOutcome($handle: ID!) {
    bookingOutcome(handle: $handle) {
      __typename
      ... on AppointmentBooked { appointment { id version start } warnings }
      ... on BookingOutcomeUnknown { handle settlesAt }
      ... on SpineProblem { code message }
    }
  }
`);

export const CANCEL = graphql(`
  mutation Cancel($input: CancelAppointmentInput!) {
    cancelAppointment(input: $input) {
      __typename
      ... on AppointmentCancelled { appointment { status } warnings }
      ... on ChangeOutcomeUnknown { handle settlesAt }
      ... on SpineProblem { code message }
    }
  }
`);
