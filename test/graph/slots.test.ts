import type { SlotWindow } from "../../src/upstreams/ssp/index.js";
import { upstreamError } from "../../src/upstreams/upstream-errors.js";
import {
  createGraphHarness,
  dailySlots,
  type GraphHarness,
  HARNESS_PRACTICE,
  harnessSlot,
} from "../support/graph-harness.js";

interface SlotList {
  readonly start: string;
}

interface Answer {
  readonly practice: Record<string, readonly SlotList[] | null>;
}

const DAY = 86_400_000;
const at = (text: string) => Date.parse(text);

/** Asks one practice for some fields. */
function ask(harness: GraphHarness, fields: string) {
  return harness.run<Answer>(`{ practice(odsCode: "${HARNESS_PRACTICE}") { ${fields} } }`);
}

/** The windows that the practice was asked for, in order. */
function windowsOf(harness: GraphHarness): SlotWindow[] {
  return harness.calls
    .filter(({ method }) => method === "searchFreeSlots")
    .map(({ args }) => args[1] as SlotWindow);
}

/** A practice with slots at these instants only. */
function withSlots(...starts: readonly string[]): GraphHarness {
  const slots = starts.map((start) => harnessSlot(at(start)));
  return createGraphHarness({ gpConnect: { searchFreeSlots: async () => ({ slots }) } });
}

const ONE_CALL = { "directory.lookUp": 1, "gpConnect.searchFreeSlots": 1 };

// Proves GPC-SFS-1, GPC-AMUS-BPA-1, GPC-AMUS-BPA-1-1.
test("free slots of the two weeks to come cost one look-up and one call to the practice", async () => {
  const harness = createGraphHarness();
  const { data, errors } = await ask(harness, "freeSlots { start }");
  expect(errors).toEqual([]);
  expect(data.practice.freeSlots).toHaveLength(14);
  expect(harness.counts()).toEqual(ONE_CALL);
  expect(windowsOf(harness)).toEqual([
    { start: "2026-11-23T09:00:00+00:00", end: "2026-12-07T08:59:59+00:00" },
  ]);
});

// Proves GPC-SFS-1.3.
describe("a range of D days costs ⌈D/14⌉ calls at the same time", () => {
  test.each([
    [1, 1],
    [14, 1],
    [15, 2],
    [28, 2],
    [29, 3],
    [84, 6],
    [182, 13],
  ])("%i days from midnight: %i", async (days, calls) => {
    let letGo: () => void = () => undefined;
    const allAsked = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    let asked = 0;
    const harness = createGraphHarness({
      gpConnect: {
        searchFreeSlots: async (_practice, { start, end }) => {
          asked += 1;
          if (asked === calls) letGo();
          // Nobody is answered before all have been asked: calls one after the other would stand still here.
          await allAsked;
          return { slots: dailySlots(at(start), at(end)) };
        },
      },
    });
    const from = at("2026-12-01T00:00:00Z");
    const to = new Date(from + days * DAY).toISOString();
    const { data, errors } = await ask(
      harness,
      `freeSlots(from: "2026-12-01T00:00:00Z", to: "${to}") { start }`,
    );
    expect(errors).toEqual([]);
    expect(harness.counts()["gpConnect.searchFreeSlots"]).toBe(calls);
    const starts = (data.practice.freeSlots ?? []).map(({ start }) => at(start));
    expect(starts).toEqual(dailySlots(from, from + days * DAY).map(({ start }) => at(start)));
  });

  test("a cut that would fall into the day costs one more", async () => {
    const harness = createGraphHarness();
    await ask(harness, 'freeSlots(to: "2026-12-21T09:00:00Z") { start }');
    expect(windowsOf(harness).map(({ end }) => end)).toEqual([
      "2026-12-07T00:00:00+00:00",
      "2026-12-21T00:00:00+00:00",
      "2026-12-21T09:00:00+00:00",
    ]);
  });
});

// Proves HAZ-36.
test("a window that fails makes the list null with an error, never shorter", async () => {
  const harness = createGraphHarness({
    gpConnect: {
      searchFreeSlots: async (_practice, { start, end }) => {
        if (start.startsWith("2026-12-07")) {
          throw upstreamError({ service: "PROVIDER", code: "UPSTREAM_TIMEOUT", retryable: true });
        }
        return { slots: dailySlots(at(start), at(end)) };
      },
    },
  });
  const { data, errors } = await ask(
    harness,
    'freeSlots(to: "2027-01-10T00:00:00Z") { start } capabilities { fhirVersion }',
  );
  expect(data.practice.freeSlots).toBeNull();
  expect(data.practice.capabilities).toEqual({ fhirVersion: "3.0.1" });
  expect(errors).toMatchObject([
    {
      path: ["practice", "freeSlots"],
      extensions: { code: "UPSTREAM_TIMEOUT", service: "PROVIDER", upstream: "PROVIDER" },
    },
  ]);
});

describe("what a practice offers beside what was asked for", () => {
  // Proves GPC-SFS, HAZ-21-59.
  test("past slots of the week, and slots partly outside the range, are left out", async () => {
    const harness = withSlots(
      "2026-11-23T08:00:00Z",
      "2026-11-23T09:00:00Z",
      "2026-11-23T09:10:00Z",
      "2026-11-24T09:55:00Z",
    );
    const { data } = await ask(harness, 'freeSlots(to: "2026-11-24T10:00:00Z") { start }');
    expect(data.practice.freeSlots).toEqual([{ start: "2026-11-23T09:10:00+00:00" }]);
  });

  test("slots come in order of time, each once", async () => {
    const harness = withSlots("2026-11-25T10:00:00Z", "2026-11-24T10:00:00Z", "2026-11-25T10:00:00Z");
    const { data } = await ask(harness, "freeSlots { start }");
    expect((data.practice.freeSlots ?? []).map(({ start }) => start.slice(0, 10))).toEqual([
      "2026-11-24",
      "2026-11-25",
    ]);
  });

  test("`first` takes the earliest", async () => {
    const { data } = await ask(createGraphHarness(), "freeSlots(first: 2) { start }");
    expect(data.practice.freeSlots).toEqual([
      { start: "2026-11-23T10:00:00+00:00" },
      { start: "2026-11-24T10:00:00+00:00" },
    ]);
  });
});

describe("aliases and paths of one operation share calls", () => {
  test.each([
    ["exact duplicates", "a: freeSlots { start } b: freeSlots(first: 1) { start }", 1],
    [
      "a range inside another",
      'a: freeSlots { start } b: freeSlots(from: "2026-11-25T00:00:00Z", to: "2026-11-26T00:00:00Z") { start }',
      1,
    ],
    [
      "ranges that overlap and fit one call",
      'a: freeSlots(to: "2026-11-30T00:00:00Z") { start } b: freeSlots(from: "2026-11-25T00:00:00Z", to: "2026-12-03T00:00:00Z") { start }',
      1,
    ],
    [
      "ranges that do not fit one call",
      'a: freeSlots { start } b: freeSlots(from: "2026-12-06T00:00:00Z") { start }',
      2,
    ],
    ["all three fields", "freeSlots { start } nextFreeSlots { start } slotSearch { slots { start } }", 1],
    [
      "filters, which the practice never sees",
      "a: freeSlots { start } b: freeSlots(filter: { weekdays: [MONDAY] }) { start }",
      1,
    ],
    [
      "a long range beside its first weeks",
      'a: freeSlots(to: "2027-01-10T00:00:00Z") { start } b: nextFreeSlots { start } c: slotSearch(to: "2026-11-30T00:00:00Z") { to }',
      4,
    ],
  ])("%s", async (_, fields, calls) => {
    const harness = createGraphHarness();
    const { errors } = await ask(harness, fields);
    expect(errors).toEqual([]);
    expect(harness.counts()).toEqual({ "directory.lookUp": 1, "gpConnect.searchFreeSlots": calls });
  });

  test("the same practice by its code and through two patients", async () => {
    const harness = createGraphHarness();
    const slots = "practice { freeSlots { start } nextFreeSlots(first: 3) { start } }";
    const { errors } = await harness.run(
      `{ practice(odsCode: "T81001") { freeSlots { start } }
         a: patient(nhsNumber: "9990000018") { ${slots} } b: patient(nhsNumber: "9990000026") { ${slots} } }`,
    );
    expect(errors).toEqual([]);
    expect(harness.counts()).toEqual({ ...ONE_CALL, "pds.readPatient": 2 });
  });

  test("what a field is given does not depend on its neighbours", async () => {
    const small = 'small: freeSlots(from: "2026-11-25T00:00:00Z", to: "2026-11-26T10:05:00Z") { start }';
    const alone = await ask(createGraphHarness(), small);
    const beside = await ask(createGraphHarness(), `${small} freeSlots { start }`);
    expect(alone.data.practice.small).toEqual([{ start: "2026-11-25T10:00:00+00:00" }]);
    expect(beside.data.practice.small).toEqual(alone.data.practice.small);
  });

  test("another operation asks anew, in the same session too", async () => {
    const harness = createGraphHarness();
    const query = '{ practice(odsCode: "T81001") { freeSlots { start } } }';
    await harness.run(query, {}, { session: "encounter-1" });
    await harness.run(query, {}, { session: "encounter-1" });
    expect(harness.counts()).toEqual({ "directory.lookUp": 1, "gpConnect.searchFreeSlots": 2 });
  });
});
