import type { NhsNumber } from "../../src/domain/nhs-number.js";
import type { PatientMatch } from "../../src/domain/patient-match.js";
import type { TraceCriteria } from "../../src/domain/trace-criteria.js";
import { TestClock } from "../support/call-context.js";
import {
  createGraphHarness,
  HARNESS_PRACTICE,
  type HarnessFakes,
  harnessPatient,
} from "../support/graph-harness.js";

const ONE = "9990000018" as NhsNumber;
const TWO = "9990000026" as NhsNumber;
const OLD = "9990000034" as NhsNumber;

/** The harness's clock stands still. */
const NOW = new TestClock().now();

const LEAST = { family: "Canaryname", birthDate: "1952-05-31" };

const match = (nhsNumber: NhsNumber, facts: Partial<PatientMatch> = {}): PatientMatch => ({
  nhsNumber,
  confidentiality: "U",
  names: [{ use: "usual", family: "Searched", given: ["Ida"], prefix: [], suffix: [] }],
  addresses: [],
  ...facts,
});

const harnessFinding = (...matches: PatientMatch[]) =>
  createGraphHarness({ pds: { searchPatients: async () => ({ kind: "matches", matches }) } });

const TRACE = `query ($criteria: PatientTraceInput!) { tracePatient(criteria: $criteria) {
  __typename
  ... on Patient { nhsNumber requestedNhsNumber name { family } practice { odsCode } }
  ... on PatientTraceCandidates { candidates { nhsNumber name { display } dateOfBirth gender deceased address { lines } } }
  ... on PatientTraceNoMatch { restrictedRecordsHidden }
  ... on SpineProblem { code message }
} }`;

const TRACE_RECORDS = `query ($criteria: PatientTraceInput!) { tracePatient(criteria: $criteria) {
  __typename
  ... on Patient { nhsNumber }
  ... on PatientTraceCandidates { candidates { patient { nhsNumber } } }
} }`;

interface Answer {
  readonly tracePatient: { readonly __typename: string; readonly [field: string]: unknown } | null;
}

describe("one match", () => {
  it("is the patient, read in full by the number found", async () => {
    const harness = harnessFinding(match(ONE));
    const { data, errors } = await harness.run<Answer>(TRACE, { criteria: LEAST });
    expect(errors).toEqual([]);
    expect(data.tracePatient).toEqual({
      __typename: "Patient",
      nhsNumber: ONE,
      requestedNhsNumber: null,
      name: { family: "Testperson" },
      practice: { odsCode: HARNESS_PRACTICE },
    });
    expect(harness.calls.map(({ method }) => method)).toEqual(["searchPatients", "readPatient"]);
    expect(harness.calls[1]?.args).toEqual([ONE]);
  });

  it("costs no read when the session has it already, and always a search", async () => {
    const harness = harnessFinding(match(ONE));
    for (const _time of [1, 2]) await harness.run(TRACE, { criteria: LEAST }, { session: "s" });
    await harness.run(`{ patient(nhsNumber: "${ONE}") { nhsNumber } }`, {}, { session: "s" });
    expect(harness.counts()).toEqual({ "pds.searchPatients": 2, "pds.readPatient": 1 });
  });

  it("is searched for once in a request, under however many names", async () => {
    const harness = harnessFinding(match(ONE));
    const again = `query ($criteria: PatientTraceInput!) {
      a: tracePatient(criteria: $criteria) { __typename }
      b: tracePatient(criteria: $criteria) { __typename }
    }`;
    await harness.run(again, { criteria: LEAST });
    expect(harness.counts()).toEqual({ "pds.searchPatients": 1, "pds.readPatient": 1 });
  });

  /** The search as it is, and a record with these facts behind the number found. */
  const harnessReading = (facts: Parameters<typeof harnessPatient>[2]) =>
    createGraphHarness({
      pds: {
        searchPatients: async () => ({ kind: "matches", matches: [match(ONE)] }),
        readPatient: async (nhsNumber) => ({
          kind: "found",
          record: harnessPatient(nhsNumber, NOW, facts),
        }),
      },
    });

  it.each([
    ["restricted", { confidentiality: "R", registeredPractice: undefined }],
    [
      "very restricted",
      { confidentiality: "V", registeredPractice: undefined, names: [], birthDate: undefined },
    ],
    ["without a practice", { registeredPractice: undefined }],
  ])("that is %s shows no practice, like any other without one", async (_case, facts) => {
    const { data, errors } = await harnessReading(facts).run<Answer>(TRACE, { criteria: LEAST });
    expect(data.tracePatient).toMatchObject({ __typename: "Patient", nhsNumber: ONE, practice: null });
    expect(errors.map(({ extensions }) => extensions)).toMatchObject([
      { code: "FORBIDDEN", reason: "ACCESS_NOT_AVAILABLE" },
    ]);
  });

  it("of somebody who has died says so, and calls no practice", async () => {
    const harness = harnessReading({ deceasedAt: "2024-01-28" });
    const query = TRACE.replace(
      "practice { odsCode }",
      "deceased practice { capabilities { interactions } }",
    );
    const { data, errors } = await harness.run<Answer>(query, { criteria: LEAST });
    expect(data.tracePatient).toMatchObject({ deceased: true, practice: { capabilities: null } });
    expect(errors.map(({ extensions }) => extensions)).toMatchObject([
      { code: "FORBIDDEN", reason: "DECEASED" },
    ]);
  });

  it("superseded since the search goes on with the current number, and says so", async () => {
    const harness = createGraphHarness({
      pds: {
        searchPatients: async () => ({ kind: "matches", matches: [match(OLD)] }),
        readPatient: async () => ({
          kind: "found",
          record: harnessPatient(TWO, NOW, { requestedNhsNumber: OLD }),
        }),
      },
    });
    const { data } = await harness.run<Answer>(TRACE, { criteria: LEAST });
    expect(data.tracePatient).toMatchObject({ nhsNumber: TWO, requestedNhsNumber: OLD });
  });

  it.each([
    ["not-found", { code: "UPSTREAM_BAD_RESPONSE", reason: "MATCH_NOT_FOUND", service: "PDS" }],
    ["invalidated", { code: "FORBIDDEN", reason: "NHS_NUMBER_INVALID" }],
  ] as const)("that cannot be read (%s) is never told as nobody", async (kind, error) => {
    const harness = createGraphHarness({
      pds: {
        searchPatients: async () => ({ kind: "matches", matches: [match(ONE)] }),
        readPatient: async () => ({ kind }),
      },
    });
    const { data, errors } = await harness.run<Answer>(TRACE, { criteria: LEAST });
    expect(data.tracePatient).toBeNull();
    expect(errors).toMatchObject([{ path: ["tracePatient"], extensions: error }]);
    expect(JSON.stringify(errors)).not.toContain(ONE);
  });
});

test("a match whose record is missing gives the same result and the same error, alone or among several", async () => {
  const outcomeWith = async (...matches: PatientMatch[]) => {
    const harness = createGraphHarness({
      pds: {
        searchPatients: async () => ({ kind: "matches", matches }),
        readPatient: async () => ({ kind: "not-found" }),
      },
    });
    const { data, errors } = await harness.run<Answer>(TRACE_RECORDS, { criteria: LEAST });
    return {
      data: data.tracePatient,
      errors: errors.map(({ message, extensions }) => ({ message, ...extensions, correlationId: "" })),
    };
  };
  const alone = await outcomeWith(match(ONE));
  const several = await outcomeWith(match(ONE), match(TWO));
  expect(alone.data).toBeNull();
  expect(several.data).toMatchObject({ candidates: [{ patient: null }, { patient: null }] });
  expect(alone.errors).toMatchObject([{ code: "UPSTREAM_BAD_RESPONSE", reason: "MATCH_NOT_FOUND" }]);
  expect(several.errors).toEqual([alone.errors[0], alone.errors[0]]);
});

describe("several matches", () => {
  const address = { use: "home", lines: ["1 Way"], postalCode: "XX1 1AA" };
  const former = { use: "home", lines: ["2 Way"], period: { end: "2001" } };
  const candidates = [
    match(ONE, {
      birthDate: "1952-05",
      gender: "female",
      deathNotification: "1",
      addresses: [former, address],
    }),
    match(TWO, { confidentiality: "V", names: [] }),
  ];

  it("are a list in PDS's order, of what the search shows and no likeness", async () => {
    const harness = harnessFinding(...candidates);
    const { data, errors } = await harness.run<Answer>(TRACE, { criteria: LEAST });
    expect(errors).toEqual([]);
    expect(data.tracePatient).toEqual({
      __typename: "PatientTraceCandidates",
      candidates: [
        {
          nhsNumber: ONE,
          name: { display: "Ida SEARCHED" },
          dateOfBirth: "1952-05",
          gender: "female",
          deceased: true,
          address: { lines: ["1 Way"] },
        },
        { nhsNumber: TWO, name: null, dateOfBirth: null, gender: null, deceased: false, address: null },
      ],
    });
    expect(harness.counts()).toEqual({ "pds.searchPatients": 1 });
  });

  it("are read in full only where that is asked for, each by itself", async () => {
    const harness = createGraphHarness({
      pds: {
        searchPatients: async () => ({ kind: "matches", matches: candidates }),
        readPatient: async (nhsNumber) =>
          nhsNumber === ONE
            ? { kind: "found", record: harnessPatient(nhsNumber, NOW) }
            : { kind: "not-found" },
      },
    });
    const query = `query ($criteria: PatientTraceInput!) { tracePatient(criteria: $criteria) {
      ... on PatientTraceCandidates { candidates { patient { nhsNumber practice { odsCode } } } } } }`;
    const { data } = await harness.run<Answer>(query, { criteria: LEAST });
    expect(data.tracePatient).toEqual({
      candidates: [
        { patient: { nhsNumber: ONE, practice: { odsCode: HARNESS_PRACTICE } } },
        { patient: null },
      ],
    });
    expect(harness.counts()).toEqual({ "pds.searchPatients": 1, "pds.readPatient": 2 });
  });
});

describe("nobody to show", () => {
  it("is a problem, and no proof", async () => {
    const { data, errors } = await harnessFinding().run<Answer>(TRACE, { criteria: LEAST });
    expect(errors).toEqual([]);
    expect(data.tracePatient).toEqual({
      __typename: "PatientTraceNoMatch",
      code: "PATIENT_TRACE_NO_MATCH",
      message: "Nobody on PDS matches these details.",
      restrictedRecordsHidden: false,
    });
  });

  it.each([{ postcode: "XX1 1AA" }, { postcodeStartsWith: "XX" }, { practiceOdsCode: "T81001" }])(
    "says that a search with %j never finds a restricted record, whoever was meant",
    async (details) => {
      const { data } = await harnessFinding().run<Answer>(TRACE, { criteria: { ...LEAST, ...details } });
      expect(data.tracePatient).toMatchObject({
        code: "PATIENT_TRACE_NO_MATCH",
        message: expect.stringContaining("never finds a restricted record"),
        restrictedRecordsHidden: true,
      });
    },
  );

  it("may be too many, of whom none is named", async () => {
    const harness = createGraphHarness({ pds: { searchPatients: async () => ({ kind: "too-many" }) } });
    const { data, errors } = await harness.run<Answer>(TRACE, { criteria: LEAST });
    expect(errors).toEqual([]);
    expect(data.tracePatient).toEqual({
      __typename: "PatientTraceTooManyMatches",
      code: "PATIENT_TRACE_TOO_MANY_MATCHES",
      message: expect.stringContaining("Give more"),
    });
  });
});

describe("criteria", () => {
  it("reach PDS as they were given", async () => {
    const asked: TraceCriteria[] = [];
    const searchPatients: NonNullable<HarnessFakes["pds"]>["searchPatients"] = async (criteria) => {
      asked.push(criteria);
      return { kind: "matches", matches: [] };
    };
    const criteria = { ...LEAST, givenStartsWith: "Id", fuzzy: null, includeHistory: true };
    await createGraphHarness({ pds: { searchPatients } }).run(TRACE, { criteria });
    expect(asked).toMatchObject([
      {
        family: { text: "Canaryname", isPrefix: false },
        given: [{ text: "Id", isPrefix: true }],
        birthDate: { on: "1952-05-31" },
        isFuzzy: false,
        includesHistory: true,
      },
    ]);
  });

  it.each([
    [{}, "criteria.birthDate"],
    [{ birthDate: "1952-05-31" }, "criteria.family"],
    [{ ...LEAST, fuzzy: true }, "criteria.given"],
    [{ ...LEAST, family: "*" }, "criteria.family"],
    [{ ...LEAST, gender: "canary" }, "criteria.gender"],
    [{ ...LEAST, birthDate: "1952-05" }, "criteria.birthDate"],
    [{ ...LEAST, birthDate: "1952-02-30" }, "criteria.birthDate"],
    [{ ...LEAST, postcodeStartsWith: "X" }, "criteria.postcodeStartsWith"],
    [{ ...LEAST, maxResults: 51 }, "criteria.maxResults"],
  ])("that will not do are refused before any call, by name: %j", async (criteria, field) => {
    const harness = harnessFinding(match(ONE));
    const { errors } = await harness.run<Answer>(TRACE, { criteria });
    expect(errors.map(({ extensions }) => extensions)).toMatchObject([{ code: "BAD_USER_INPUT", field }]);
    expect(harness.calls).toEqual([]);
  });

  it("that will not do leave one record of a closed gate, without what they held", async () => {
    const harness = harnessFinding(match(ONE));
    const { errors } = await harness.run(TRACE, { criteria: { ...LEAST, family: "C*anary" } });
    expect(harness.lastContext().events).toEqual([
      { operation: "gate", outcome: "BLOCKED", gate: "G3", reason: "TRACE_DETAILS_MALFORMED" },
    ]);
    expect(JSON.stringify(errors).toLowerCase()).not.toContain("anary");
  });
});
