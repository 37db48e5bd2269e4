/**
 * A server's view of one patient: who they are, whether they are chargeable, and the next free slots at their practice.
 * The types of the result come from the query, by the client preset of `codegen.yml`.
 */
import { fetch } from "undici";
import { graphql } from "./generated/gql.js";
import type { PatientCardQuery, PatientCardQueryVariables } from "./generated/graphql.js";

const PATIENT_CARD = graphql(`
  query PatientCard($nhsNumber: ID!) {
    patient(nhsNumber: $nhsNumber) {
      name { display }
      chargeableStatus { recorded status { display } }
      practice { odsCode name nextFreeSlots(first: 3) { id start deliveryChannel } }
    }
  }
`);

interface GraphQLResponse<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly { readonly message: string; readonly path?: readonly (string | number)[] }[];
}

/** Fetches the card. A field that failed is null, and an error with its path says why: show both. */
async function fetchPatientCard(
  url: string,
  variables: PatientCardQueryVariables,
): Promise<GraphQLResponse<PatientCardQuery>> {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/graphql-response+json, application/json",
      // Requests of one encounter share what they may reuse.
      "spine-session": "example-encounter",
      ...(process.env.TOKEN !== undefined && { authorization: `Bearer ${process.env.TOKEN}` }),
    },
    body: JSON.stringify({ query: PATIENT_CARD.toString(), variables }),
    signal: AbortSignal.timeout(25_000),
  });
  return (await response.json()) as GraphQLResponse<PatientCardQuery>;
}

/** The lines that this example prints. */
function toLines({ data, errors = [] }: GraphQLResponse<PatientCardQuery>): string[] {
  const failed = errors.map(({ message, path = [] }) => `Not known: ${path.join(".")}: ${message}`);
  const patient = data?.patient;
  if (!patient) return failed.length > 0 ? failed : ["PDS knows no such patient."];
  const { chargeableStatus, practice } = patient;
  const slots = practice?.nextFreeSlots?.map(
    ({ start, deliveryChannel }) => `  ${start} ${deliveryChannel ?? ""}`,
  );
  return [
    `Patient: ${patient.name?.display ?? "name withheld"}`,
    ...(chargeableStatus
      ? [
          `Chargeable status: ${chargeableStatus.recorded ? (chargeableStatus.status?.display ?? "not given") : "no record"}`,
        ]
      : []),
    ...(practice ? [`Practice: ${practice.name ?? practice.odsCode}`] : []),
    ...(slots ? ["Next free slots:", ...slots] : []),
    ...failed,
  ];
}

async function main(): Promise<void> {
  const [nhsNumber = "9000000009"] = process.argv.slice(2);
  const card = await fetchPatientCard(process.env.GRAPH_URL ?? "http://localhost:4000/graphql", {
    nhsNumber,
  });
  for (const line of toLines(card)) console.log(line);
  if (card.errors) process.exitCode = 1;
}

void main();
