import fc from "fast-check";
import { createGraphHarness, HARNESS_PRACTICE, harnessPatient } from "../support/graph-harness.js";

/** References of other subgraphs: each succeeds or fails alone, whatever stands beside it. */
const ENTITIES = `query ($r: [_Any!]!) { _entities(representations: $r) {
  __typename
  ... on Patient { nhsNumber name { display } practice { odsCode } }
  ... on Practice { odsCode capabilities { canBookAppointments } }
  ... on Appointment { id }
} }`;

interface Entities {
  readonly _entities: readonly (({ readonly __typename: string } & Record<string, unknown>) | null)[];
}

const PATIENT = { __typename: "Patient", nhsNumber: "9000000009" };
const PRACTICE = { __typename: "Practice", odsCode: "T81001" };

async function resolve(representations: readonly unknown[]) {
  const rejected: unknown[] = [];
  const note = (reason: unknown) => void rejected.push(reason);
  process.on("unhandledRejection", note);
  try {
    const { data, errors } = await createGraphHarness().run<Entities>(ENTITIES, { r: [...representations] });
    // Rejections are reported after the microtasks of the turn in which they went unheard.
    await new Promise((done) => setImmediate(done));
    return { entities: data?._entities, errors, rejected };
  } finally {
    process.off("unhandledRejection", note);
  }
}

test("a reference that fails at once leaves a good one beside it standing, and no rejection unheard", async () => {
  const { entities, errors, rejected } = await resolve([
    { __typename: "Patient", nhsNumber: "123" },
    { __typename: "Practice", odsCode: "N/A" },
    PATIENT,
    PRACTICE,
  ]);

  expect(entities).toMatchObject([null, null, PATIENT, PRACTICE]);
  expect(errors.map(({ path, extensions }) => [path, extensions?.code, extensions?.field])).toEqual([
    [["_entities", 0], "BAD_USER_INPUT", "representations.0.nhsNumber"],
    [["_entities", 1], "BAD_USER_INPUT", "representations.1.odsCode"],
  ]);
  expect(rejected).toEqual([]);
});

test.each<[string, unknown, string]>([
  ["no type", {}, "representations.0.__typename"],
  ["a key but no type", { nhsNumber: "9000000009" }, "representations.0.__typename"],
  ["a type that does not exist", { __typename: "Nothing" }, "representations.0.__typename"],
  ["a type that is no entity", { __typename: "Slot", id: "1" }, "representations.0.__typename"],
  [
    "the name of an inherited property as its type",
    { __typename: "constructor" },
    "representations.0.__typename",
  ],
  [
    "a type that is no text",
    { __typename: ["Patient"], nhsNumber: "9000000009" },
    "representations.0.__typename",
  ],
  ["a text for a reference", "Patient", "representations.0"],
  ["a list for a reference", [PATIENT], "representations.0"],
  ["no key", { __typename: "Patient" }, "representations.0.nhsNumber"],
  ["another type's key", { __typename: "Patient", odsCode: "T81001" }, "representations.0.nhsNumber"],
  ["an empty key", { __typename: "Practice", odsCode: "" }, "representations.0.odsCode"],
  ["a key that is null", { __typename: "Practice", odsCode: null }, "representations.0.odsCode"],
  ["a key in a list", { __typename: "Patient", nhsNumber: ["9000000009"] }, "representations.0.nhsNumber"],
  ["a key that is an object", { __typename: "Appointment", id: {} }, "representations.0.id"],
  ["a malformed id", { __typename: "Appointment", id: "not ours" }, "representations.0.id"],
])(
  "a reference with %s is null with BAD_USER_INPUT, and the next reference stands",
  async (_, bad, field) => {
    const { entities, errors, rejected } = await resolve([bad, PRACTICE]);

    expect(entities).toMatchObject([null, PRACTICE]);
    expect(errors.map(({ path, extensions }) => [path, extensions?.code, extensions?.field])).toEqual([
      [["_entities", 0], "BAD_USER_INPUT", field],
    ]);
    expect(rejected).toEqual([]);
  },
);

test("a key may be given as a number, and a reference keeps its key in the form given", async () => {
  const { entities, errors } = await resolve([
    { __typename: "Patient", nhsNumber: 9000000009 },
    { __typename: "Patient", nhsNumber: "900 000 0009" },
    { __typename: "Practice", odsCode: "t81001" },
  ]);

  expect(errors).toEqual([]);
  expect(entities).toMatchObject([
    { nhsNumber: "9000000009" },
    { nhsNumber: "900 000 0009", practice: { odsCode: HARNESS_PRACTICE } },
    { odsCode: "t81001", capabilities: { canBookAppointments: true } },
  ]);
});

test("a reference to a superseded number keeps its key, and the current number stands beside it", async () => {
  const { data } = await createGraphHarness({
    pds: {
      readPatient: async (nhsNumber) => {
        const current = "9990000042" as typeof nhsNumber;
        return {
          kind: "found",
          record: harnessPatient(current, Date.now(), { requestedNhsNumber: nhsNumber }),
        };
      },
    },
  }).run<Entities>(
    `query ($r: [_Any!]!) { _entities(representations: $r) {
      ... on Patient { nhsNumber currentNhsNumber requestedNhsNumber } } }`,
    { r: [{ __typename: "Patient", nhsNumber: "9990000034" }] },
  );

  expect(data._entities).toEqual([
    { nhsNumber: "9990000034", currentNhsNumber: "9990000042", requestedNhsNumber: "9990000034" },
  ]);
});

test("among hundreds of random references every good one is resolved and no other", async () => {
  const good = fc.constantFrom(PATIENT, PRACTICE, { __typename: "Practice", odsCode: "A20047" });
  const key = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.constant(null),
    fc.array(fc.string()),
    fc.constant("9000000009"),
  );
  const bad = fc.oneof(
    fc.string(),
    fc.double({ noNaN: true }),
    fc.array(fc.constant(PATIENT), { maxLength: 2 }),
    fc.dictionary(fc.string(), fc.string()),
    fc.record({
      __typename: fc.constantFrom("Slot", "Query", "__proto__", "_Any", "patient"),
      nhsNumber: key,
    }),
    fc.record({ __typename: fc.constant("Patient"), odsCode: key }),
    fc.record({
      __typename: fc.constant("Practice"),
      odsCode: fc.constantFrom("", "a", "N/A", null, [], {}),
    }),
    fc.record({ __typename: fc.constant("Appointment"), id: key }),
  );
  const references = fc.array(fc.oneof(good, bad), { minLength: 1, maxLength: 300 });

  await fc.assert(
    fc.asyncProperty(references, async (representations) => {
      const { entities, errors, rejected } = await resolve(representations);
      const isGood = (one: unknown) => [PATIENT, PRACTICE].includes(one as never) || isOtherPractice(one);
      expect(entities?.map((entity) => entity !== null)).toEqual(representations.map(isGood));
      expect(errors).toHaveLength(representations.filter((one) => !isGood(one)).length);
      expect(new Set(errors.map(({ extensions }) => extensions?.code)).size).toBeLessThanOrEqual(1);
      expect(rejected).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

function isOtherPractice(one: unknown): boolean {
  return typeof one === "object" && one !== null && "odsCode" in one && one.odsCode === "A20047";
}
