import { join } from "node:path";
import Fastify, { type FastifyInstance } from "fastify";
import { buildSchema, graphql } from "graphql";
import { type ExplorerPersonas, registerExplorer } from "../../src/server/explorer.js";
import { loadOperations } from "../../src/server/operations.js";
import { callLogOf, resolvers } from "./stub-responses.js";

const sdl = `
  type Query { patient(nhsNumber: ID!): Patient @cost(weight: 200) }
  type Patient { nhsNumber: ID! name: HumanName practice: Practice }
  type Practice { name: String @cost(weight: 80) freeSlots: [Slot!] @cost(weight: 5) @listSize(assumedSize: 50) }
`;

const schema = buildSchema(`
  type _Service { sdl: String }
  type Query {
    _service: _Service!
    "A patient by NHS number; null when PDS knows none."
    patient(nhsNumber: ID!): Patient
    practices(odsCodes: [ID!]!): [Practice]
  }
  type Mutation { bookAppointment(input: BookAppointmentInput!): BookAppointmentResult }
  type Patient { nhsNumber: ID! name: HumanName chargeableStatus: String practice: Practice }
  "A name. \`display\` is ready to show."
  type HumanName { display: String! family: String }
  type Practice { odsCode: ID! name: String freeSlots: [Slot!] }
  type Slot { id: ID! start: String! }
  input BookAppointmentInput { nhsNumber: ID! slotIds: [ID!]! description: String! }
  union BookAppointmentResult = AppointmentBooked | SlotUnavailable
  interface SpineProblem { code: String! message: String! }
  type AppointmentBooked { appointment: Appointment! }
  type SlotUnavailable implements SpineProblem { code: String! message: String! }
  type Appointment { id: ID! version: String! }
`);

const personas: ExplorerPersonas = {
  patients: [
    { nhsNumber: "9000000009", name: "Ada Quill", case: "Recorded status, registered, free slots" },
    { nhsNumber: "9000000025", name: "Tom Reed", case: "No record at V&M" },
    { nhsNumber: "9000000033", name: "May Stone", case: "Not registered anywhere" },
  ],
  practices: [
    { odsCode: "T81001", name: "Elm Street Surgery", case: "Books, has free slots" },
    { odsCode: "T81002", name: "Harbour Practice", case: "Responds slowly" },
  ],
};

/** A request that the stub received. */
export interface SentOperation {
  readonly operationName: string | undefined;
  readonly variables: Record<string, unknown>;
  readonly session: string | undefined;
  readonly trace: string | undefined;
}

export interface StubGraph {
  readonly app: FastifyInstance;
  readonly sent: SentOperation[];
  /** The variables of each request for a price alone. */
  readonly priced: Record<string, unknown>[];
}

/** A server with the explorer and a stub graph. The stub responds from memory and sends a scripted call log. */
export function createStubGraph(assetsDir: string): StubGraph {
  const app = Fastify();
  const sent: SentOperation[] = [];
  const priced: Record<string, unknown>[] = [];
  const operations = loadOperations(join(__dirname, "operations"));
  registerExplorer(app, { assetsDir, operations, personas, graphqlPath: "/graphql" });
  app.post<{ Body: { query: string; operationName?: string; variables: Record<string, unknown> } }>(
    "/graphql",
    async (request) => {
      const { query: source, operationName, variables } = request.body;
      if (request.headers["spine-cost-only"] === "1") {
        priced.push(variables);
        if (source.includes("tooMuch"))
          return { errors: [{ message: "The operation costs 30000, and the limit is 20000." }] };
        return { data: null, extensions: { spine: { cost: { price: 1_312, limit: 20_000 } } } };
      }
      const session = request.headers["spine-session"]?.toString();
      const again = sent.some((one) => one.session === session && one.operationName === operationName);
      if (operationName !== "IntrospectionQuery" && operationName !== "ServiceSdl") {
        const trace = request.headers["spine-trace"]?.toString();
        sent.push({ operationName, variables, session, trace });
      }
      const result = await graphql({
        schema,
        source,
        rootValue: { ...resolvers, _service: { sdl } },
        variableValues: variables,
        operationName,
      });
      return { ...result, extensions: { spine: callLogOf(operationName, again) } };
    },
  );
  return { app, sent, priced };
}
