import { nhsNumbers, practiceCode, practiceOf } from "../upstreams/people.js";
import { type LoadRequest, SEQUENCE } from "./load.js";

/** What is sent to every service, once as GraphQL and once as the hand-written service takes it. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** Free slots of each practice. */
  readonly slots: number;
  /** Calls of one request when the directory is cached. */
  readonly calls: number;
  /** The member of `data` that the REST service returns as its body. */
  readonly field: string;
  readonly restPath: string;
  readonly graphql: readonly LoadRequest[];
  readonly rest: readonly LoadRequest[];
  /** Needs the slot ids of the service itself. */
  readonly books?: true;
}

const PATIENTS = nhsNumbers(1_000);
const SESSIONS = 100;
const SLOT = "id start end durationMinutes deliveryChannel type practitioner { name } location { name }";
const DEMOGRAPHICS = "nhsNumber name { display } dateOfBirth gender";
const PATIENT = `query Patient($nhsNumber: ID!) { patient(nhsNumber: $nhsNumber) { ${DEMOGRAPHICS} } }`;
const CARD = `query Card($nhsNumber: ID!, $first: Int) { patient(nhsNumber: $nhsNumber) { ${DEMOGRAPHICS} practice { odsCode freeSlots(first: $first) { ${SLOT} } } } }`;
const ENTITIES = `query Entities($representations: [_Any!]!) { _entities(representations: $representations) { ... on Patient { ${DEMOGRAPHICS} } } }`;
const PRACTICES = `query Practices($odsCodes: [ID!]!, $first: Int) { practices(odsCodes: $odsCodes) { odsCode freeSlots(first: $first) { ${SLOT} } } }`;
const BOOK =
  "mutation Book($input: BookAppointmentInput!) { bookAppointment(input: $input) { __typename ... on AppointmentBooked { appointment { id status start } } } }";

export const CARD_5 = card("card-5", "Card, the first 5 of 56 slots", 56, 5);
export const CARD_56 = card("card-56", "Card, all 56 slots", 56, undefined);
export const CARD_500 = card("card-500", "Card, all 500 slots", 500, undefined);

export const SESSION_PATIENT: Scenario = {
  name: "session",
  title: "Patient from the session",
  slots: 56,
  calls: 0,
  field: "patient",
  restPath: "/patient",
  graphql: inSessions((nhsNumber) => ({ query: PATIENT, variables: { nhsNumber } })),
  rest: inSessions((nhsNumber) => ({ nhsNumber })),
};

export const ENTITIES_50 = entities(50);
export const ENTITIES_500 = entities(500);

export const PRACTICES_200 = practices(
  "practices-200",
  "200 practices, the first 5 of 56 slots",
  200,
  200,
  5,
);
export const PRACTICES_10 = practices("practices-10", "10 practices, all 56 slots", 10, 10, undefined);

/** The shape of the usual benchmark of GraphQL over REST: a list of 100 that names 10 distinct parents. */
export const N_PLUS_ONE = practices("n-plus-1", "100 list items that name 10 practices", 100, 10, 1);

export const BOOKING: Scenario = {
  name: "booking",
  title: "Booking",
  slots: 500,
  calls: 3,
  field: "bookAppointment",
  restPath: "/bookings",
  // Filled in by bookingsWith, because each service has slot ids of its own.
  graphql: [],
  rest: [],
  books: true,
};

export const SCENARIOS = [
  CARD_5,
  CARD_56,
  SESSION_PATIENT,
  CARD_500,
  ENTITIES_50,
  ENTITIES_500,
  PRACTICES_10,
  PRACTICES_200,
  N_PLUS_ONE,
  BOOKING,
] as const;

/** `_entities` of so many patients of one session, or of none when each is to be fetched. */
export function entities(count: number, session?: string): Scenario {
  const lists = Array.from({ length: session === undefined ? 20 : 1 }, (_, list) =>
    Array.from({ length: count }, (__, index) => PATIENTS[(list * 50 + index) % PATIENTS.length] ?? ""),
  );
  const inSession = session === undefined ? {} : { session };
  return {
    name: `entities-${count}${session === undefined ? "" : "-session"}`,
    title: `${count} \`_entities\`${session === undefined ? "" : " from the session"}`,
    slots: 56,
    calls: session === undefined ? count : 0,
    field: "_entities",
    restPath: "/patients",
    graphql: lists.map((list) => ({
      ...inSession,
      body: JSON.stringify({
        query: ENTITIES,
        variables: { representations: list.map((nhsNumber) => ({ __typename: "Patient", nhsNumber })) },
      }),
    })),
    rest: lists.map((nhsNumbers) => ({ ...inSession, body: JSON.stringify({ nhsNumbers }) })),
  };
}

function card(name: string, title: string, slots: number, first: number | undefined): Scenario {
  return {
    ...{ name, title, slots, calls: 2, field: "patient", restPath: "/card" },
    graphql: PATIENTS.map((nhsNumber) => ({
      body: JSON.stringify({ query: CARD, variables: { nhsNumber, first } }),
    })),
    rest: PATIENTS.map((nhsNumber) => ({ body: JSON.stringify({ nhsNumber, first }) })),
  };
}

function practices(
  name: string,
  title: string,
  count: number,
  distinct: number,
  first: number | undefined,
): Scenario {
  const odsCodes = Array.from({ length: count }, (_, index) => practiceCode(index % distinct));
  return {
    ...{ name, title, slots: 56, calls: distinct, field: "practices", restPath: "/practices" },
    graphql: [{ body: JSON.stringify({ query: PRACTICES, variables: { odsCodes, first } }) }],
    rest: [{ body: JSON.stringify({ odsCodes, first }) }],
  };
}

function inSessions(toBody: (nhsNumber: string) => object): LoadRequest[] {
  return PATIENTS.slice(0, SESSIONS).map((nhsNumber, index) => ({
    session: `session-${index}`,
    body: JSON.stringify(toBody(nhsNumber)),
  }));
}

/** The query that shows a service's own slot ids, for {@link bookingsWith}. */
export const SLOTS_TO_BOOK = {
  graphql: PRACTICES,
  odsCodes: Array.from({ length: 10 }, (_, index) => practiceCode(index)),
} as const;

/**
 * One booking of each slot, each for a patient of its practice.
 *
 * @param slotIds the ids of a service, by practice.
 */
export function bookingsWith(
  slotIds: ReadonlyMap<string, readonly string[]>,
): Pick<Scenario, "graphql" | "rest"> {
  const inputs = [...slotIds].flatMap(([odsCode, ids]) => {
    const patients = PATIENTS.filter((nhsNumber) => practiceOf(nhsNumber) === odsCode);
    return ids.map((id, index) => ({
      nhsNumber: patients[index % patients.length],
      slotIds: [id],
      description: "Review",
      idempotencyKey: `booking-${SEQUENCE}`,
    }));
  });
  return {
    graphql: inputs.map((input) => ({ body: JSON.stringify({ query: BOOK, variables: { input } }) })),
    rest: inputs.map((input) => ({ body: JSON.stringify(input) })),
  };
}
