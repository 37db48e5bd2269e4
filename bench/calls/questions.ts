import type { NhsNumber } from "../../src/domain/nhs-number.js";
import type { Question } from "../kit/graph.js";
import { operation } from "../kit/repository.js";
import type { AskInSession } from "./case.js";

/** Some fields of one patient. */
export function forPatient(nhsNumber: NhsNumber, selection: string): Question {
  return {
    query: `query ($nhsNumber: ID!) { patient(nhsNumber: $nhsNumber) { ${selection} } }`,
    variables: { nhsNumber },
  };
}

/** The card, as documented. */
export function cardQuestion(nhsNumber: NhsNumber): Question {
  return { query: operation("03-card"), variables: { nhsNumber } };
}

/** Has slots shown, and gives the booking of the first. @throws when a booking of it cannot be asked for. */
export async function showAndBook(ask: AskInSession, nhsNumber: NhsNumber): Promise<Question> {
  const { data } = await ask(forPatient(nhsNumber, "practice { freeSlots(first: 1) { id } }"));
  const shown = data as { patient: { practice: { freeSlots: readonly { id: string }[] } } };
  const slotIds = shown.patient.practice.freeSlots.map(({ id }) => id);
  if (slotIds.length === 0) throw new Error("there is no free slot");
  return {
    query:
      "mutation ($input: BookAppointmentInput!) { bookAppointment(input: $input) { __typename ... on AppointmentBooked { appointment { id status } } } }",
    variables: { input: { nhsNumber, slotIds, description: "Review" } },
  };
}
