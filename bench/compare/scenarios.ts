import { operation } from "../kit/repository.js";
import { nhsNumbers, practiceCode, practiceOf } from "../upstreams/people.js";
import { type LoadRequest, SEQUENCE } from "./load.js";

/** What is sent to every service, once as GraphQL and once as the hand-written service takes it. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** Free slots of each practice. */
  readonly slots: number;
  /** Requests of one round, fewer where the machine is slow. */
  readonly requests: number;
  /** The member of `data` that the REST service returns as its body. */
  readonly field: string;
  readonly restPath: string;
  readonly graphql: readonly LoadRequest[];
  readonly rest: readonly LoadRequest[];
  /** Needs the slot ids of the service itself. */
  readonly books?: true;
}

const PATIENTS = nhsNumbers(1_000);
/** As many as connections, so that a short warm-up has seen all. */
const SESSIONS = 16;
/** As the example operation of the card has it. */
const SLOT =
  "id start durationMinutes deliveryChannel type practitioner { name role { display } } location { name address }";
const DEMOGRAPHICS = "nhsNumber name { display } dateOfBirth gender";
const PATIENT = `query Patient($nhsNumber: ID!) { patient(nhsNumber: $nhsNumber) { ${DEMOGRAPHICS} } }`;
const ENTITIES = `query Entities($representations: [_Any!]!) { _entities(representations: $representations) { ... on Patient { ${DEMOGRAPHICS} } } }`;
const PRACTICES = `query Practices($odsCodes: [ID!]!, $first: Int) { practices(odsCodes: $odsCodes) { odsCode freeSlots(first: $first) { ${SLOT} } } }`;
const BOOK =
  "mutation Book($input: BookAppointmentInput!) { bookAppointment(input: $input) { __typename ... on AppointmentBooked { appointment { id status start } } } }";

export const CARD_5 = card("card-5", "Warm card, the first 5 of 56 slots", 56, 5);
export const CARD_56 = card("card-56", "Warm card, all 56 slots", 56, undefined);
export const CARD_500 = card("card-500", "Warm card, all 500 slots", 500, undefined);
export const COLD_CARD = card("cold-card", "Card of a new session, the first 5 of 56 slots", 56, 5, false);

export const SESSION_PATIENT: Scenario = {
  name: "session",
  title: "Patient from the session",
  slots: 56,
  requests: 3_000,
  field: "patient",
  restPath: "/patient",
  graphql: inSessions((nhsNumber) => ({ query: PATIENT, variables: { nhsNumber } })),
  rest: inSessions((nhsNumber) => ({ nhsNumber })),
};

/** One call, which the measurement of memory holds back. */
export const COLD_PATIENT: Scenario = {
  ...SESSION_PATIENT,
  name: "patient",
  title: "Patient of a new session",
  graphql: PATIENTS.map((nhsNumber) => toLoadRequest(PATIENT, { nhsNumber })),
  rest: PATIENTS.map((nhsNumber) => ({ body: JSON.stringify({ nhsNumber }) })),
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
  requests: 300,
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
  PRACTICES_10,
  COLD_CARD,
  N_PLUS_ONE,
  BOOKING,
  ENTITIES_50,
  CARD_500,
  ENTITIES_500,
  PRACTICES_200,
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
    requests: requestsFor(count),
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

/** A round of wide requests needs fewer of them. */
function requestsFor(parts: number): number {
  return Math.min(3_000, Math.max(16, Math.round(2_000 / parts)));
}

/** The example operation of the card. Warm: in a session that has the patient and the directory, so V&M and slots. */
function card(
  name: string,
  title: string,
  slots: number,
  first: number | undefined,
  isWarm = true,
): Scenario {
  const query = operation("03-card").replace("(first: 5)", first === undefined ? "" : `(first: ${first})`);
  const patients = isWarm ? PATIENTS.slice(0, SESSIONS) : PATIENTS;
  const sessionOf = (index: number) => (isWarm ? { session: `session-${index}` } : {});
  return {
    ...{ name, title, slots, requests: slots > 100 ? 150 : 400, field: "patient", restPath: "/card" },
    graphql: patients.map((nhsNumber, index) => ({
      ...sessionOf(index),
      body: JSON.stringify({ query, variables: { nhsNumber } }),
    })),
    rest: patients.map((nhsNumber, index) => ({
      ...sessionOf(index),
      body: JSON.stringify({ nhsNumber, first }),
    })),
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
    ...{
      name,
      title,
      slots: 56,
      requests: requestsFor(distinct),
      field: "practices",
      restPath: "/practices",
    },
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

function toLoadRequest(query: string, variables: object): LoadRequest {
  return { body: JSON.stringify({ query, variables }) };
}
