import type { RelationshipQuery } from "../../src/domain/relationship-check.js";
import { readConfig } from "../../src/platform/config/config.js";
import { createRelationshipGuard, loadRelationshipCheck } from "../../src/server/auth/relationship-guard.js";
import { testCaller } from "../support/call-context.js";
import { type RunningGraph, startGraph } from "../support/start-graph.js";
import { writeTestFile } from "./support/consumers.js";
import { MAJA, startIssuer, type TestIssuer } from "./support/issuer.js";

/** Gate G2: a deployment's own check of the relationship between caller and patient. */
const ALLOWED = "9000000009";
const REFUSED = "9990000018";
const FAULTY = "9990000026";

/** The answers by number; the queries are kept where the test can read them. */
const MODULE = `
exports.checkRelationship = async ({ caller, nhsNumber }) => {
  globalThis.relationshipQueries?.push([caller.person.localId, nhsNumber]);
  if (nhsNumber === "${FAULTY}") throw new Error("canary about ${FAULTY}");
  return nhsNumber === "${ALLOWED}" ? "allowed" : "refused";
};`;

const queries: unknown[] = [];
const file = writeTestFile("check.cjs", MODULE);
let issuer: TestIssuer;
let graph: RunningGraph;
beforeAll(async () => {
  Object.assign(globalThis, { relationshipQueries: queries });
  issuer = await startIssuer();
  graph = await startGraph({
    environment: { ...issuer.environment, RELATIONSHIP_CHECK_MODULE: file.path },
  });
});
afterAll(async () => {
  Reflect.deleteProperty(globalThis, "relationshipQueries");
  await graph.close();
  await issuer.close();
  file.remove();
});
beforeEach(() => {
  queries.length = 0;
  graph.auditLines.length = 0;
});

async function send(query: string, claims: object = {}) {
  const before = graph.sandbox.requests.length;
  const { data, errors } = await graph.query(
    query,
    {},
    { authorization: `Bearer ${await issuer.sign({ ...MAJA, ...claims })}` },
  );
  return {
    data,
    reasons: errors?.map(({ extensions }) => extensions.reason),
    calls: graph.sandbox.requests.length - before,
    audited: graph.auditLines.map((line) => JSON.parse(line)).filter(({ gate }) => gate === "G2"),
  };
}

const patient = (nhsNumber: string) => `{ patient(nhsNumber: "${nhsNumber}") { nhsNumber } }`;
const entity = (nhsNumber: string) =>
  `{ _entities(representations: [{ __typename: "Patient", nhsNumber: "${nhsNumber}" }]) { ... on Patient { nhsNumber } } }`;
const register = (nhsNumber: string) =>
  `mutation { registerPatient(input: { nhsNumber: "${nhsNumber}", odsCode: "T81001" }) { __typename } }`;
const book = (nhsNumber: string) =>
  `mutation { bookAppointment(input: { nhsNumber: "${nhsNumber}", slotIds: ["x"], description: "Review" }) { __typename } }`;

test("a patient whom the check allows is available, and the check is called once for each patient of a request", async () => {
  const twice = `{ a: patient(nhsNumber: "${ALLOWED}") { nhsNumber } b: patient(nhsNumber: "${ALLOWED}") { nhsNumber } }`;

  expect(await send(twice)).toMatchObject({ reasons: undefined, audited: [] });
  expect(queries).toEqual([["user-7f3a", ALLOWED]]);
});

test.each([
  ["by number", patient],
  ["as an entity", entity],
  ["to register", register],
  ["to book for", book],
])(
  "a patient whom the check refuses, %s, is refused with one audit record and no call",
  async (_how, toQuery) => {
    const { reasons, calls, audited } = await send(toQuery(REFUSED));

    expect({ reasons, calls }).toEqual({ reasons: ["NO_RELATIONSHIP"], calls: 0 });
    expect(audited).toEqual([
      expect.objectContaining({ outcome: "BLOCKED", reason: "NO_RELATIONSHIP", nhsNumber: REFUSED }),
    ]);
  },
);

test("a fault of the check refuses the patient, and the log does not repeat its message", async () => {
  const { reasons, calls, audited } = await send(patient(FAULTY));

  expect({ reasons, calls }).toEqual({ reasons: ["NO_RELATIONSHIP"], calls: 0 });
  expect(audited).toMatchObject([{ outcome: "BLOCKED", reason: "RELATIONSHIP_CHECK_FAILED" }]);
  expect(graph.logLines.join()).toContain("the relationship check failed");
  expect(graph.logLines.join()).not.toMatch(/canary|9990000026/);
});

test("the check cannot permit what the token's claim refuses", async () => {
  const { reasons, calls } = await send(patient(ALLOWED), { patient_nhs_numbers: [REFUSED] });

  expect({ reasons, calls }).toEqual({ reasons: ["NO_RELATIONSHIP"], calls: 0 });
  expect(queries).toEqual([]);
});

test("a search shows nobody when one of those found is refused", async () => {
  const { data, reasons } = await send(
    '{ tracePatient(criteria: { family: "Thornbury", given: ["Thea"], birthDate: "2009-05-01" }) { __typename } }',
  );

  expect([data, reasons]).toEqual([{ tracePatient: null }, ["NO_RELATIONSHIP"]]);
});

describe("the guard", () => {
  const query = (): RelationshipQuery => ({
    caller: testCaller,
    nhsNumber: ALLOWED as RelationshipQuery["nhsNumber"],
    correlationId: "c-1",
    signal: new AbortController().signal,
  });
  const guardOf = (check: unknown, timeoutMs = 60_000) =>
    createRelationshipGuard(check as never, { timeoutMs, log: { error: () => {} } });

  test.each<[string, () => unknown]>([
    ["true", () => true],
    ["nothing", () => undefined],
    ["another word", () => "ALLOWED"],
    ["an object", () => ({ outcome: "allowed" })],
    ["a rejection", () => Promise.reject(new Error("no"))],
    ["a rejection with nothing", () => Promise.reject(undefined)],
  ])("takes %s for a fault", async (_what, check) => {
    expect(await guardOf(check)(query())).toBe("failed");
  });

  test("takes an error that is thrown at once for a fault", async () => {
    const check = () => {
      throw new TypeError("no");
    };
    expect(await guardOf(check)(query())).toBe("failed");
  });

  test("ends a check that does not end, and tells it so", async () => {
    let signal: AbortSignal | undefined;
    const check = (asked: RelationshipQuery) => {
      signal = asked.signal;
      return new Promise(() => {});
    };
    expect(await guardOf(check, 1)(query())).toBe("failed");
    expect(signal?.aborted).toBe(true);
  });

  test("ends with the request", async () => {
    const gone = new AbortController();
    const outcome = guardOf(() => new Promise(() => {}))({ ...query(), signal: gone.signal });
    gone.abort();
    expect(await outcome).toBe("failed");
  });
});

test.each([
  ["is not there", "/nowhere/check.cjs"],
  ["has no such function", writeTestFile("empty.cjs", "exports.check = 1;").path],
  ["throws while it is loaded", writeTestFile("throws.cjs", "throw new Error('canary');").path],
])("a module that %s stops the start without a word of its own", (_what, path) => {
  const config = readConfig({ RELATIONSHIP_CHECK_MODULE: path });

  expect(() => loadRelationshipCheck(config)).toThrow(/RELATIONSHIP_CHECK_MODULE is not a CommonJS module/);
  expect(() => loadRelationshipCheck(config)).not.toThrow(/canary/);
});
