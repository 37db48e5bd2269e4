import { createGraphHarness } from "../support/graph-harness.js";

/** Runs a query that must be refused before any call. */
async function refusal(query: string, variables?: Record<string, unknown>) {
  const harness = createGraphHarness();
  const { data, errors } = await harness.run(query, variables);
  expect(harness.calls).toEqual([]);
  return {
    data,
    errors: errors.map(({ extensions }) => ({ code: extensions?.code, field: extensions?.field })),
  };
}

function refusedFields(fields: string) {
  return refusal(`{ practice(odsCode: "T81001") { ${fields} } }`);
}

const SECOND_PAST_26_WEEKS = "2027-05-24T09:00:01+00:00";

describe("a range that cannot be searched is refused, naming the argument, without a call", () => {
  test.each([
    ["ends before it starts", 'from: "2026-12-02T00:00:00Z", to: "2026-12-01T00:00:00Z"', "to"],
    ["ends before now, its start", 'to: "2026-11-23T08:59:59Z"', "to"],
    ["is wholly in the past", 'from: "2026-11-01T00:00:00Z", to: "2026-11-02T00:00:00Z"', "to"],
    ["ends at this very moment", 'from: "2026-11-01T00:00:00Z", to: "2026-11-23T09:00:00Z"', "to"],
    ["began so long ago that its two weeks are over", 'from: "2026-11-01T00:00:00Z"', "from"],
    ["lasts more than 26 weeks", `to: "${SECOND_PAST_26_WEEKS}"`, "to"],
    [
      "began in the past and lasts more than 26 weeks",
      'from: "2026-11-01T00:00:00Z", to: "2027-05-20T00:00:00Z"',
      "to",
    ],
    ["holds no whole second", 'from: "2026-12-01T00:00:00.2Z", to: "2026-12-01T00:00:00.8Z"', "to"],
    ["first is none", "first: 0", "first"],
    ["first is less than none", "first: -1", "first"],
    ["first is beyond the most", "first: 10001", "first"],
  ])("%s", async (_, args, field) => {
    const expected = [{ code: "BAD_USER_INPUT", field }];
    expect(await refusedFields(`freeSlots(${args}) { start }`)).toEqual({
      data: { practice: { freeSlots: null } },
      errors: expected,
    });
    expect((await refusedFields(`slotSearch(${args}) { to }`)).errors).toEqual(expected);
  });

  test.each([
    ["26 weeks to the second", 'to: "2027-05-24T08:00:00Z"'],
    [
      "26 weeks by the clock on the wall, an hour more in October",
      'from: "2027-05-01T08:00:00Z", to: "2027-10-30T08:00:00Z"',
    ],
    ["26 weeks of 24 hours", 'to: "2027-05-24T09:00:00Z"'],
    ["a range that begins in the past", 'from: "2026-11-20T00:00:00Z"'],
    ["a range of no length", 'from: "2026-12-01T00:00:00Z", to: "2026-12-01T00:00:00Z"'],
    ["one slot", "first: 1"],
    ["the most slots", "first: 10000"],
    ["nulls", "from: null, to: null, first: null, filter: null"],
    ["an empty filter", "filter: {}"],
  ])("but not %s", async (_, args) => {
    const harness = createGraphHarness();
    const { errors } = await harness.run(`{ practice(odsCode: "T81001") { freeSlots(${args}) { start } } }`);
    expect(errors).toEqual([]);
  });
});

// Proves HAZ-47.
test.each([
  ["nextFreeSlots(first: 0) { start }", "first"],
  ["nextFreeSlots(first: 10001) { start }", "first"],
  ["nextFreeSlots(horizonDays: 0) { start }", "horizonDays"],
  ["nextFreeSlots(horizonDays: 183) { start }", "horizonDays"],
  ["slotSearch(horizonDays: 183) { to }", "horizonDays"],
  ['slotSearch(horizonDays: 14, to: "2026-12-01T00:00:00Z") { to }', "horizonDays"],
  ["slotSearch(horizonDays: 14, first: 0) { to }", "first"],
])("%s is refused without a call", async (field, argument) => {
  expect((await refusedFields(field)).errors).toEqual([{ code: "BAD_USER_INPUT", field: argument }]);
});

describe("a filter that cannot be meant is refused, naming the field, without a call", () => {
  test.each([
    ["deliveryChannels: []", "filter.deliveryChannels"],
    ['deliveryChannels: ["Video", " "]', "filter.deliveryChannels"],
    ["practitionerRoles: []", "filter.practitionerRoles"],
    ["practitionerGenders: []", "filter.practitionerGenders"],
    ['practitionerName: ""', "filter.practitionerName"],
    ["locationIds: []", "filter.locationIds"],
    ["types: []", "filter.types"],
    ["scheduleTypes: []", "filter.scheduleTypes"],
    ["weekdays: []", "filter.weekdays"],
    ["timeOfDay: {}", "filter.timeOfDay"],
    ['timeOfDay: { from: "9:00" }', "filter.timeOfDay.from"],
    ['timeOfDay: { from: "24:00" }', "filter.timeOfDay.from"],
    ['timeOfDay: { from: "09:60" }', "filter.timeOfDay.from"],
    ['timeOfDay: { to: "25:00" }', "filter.timeOfDay.to"],
    ['timeOfDay: { to: "noon" }', "filter.timeOfDay.to"],
    ['timeOfDay: { to: "00:00" }', "filter.timeOfDay.to"],
    ['timeOfDay: { from: "12:00", to: "12:00" }', "filter.timeOfDay.to"],
    ["minimumMinutes: 0", "filter.minimumMinutes"],
    ["adjacentSlots: 1", "filter.adjacentSlots"],
    ["adjacentSlots: 21", "filter.adjacentSlots"],
  ])("%s", async (filter, field) => {
    for (const name of ["freeSlots", "nextFreeSlots"]) {
      const { errors } = await refusedFields(`${name}(filter: { ${filter} }) { start }`);
      expect(errors).toEqual([{ code: "BAD_USER_INPUT", field }]);
    }
    const { errors } = await refusedFields(`slotSearch(filter: { ${filter} }) { to }`);
    expect(errors).toEqual([{ code: "BAD_USER_INPUT", field }]);
  });

  test("a weekday that is none, written in the query", async () => {
    const { errors } = await refusedFields("freeSlots(filter: { weekdays: [FUNDAY] }) { start }");
    expect(errors).toMatchObject([{ code: "BAD_USER_INPUT" }]);
  });

  test("a weekday that is none, in a variable, is named", async () => {
    const query =
      'query ($filter: SlotFilter) { practice(odsCode: "T81001") { freeSlots(filter: $filter) { start } } }';
    const { errors } = await refusal(query, { filter: { weekdays: ["FUNDAY"] } });
    expect(errors).toEqual([{ code: "BAD_USER_INPUT", field: "filter.weekdays[0]" }]);
    const genders = await refusal(query, { filter: { practitionerGenders: ["femail"] } });
    expect(genders.errors).toEqual([{ code: "BAD_USER_INPUT", field: "filter.practitionerGenders[0]" }]);
  });

  test.each([
    'deliveryChannels: ["A channel of tomorrow"]',
    'deliveryChannels: "Video"',
    'practitionerRoles: ["R9999"]',
    "practitionerGenders: [FEMALE, UNKNOWN]",
    'timeOfDay: { from: "00:00", to: "24:00" }',
    'timeOfDay: { to: "12:00" }',
    "minimumMinutes: 1",
    "adjacentSlots: 20",
    "weekdays: [MONDAY, SUNDAY]",
    "weekdays: null, timeOfDay: null, minimumMinutes: null, adjacentSlots: null",
  ])("but not %s", async (filter) => {
    const harness = createGraphHarness();
    const { errors } = await harness.run(
      `{ practice(odsCode: "T81001") { freeSlots(filter: { ${filter} }) { start } } }`,
    );
    expect(errors).toEqual([]);
  });
});

describe("practices", () => {
  const QUERY =
    "query ($odsCodes: [ID!]!) { practices(odsCodes: $odsCodes) { odsCode freeSlots { start } } }";
  const codes = (count: number) => Array.from({ length: count }, (_, index) => `T${81_000 + index}`);

  test("more than 200 are refused without a call", async () => {
    expect(await refusal(QUERY, { odsCodes: codes(201) })).toEqual({
      data: { practices: null },
      errors: [{ code: "BAD_USER_INPUT", field: "odsCodes" }],
    });
  });

  // Proves GPC-FOU-FOR-01/4.
  test("a malformed code is one error in its place", async () => {
    const harness = createGraphHarness();
    const { data, errors } = await harness.run(
      "query ($odsCodes: [ID!]!) { practices(odsCodes: $odsCodes) { odsCode } }",
      {
        odsCodes: ["T81001", "no code", "T81002"],
      },
    );
    expect(data).toEqual({ practices: [{ odsCode: "T81001" }, null, { odsCode: "T81002" }] });
    expect(errors).toMatchObject([
      { path: ["practices", 1], extensions: { code: "BAD_USER_INPUT", field: "odsCodes.1" } },
    ]);
  });

  // Proves GPC-FOU-FOR-01/4.
  test("a single malformed code is named", async () => {
    expect(await refusal('{ practice(odsCode: "?") { freeSlots { start } } }')).toEqual({
      data: { practice: null },
      errors: [{ code: "BAD_USER_INPUT", field: "odsCode" }],
    });
  });
});
