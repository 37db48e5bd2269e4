/* eslint-disable */
import * as types from './graphql';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  query FindPatient($nhsNumber: ID!) {\n    patient(nhsNumber: $nhsNumber) {\n      nhsNumber\n      name { display }\n      dateOfBirth\n      chargeableStatus { recorded status { display } category { display } }\n      practice { odsCode name nextFreeSlots(first: 6) { id start deliveryChannel location { name } } }\n    }\n  }\n": typeof types.FindPatientDocument,
    "\n  mutation Book($input: BookAppointmentInput!) {\n    bookAppointment(input: $input) {\n      __typename\n      ... on AppointmentBooked { appointment { id version start } warnings }\n      ... on BookingOutcomeUnknown { handle settlesAt }\n      ... on SpineProblem { code message }\n    }\n  }\n": typeof types.BookDocument,
    "\n  query BookingOutcome($handle: ID!) {\n    bookingOutcome(handle: $handle) {\n      __typename\n      ... on AppointmentBooked { appointment { id version start } warnings }\n      ... on BookingOutcomeUnknown { handle settlesAt }\n      ... on SpineProblem { code message }\n    }\n  }\n": typeof types.BookingOutcomeDocument,
    "\n  mutation Cancel($input: CancelAppointmentInput!) {\n    cancelAppointment(input: $input) {\n      __typename\n      ... on AppointmentCancelled { appointment { status } warnings }\n      ... on ChangeOutcomeUnknown { handle settlesAt }\n      ... on SpineProblem { code message }\n    }\n  }\n": typeof types.CancelDocument,
};
const documents: Documents = {
    "\n  query FindPatient($nhsNumber: ID!) {\n    patient(nhsNumber: $nhsNumber) {\n      nhsNumber\n      name { display }\n      dateOfBirth\n      chargeableStatus { recorded status { display } category { display } }\n      practice { odsCode name nextFreeSlots(first: 6) { id start deliveryChannel location { name } } }\n    }\n  }\n": types.FindPatientDocument,
    "\n  mutation Book($input: BookAppointmentInput!) {\n    bookAppointment(input: $input) {\n      __typename\n      ... on AppointmentBooked { appointment { id version start } warnings }\n      ... on BookingOutcomeUnknown { handle settlesAt }\n      ... on SpineProblem { code message }\n    }\n  }\n": types.BookDocument,
    "\n  query BookingOutcome($handle: ID!) {\n    bookingOutcome(handle: $handle) {\n      __typename\n      ... on AppointmentBooked { appointment { id version start } warnings }\n      ... on BookingOutcomeUnknown { handle settlesAt }\n      ... on SpineProblem { code message }\n    }\n  }\n": types.BookingOutcomeDocument,
    "\n  mutation Cancel($input: CancelAppointmentInput!) {\n    cancelAppointment(input: $input) {\n      __typename\n      ... on AppointmentCancelled { appointment { status } warnings }\n      ... on ChangeOutcomeUnknown { handle settlesAt }\n      ... on SpineProblem { code message }\n    }\n  }\n": types.CancelDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query FindPatient($nhsNumber: ID!) {\n    patient(nhsNumber: $nhsNumber) {\n      nhsNumber\n      name { display }\n      dateOfBirth\n      chargeableStatus { recorded status { display } category { display } }\n      practice { odsCode name nextFreeSlots(first: 6) { id start deliveryChannel location { name } } }\n    }\n  }\n"): typeof import('./graphql').FindPatientDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Book($input: BookAppointmentInput!) {\n    bookAppointment(input: $input) {\n      __typename\n      ... on AppointmentBooked { appointment { id version start } warnings }\n      ... on BookingOutcomeUnknown { handle settlesAt }\n      ... on SpineProblem { code message }\n    }\n  }\n"): typeof import('./graphql').BookDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query BookingOutcome($handle: ID!) {\n    bookingOutcome(handle: $handle) {\n      __typename\n      ... on AppointmentBooked { appointment { id version start } warnings }\n      ... on BookingOutcomeUnknown { handle settlesAt }\n      ... on SpineProblem { code message }\n    }\n  }\n"): typeof import('./graphql').BookingOutcomeDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Cancel($input: CancelAppointmentInput!) {\n    cancelAppointment(input: $input) {\n      __typename\n      ... on AppointmentCancelled { appointment { status } warnings }\n      ... on ChangeOutcomeUnknown { handle settlesAt }\n      ... on SpineProblem { code message }\n    }\n  }\n"): typeof import('./graphql').CancelDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
