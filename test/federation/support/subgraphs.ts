import { buildSubgraphSchema } from "@apollo/subgraph";
import { execute, parse } from "graphql";
import { request } from "undici";
import { type LocalServer, sendJson, startLocalServer } from "../../support/local-server.js";

export interface TestSubgraph {
  readonly name: string;
  readonly sdl: string;
  readonly url: string;
  readonly server: LocalServer;
  close(): Promise<void>;
}

const FEDERATION = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])`;

/**
 * Another team's subgraph. It adds fields to our entities, and has types of its own with the names that general types
 * usually have.
 */
export const CARE_SDL = `${FEDERATION}
  type Query { visits: [Visit!]!  problems: [Problem!]!  patientSummary(nhsNumber: ID!): Patient }
  type Visit { id: ID!  patient: Patient!  practice: Practice  on: Weekday }
  type Patient @key(fields: "nhsNumber") { nhsNumber: ID!  preferredLanguage: String  carePlan: CarePlan }
  type CarePlan { title: String!  reviewedBy: Practice }
  type Practice @key(fields: "odsCode") { odsCode: ID!  parking: String  postalAddress: PostalAddress }
  type PostalAddress @shareable { line: String! }
  type Problem { id: ID!  text: String!  gender: Gender }
  enum Weekday { MONDAY SUNDAY }
  enum Gender { F M }
`;

/** A subgraph that refers to our entities and adds nothing to them. */
export const REFERRALS_SDL = `${FEDERATION}
  type Query { referrals: [Referral!]! }
  type Referral { id: ID!  patient: Patient  to: Practice  appointment: Appointment }
  type Patient @key(fields: "nhsNumber", resolvable: false) { nhsNumber: ID! }
  type Practice @key(fields: "odsCode", resolvable: false) { odsCode: ID! }
  type Appointment @key(fields: "id", resolvable: false) { id: ID! }
`;

/** Patients of the visits, in their order. A test may change them. */
export interface CareData {
  patients: readonly string[];
  practice: string;
}

type Reference = Readonly<Record<string, string>>;

export function startCareSubgraph(data: CareData): Promise<TestSubgraph> {
  const patient = (nhsNumber: string) => ({
    nhsNumber,
    preferredLanguage: `language of ${nhsNumber}`,
    carePlan: { title: `plan of ${nhsNumber}`, reviewedBy: { odsCode: data.practice } },
  });
  return startSubgraph("care", CARE_SDL, {
    Query: {
      visits: () =>
        data.patients.map((nhsNumber, index) => ({
          id: String(index),
          patient: patient(nhsNumber),
          practice: { odsCode: data.practice },
          on: "MONDAY",
        })),
      problems: () => [{ id: "1", text: "a problem", gender: "F" }],
      patientSummary: (_: unknown, { nhsNumber }: Reference) => patient(nhsNumber ?? ""),
    },
    Patient: { __resolveReference: ({ nhsNumber = "" }: Reference) => patient(nhsNumber) },
    Practice: {
      __resolveReference: ({ odsCode }: Reference) => ({ odsCode }),
      parking: ({ odsCode }: Reference) => `parking of ${odsCode}`,
      postalAddress: () => ({ line: "1 High Street" }),
    },
  });
}

export function startReferralsSubgraph(
  referrals: readonly {
    readonly id: string;
    readonly patient?: Reference;
    readonly to?: Reference;
    readonly appointment?: Reference;
  }[],
): Promise<TestSubgraph> {
  return startSubgraph("referrals", REFERRALS_SDL, { Query: { referrals: () => referrals } });
}

/** Serves one SDL on a free port, over HTTP as gateways call it. */
export async function startSubgraph(name: string, sdl: string, resolvers: object): Promise<TestSubgraph> {
  const schema = buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolvers as never }]);
  const server = await startLocalServer(async ({ body }, response) => {
    const { query, variables, operationName } = JSON.parse(body);
    const result = await execute({
      schema,
      document: parse(query),
      variableValues: variables,
      operationName,
    });
    sendJson(response, 200, result, { "content-type": "application/json" });
  });
  return { name, sdl, url: `${server.url}/graphql`, server, close: () => server.close() };
}

/** Stands between the gateways and another server, and notes what they send. */
export function startRecorder(target: string): Promise<LocalServer> {
  return startLocalServer(async ({ method, path, headers, body }, response) => {
    const { host: _host, connection: _connection, "content-length": _length, ...rest } = headers;
    const answer = await request(new URL(path, target), { method: method as "POST", headers: rest, body });
    response.writeHead(answer.statusCode, { "content-type": String(answer.headers["content-type"]) });
    response.end(await answer.body.text());
  });
}
