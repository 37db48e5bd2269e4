import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PERSONAS } from "../../src/sandbox/index.js";
import { describeNeeding } from "../support/needs.js";
import type { GraphqlResult } from "./support/gateways.js";
import { type Supergraph, startSupergraph } from "./support/supergraph.js";

// A gateway needs a few seconds to start, more on a busy machine.
jest.setTimeout(120_000);

const DIRECTORY = join(__dirname, "..", "operations");
const QUERIES = readdirSync(DIRECTORY)
  .filter((name) => name.endsWith(".graphql"))
  .map((name) => ({
    name,
    text: readFileSync(join(DIRECTORY, name), "utf8"),
    variables: JSON.parse(readFileSync(join(DIRECTORY, name.replace(/graphql$/, "variables.json")), "utf8")),
  }))
  .filter(({ text }) => /^query /m.test(text));

/** Of a person in the sandbox whom PDS does not know. */
const UNKNOWN = "9990000204";

describeNeeding("gateways", "the graph behind a gateway", () => {
  describe.each(["hive", "apollo"] as const)("of the kind %s", (kind) => {
    let supergraph: Supergraph;
    beforeAll(async () => {
      supergraph = await startSupergraph(kind);
    });
    afterAll(() => supergraph.close());
    beforeEach(() => {
      supergraph.recorder.requests.length = 0;
    });

    test.each(QUERIES)("$name gets the same data and the same errors as without it", async (query) => {
      const direct = await supergraph.graph.query(query.text, query.variables);
      const behind = await supergraph.gateway.query(query.text, query.variables);

      expect(behind.data).toEqual(direct.data);
      expect(errorsOf(behind)).toEqual(errorsOf(direct));
      expect(supergraph.recorder.requests).toHaveLength(1);
    });

    test("an invalid argument gets our code, field and path", async () => {
      const query = '{ patient(nhsNumber: "9000000008") { nhsNumber } }';

      const behind = await supergraph.gateway.query(query);

      expect(errorsOf(behind)).toEqual(errorsOf(await supergraph.graph.query(query)));
      expect(behind).toMatchObject({
        data: { patient: null },
        errors: [{ path: ["patient"], extensions: { code: "BAD_USER_INPUT", field: "nhsNumber" } }],
      });
    });

    test("the headers of caller, session and trace reach us", async () => {
      const headers = {
        authorization: "Bearer a.b.c",
        "spine-session": "encounter-1",
        "spine-trace": "1",
        "x-correlation-id": "0f8fad5b-d9cb-469f-a165-70867728950e",
        traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      };

      await supergraph.gateway.query('{ practice(odsCode: "T81001") { odsCode } }', {}, headers);

      expect(supergraph.recorder.requests.map((sent) => sent.headers)).toEqual([
        expect.objectContaining(headers),
      ]);
    });

    test("20 visits of 20 patients cost one request to us and one PDS read for each patient", async () => {
      const numbers = PERSONAS.patients.slice(0, 20).map(({ nhsNumber }) => nhsNumber);
      supergraph.careData.patients = numbers;
      const before = supergraph.graph.sandbox.requests.length;

      const behind = await supergraph.gateway.query("{ visits { patient { nhsNumber gender } } }");

      expect(patientsOf(behind).map(({ nhsNumber }) => nhsNumber)).toEqual(numbers);
      expect(new Set(numbers).size).toBe(20);
      expect(supergraph.recorder.requests).toHaveLength(1);
      expect(supergraph.graph.sandbox.requests.length - before).toBe(20);
    });

    test("a patient whom we do not know keeps the fields of other subgraphs", async () => {
      supergraph.careData.patients = ["9000000009", UNKNOWN];

      const behind = await supergraph.gateway.query(
        "{ visits { patient { nhsNumber preferredLanguage deceased name { display } } } }",
      );

      expect(behind.errors).toBeUndefined();
      expect(patientsOf(behind)).toEqual([
        {
          nhsNumber: "9000000009",
          preferredLanguage: "language of 9000000009",
          deceased: false,
          name: { display: expect.any(String) },
        },
        { nhsNumber: UNKNOWN, preferredLanguage: `language of ${UNKNOWN}`, deceased: null, name: null },
      ]);
    });

    test("a reference by a superseded number keeps its key, in our fields and in those of others", async () => {
      const behind = await supergraph.gateway.query(
        "{ referrals { id patient { nhsNumber currentNhsNumber preferredLanguage name { display } } } }",
      );

      expect(behind.errors).toBeUndefined();
      expect(behind.data).toMatchObject({
        referrals: [
          { id: "known", patient: { currentNhsNumber: "9000000009" } },
          {
            id: "superseded",
            patient: {
              nhsNumber: "9990000034",
              currentNhsNumber: "9990000042",
              preferredLanguage: "language of 9990000034",
              name: { display: expect.any(String) },
            },
          },
          { id: "unknown", patient: { currentNhsNumber: null, name: null } },
        ],
      });
    });

    test("our patient and practice get the fields of another subgraph", async () => {
      const behind = await supergraph.gateway.query(
        '{ patient(nhsNumber: "9000000009") { carePlan { title } practice { odsCode parking postalAddress { line } } } }',
      );

      expect(behind).toEqual({
        data: {
          patient: {
            carePlan: { title: "plan of 9000000009" },
            practice: {
              odsCode: "T81001",
              parking: "parking of T81001",
              postalAddress: { line: "1 High Street" },
            },
          },
        },
      });
    });

    test("types of other subgraphs may have common names", async () => {
      const behind = await supergraph.gateway.query("{ problems { id text gender } visits { on } }");

      expect(behind.errors).toBeUndefined();
      expect(behind.data?.problems).toEqual([{ id: "1", text: "a problem", gender: "F" }]);
    });

    test("a booking and its cancellation pass, and the practice has them", async () => {
      const nhsNumber = "9000000009";
      const slots = await supergraph.gateway.query(
        '{ practice(odsCode: "T81001") { freeSlots(first: 1) { id } } }',
      );
      const { freeSlots } = memberOf<{ freeSlots: { id: string }[] }>(slots, "practice");
      const booked = await supergraph.gateway.query(
        `mutation ($input: BookAppointmentInput!) { bookAppointment(input: $input) { __typename
           ... on AppointmentBooked { recovered appointment { id version status patient { preferredLanguage } } } } }`,
        { input: { nhsNumber, slotIds: freeSlots.map(({ id }) => id), description: "Review" } },
      );
      expect(booked).toEqual({
        data: {
          bookAppointment: {
            __typename: "AppointmentBooked",
            recovered: false,
            appointment: {
              id: expect.any(String),
              version: expect.any(String),
              status: "booked",
              patient: { preferredLanguage: `language of ${nhsNumber}` },
            },
          },
        },
      });
      const { appointment } = memberOf<{ appointment: { id: string; version: string } }>(
        booked,
        "bookAppointment",
      );

      const cancelled = await supergraph.gateway.query(
        `mutation ($input: CancelAppointmentInput!) { cancelAppointment(input: $input) { __typename } }`,
        { input: { id: appointment.id, version: appointment.version, reason: "No longer needed" } },
      );

      expect(cancelled).toEqual({ data: { cancelAppointment: { __typename: "AppointmentCancelled" } } });
      const direct = await supergraph.graph.query("query ($id: ID!) { appointment(id: $id) { status } }", {
        id: appointment.id,
      });
      expect(direct.data).toEqual({ appointment: { status: "cancelled" } });
    });

    test("an unknown outcome can be polled without a call to a practice", async () => {
      const before = supergraph.graph.sandbox.requests.length;

      const behind = await supergraph.gateway.query(
        '{ bookingOutcome(handle: "no-such-key") { __typename } }',
      );

      expect(behind).toEqual({ data: { bookingOutcome: null } });
      expect(supergraph.graph.sandbox.requests).toHaveLength(before);
    });

    // Last, because nothing reaches us after it.
    test("the fields of other subgraphs remain while we are down", async () => {
      supergraph.careData.patients = ["9000000009"];
      await supergraph.recorder.close();

      const behind = await supergraph.gateway.query("{ visits { patient { preferredLanguage deceased } } }");

      expect(patientsOf(behind)).toEqual([{ preferredLanguage: "language of 9000000009", deceased: null }]);
      expect(behind.errors).toHaveLength(1);
      // Neither our address nor the request with its NHS number.
      expect(behind.errors?.[0]?.extensions).toMatchObject({ code: "DOWNSTREAM_SERVICE_ERROR" });
      expect(JSON.stringify(behind.errors)).not.toMatch(/127\.0\.0\.1|ECONN|representations|9000000009/);
    });
  });
});

/**
 * What a client decides by. Errors have no order. The correlation id differs between two requests, and gateways add the
 * name of the subgraph.
 */
function errorsOf({ errors = [] }: Pick<GraphqlResult, "errors">) {
  return errors
    .map(({ message, path, extensions }) => {
      const { correlationId: _id, serviceName: _name, ...rest } = extensions ?? {};
      return { message, path, extensions: rest };
    })
    .sort((one, other) => JSON.stringify(one.path).localeCompare(JSON.stringify(other.path)));
}

function memberOf<T>({ data }: GraphqlResult, name: string): T {
  return (data as Record<string, T>)[name] as T;
}

function patientsOf({ data }: GraphqlResult): Record<string, unknown>[] {
  const { visits } = data as { visits: { patient: Record<string, unknown> }[] };
  return visits.map(({ patient }) => patient);
}
