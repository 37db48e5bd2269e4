import { bookAppointment } from "./bookings.mjs";
import { fetchChargeableStatus } from "./chargeable-status.mjs";
import { loadPatient } from "./patients.mjs";
import { loadCapabilities, loadName } from "./practices.mjs";
import { freeSlots } from "./slots.mjs";

/** The part of the product's schema that the benchmark queries. The same operations run against all GraphQL services. */
export const typeDefs = /* GraphQL */ `
  scalar _Any
  union _Entity = Patient
  type Query {
    patient(nhsNumber: ID!): Patient
    practices(odsCodes: [ID!]!): [Practice]
    _entities(representations: [_Any!]!): [_Entity]!
  }
  type Mutation {
    bookAppointment(input: BookAppointmentInput!): BookAppointmentResult
  }
  input BookAppointmentInput {
    nhsNumber: ID!
    slotIds: [ID!]!
    description: String!
    idempotencyKey: ID
  }
  union BookAppointmentResult = AppointmentBooked
  type AppointmentBooked { appointment: Appointment! }
  type Appointment { id: ID! status: String start: String }
  type Patient { nhsNumber: ID! name: HumanName dateOfBirth: String gender: String chargeableStatus: ChargeableStatus practice: Practice }
  type ChargeableStatus { recorded: Boolean! status: CodedValue category: CodedValue }
  type CodedValue { display: String }
  type HumanName { display: String }
  type PracticeCapabilities { gpConnectVersion: String canBookAppointments: Boolean! }
  type Practice { odsCode: ID! name: String capabilities: PracticeCapabilities freeSlots(first: Int): [Slot!] }
  type Slot {
    id: ID!
    start: String!
    end: String!
    durationMinutes: Int!
    deliveryChannel: String
    type: String
    practitioner: SlotPractitioner
    location: SlotLocation
  }
  type SlotPractitioner { name: String role: CodedValue }
  type SlotLocation { name: String address: String }
`;

/** Thin resolvers over the functions that the hand-written REST service calls as well. `spine` is the request's context. */
export const resolvers = {
  Query: {
    patient: (_root, { nhsNumber }, { spine }) => loadPatient(spine, nhsNumber),
    practices: (_root, { odsCodes }) => odsCodes.map((odsCode) => ({ odsCode })),
    _entities: (_root, { representations }, { spine }) =>
      Promise.all(representations.map(({ nhsNumber }) => loadPatient(spine, nhsNumber))),
  },
  Mutation: {
    bookAppointment: (_root, { input }, { spine }) => bookAppointment(spine, input),
  },
  Patient: {
    chargeableStatus: ({ nhsNumber }, _args, { spine }) => fetchChargeableStatus(spine, nhsNumber),
    practice: ({ practiceCode }) => (practiceCode === undefined ? null : { odsCode: practiceCode }),
  },
  Practice: {
    name: ({ odsCode }, _args, { spine }) => loadName(spine, odsCode),
    capabilities: ({ odsCode }, _args, { spine }) => loadCapabilities(spine, odsCode),
    freeSlots: ({ odsCode }, { first }, { spine }) => freeSlots(spine, odsCode, first),
  },
  BookAppointmentResult: { resolveType: ({ __typename }) => __typename },
};

/** For the servers that build their schema with the names of `graphql-tools`. */
export const toolsResolvers = {
  ...resolvers,
  BookAppointmentResult: { __resolveType: ({ __typename }) => __typename },
  _Entity: { __resolveType: () => "Patient" },
};
