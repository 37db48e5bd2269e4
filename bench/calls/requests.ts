import type { NhsNumber } from "../../src/domain/nhs-number.js";
import type { GraphqlRequest } from "../kit/graph.js";
import { operation } from "../kit/repository.js";
import type { SendInSession } from "./case.js";

/** A query for some fields of one patient. */
export function forPatient(nhsNumber: NhsNumber, selection: string): GraphqlRequest {
  return {
    query: `query ($nhsNumber: ID!) { patient(nhsNumber: $nhsNumber) { ${selection} } }`,
    variables: { nhsNumber },
  };
}

/** The query of the card from the example operations. */
export function cardRequest(nhsNumber: NhsNumber): GraphqlRequest {
  return { query: operation("03-card"), variables: { nhsNumber } };
}

/** Fetches slots and returns the mutation that books the first. @throws if there is no free slot. */
export async function showAndBook(send: SendInSession, nhsNumber: NhsNumber): Promise<GraphqlRequest> {
  const { data } = await send(forPatient(nhsNumber, "practice { freeSlots(first: 1) { id } }"));
  const shown = data as { patient: { practice: { freeSlots: readonly { id: string }[] } } };
  const slotIds = shown.patient.practice.freeSlots.map(({ id }) => id);
  if (slotIds.length === 0) throw new Error("there is no free slot");
  return {
    query:
      "mutation ($input: BookAppointmentInput!) { bookAppointment(input: $input) { __typename ... on AppointmentBooked { appointment { id status } } } }",
    variables: { input: { nhsNumber, slotIds, description: "Review" } },
  };
}
