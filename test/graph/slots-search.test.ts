import type { Slot } from "../../src/domain/slot.js";
import type { SlotWindow } from "../../src/upstreams/ssp/index.js";
import { createGraphHarness, dailySlots, type GraphHarness, harnessSlot } from "../support/graph-harness.js";

interface Search {
  readonly slots: readonly { readonly start: string }[];
  readonly from: string;
  readonly to: string;
  readonly searchedUntil: string;
  readonly fetchedAt: string;
  readonly withheldByFilter: readonly { readonly attribute: string; readonly count: number }[];
  readonly withheldTotal: number;
  readonly warnings: readonly string[];
}

interface Answer {
  readonly practice: { readonly nextFreeSlots: Search["slots"]; readonly slotSearch: Search };
}

const at = (text: string) => Date.parse(text);

function ask(harness: GraphHarness, fields: string) {
  return harness.run<Answer>(`{ practice(odsCode: "T81001") { ${fields} } }`);
}

function windowsOf(harness: GraphHarness): SlotWindow[] {
  return harness.calls
    .filter(({ method }) => method === "searchFreeSlots")
    .map(({ args }) => args[1] as SlotWindow);
}

/** A practice with these slots, which gives those wholly inside the window; it is asked one question at a time. */
function practiceWith(slots: readonly Slot[], warnings?: readonly string[]): GraphHarness {
  let underWay = 0;
  return createGraphHarness({
    gpConnect: {
      searchFreeSlots: async (_practice, { start, end }) => {
        underWay += 1;
        expect(underWay).toBe(1);
        await new Promise((resolve) => setImmediate(resolve));
        underWay -= 1;
        const inside = slots.filter((one) => at(one.start) >= at(start) && at(one.end) <= at(end));
        return { slots: inside, warnings };
      },
    },
  });
}

describe("nextFreeSlots asks for later windows only until enough are found", () => {
  const slotsOn = (...dates: readonly string[]) => dates.map((date) => harnessSlot(at(`${date}T10:00:00Z`)));

  test.each<[string, Slot[], string, number, number]>([
    ["enough in the first window", slotsOn("2026-11-24", "2026-11-25"), "first: 2", 2, 1],
    ["enough only with the second", slotsOn("2026-11-24", "2026-12-10"), "first: 2", 2, 2],
    ["all of them in the third", slotsOn("2026-12-22", "2026-12-23"), "first: 1", 1, 3],
    ["none up to the horizon", [], "horizonDays: 28", 0, 2],
    ["none up to a horizon of one window", [], "horizonDays: 14", 0, 1],
    ["one beyond the horizon", slotsOn("2026-12-22"), "horizonDays: 21", 0, 2],
    ["fewer than asked for up to the horizon", slotsOn("2026-11-24", "2026-12-30"), "horizonDays: 56", 2, 4],
    ["the defaults, ten within 56 days", slotsOn("2027-01-17"), "", 1, 4],
    [
      "explicit nulls, which mean the defaults",
      slotsOn("2027-01-17"),
      "first: null, horizonDays: null",
      1,
      4,
    ],
  ])("%s", async (_, slots, args, found, calls) => {
    const harness = practiceWith(slots);
    const { data, errors } = await ask(harness, `nextFreeSlots${args && `(${args})`} { start }`);
    expect(errors).toEqual([]);
    expect(data.practice.nextFreeSlots).toHaveLength(found);
    expect(harness.counts()["gpConnect.searchFreeSlots"]).toBe(calls);
  });

  test("with windows that touch, from now to the horizon", async () => {
    const harness = practiceWith([]);
    await ask(harness, "nextFreeSlots { start }");
    const windows = windowsOf(harness);
    expect(windows[0]?.start).toBe("2026-11-23T09:00:00+00:00");
    expect(windows.slice(1).map(({ start }) => start)).toEqual(windows.slice(0, -1).map(({ end }) => end));
    expect(windows.at(-1)?.end).toBe("2027-01-18T00:00:00+00:00");
  });

  test("counting only slots that the filter keeps", async () => {
    const [video] = slotsOn("2026-12-20").map((slot) => ({ ...slot, deliveryChannel: "Video" }));
    const harness = practiceWith([...slotsOn("2026-11-24", "2026-11-25"), ...(video ? [video] : [])]);
    const { data } = await ask(
      harness,
      'nextFreeSlots(first: 1, filter: { deliveryChannels: ["Video"] }) { start }',
    );
    expect(data.practice.nextFreeSlots).toEqual([{ start: "2026-12-20T10:00:00+00:00" }]);
    expect(harness.counts()["gpConnect.searchFreeSlots"]).toBe(2);
  });

  test("nextFreeSlots returns at most `first` slots, the earliest first", async () => {
    const { data } = await ask(
      practiceWith(dailySlots(at("2026-11-23T00:00:00Z"), at("2026-12-20T00:00:00Z"))),
      "nextFreeSlots(first: 3) { start }",
    );
    expect(data.practice.nextFreeSlots.map(({ start }) => start.slice(0, 10))).toEqual([
      "2026-11-23",
      "2026-11-24",
      "2026-11-25",
    ]);
  });

  // Proves HAZ-36.
  test("a window that fails makes it null with an error, also when slots were found before", async () => {
    const harness = createGraphHarness({
      gpConnect: {
        searchFreeSlots: async (_practice, { start, end }) => {
          if (!start.startsWith("2026-11-23")) throw new Error("unforeseen");
          return { slots: dailySlots(at(start), at(end)) };
        },
      },
    });
    const { data, errors } = await ask(harness, "nextFreeSlots(first: 30) { start }");
    expect(data.practice.nextFreeSlots).toBeNull();
    expect(errors).toMatchObject([
      { path: ["practice", "nextFreeSlots"], extensions: { code: "INTERNAL_SERVER_ERROR" } },
    ]);
  });
});

describe("slotSearch says what was asked, how far it looked, when, and what was held back", () => {
  const ALL =
    "slots { start } from to searchedUntil fetchedAt withheldByFilter { attribute count unknown } withheldTotal warnings";

  // Proves 1.8/12, 1.8/13, HAZ-38, HAZ-46.
  test("without arguments: the two weeks to come", async () => {
    const { data, errors } = await ask(createGraphHarness(), `slotSearch { ${ALL} }`);
    expect(errors).toEqual([]);
    expect(data.practice.slotSearch).toMatchObject({
      from: "2026-11-23T09:00:00+00:00",
      to: "2026-12-07T08:59:59+00:00",
      searchedUntil: "2026-12-07T08:59:59+00:00",
      fetchedAt: "2026-11-23T09:00:00.000Z",
      withheldByFilter: [],
      withheldTotal: 0,
      warnings: [],
    });
    expect(data.practice.slotSearch.slots).toHaveLength(14);
  });

  test("a range that began in the past begins now, in whole seconds, and says so", async () => {
    const { data } = await ask(
      createGraphHarness(),
      `slotSearch(from: "2026-11-20T00:00:00Z", to: "2026-11-30T12:00:00.900+00:00") { from to warnings }`,
    );
    expect(data.practice.slotSearch).toEqual({
      from: "2026-11-23T09:00:00+00:00",
      to: "2026-11-30T12:00:00+00:00",
      warnings: ["Past slots are not available: the search starts at 2026-11-23T09:00:00+00:00."],
    });
  });

  // Proves HAZ-47.
  test("a list that was cut says so, and how long it is", async () => {
    const { data } = await ask(
      createGraphHarness(),
      "slotSearch(first: 4) { slots { start } searchedUntil warnings }",
    );
    expect(data.practice.slotSearch.slots).toHaveLength(4);
    expect(data.practice.slotSearch.warnings).toEqual(["The list was cut to the first 4 of 14 slots found."]);
    expect(data.practice.slotSearch.searchedUntil).toBe("2026-12-07T08:59:59+00:00");
  });

  // Proves HAZ-32.
  test("what the practice warns of is passed on, once", async () => {
    const harness = practiceWith([], ["Some sessions could not be read."]);
    const { data } = await ask(harness, "slotSearch(first: 5, horizonDays: 28) { warnings }");
    expect(data.practice.slotSearch.warnings[0]).toBe("Some sessions could not be read.");
    expect(data.practice.slotSearch.warnings).toHaveLength(2);
  });

  // Proves HAZ-47.
  test("with a horizon it walks on like nextFreeSlots, and says how far it got", async () => {
    const slots = dailySlots(at("2026-12-08T00:00:00Z"), at("2026-12-30T00:00:00Z"));
    const harness = practiceWith(slots);
    const { data } = await ask(
      harness,
      "slotSearch(first: 3, horizonDays: 56) { from to searchedUntil slots { start } }",
    );
    expect(data.practice.slotSearch).toMatchObject({
      from: "2026-11-23T09:00:00+00:00",
      to: "2027-01-18T00:00:00+00:00",
      searchedUntil: "2026-12-21T00:00:00+00:00",
    });
    expect(data.practice.slotSearch.slots).toHaveLength(3);
    expect(harness.counts()["gpConnect.searchFreeSlots"]).toBe(2);
  });

  // Proves HAZ-47.
  test("a search that ends at its horizon says so", async () => {
    const { data } = await ask(practiceWith([]), "slotSearch(horizonDays: 14) { searchedUntil warnings }");
    expect(data.practice.slotSearch).toEqual({
      searchedUntil: "2026-12-07T08:59:59+00:00",
      warnings: ["Fewer than 10 slots were found up to the horizon, 2026-12-07T08:59:59+00:00."],
    });
  });

  test("shares its calls with nextFreeSlots at every step", async () => {
    const harness = practiceWith([]);
    const { errors } = await ask(
      harness,
      "nextFreeSlots { start } slotSearch(horizonDays: 56) { to } more: nextFreeSlots(first: 50) { start }",
    );
    expect(errors).toEqual([]);
    expect(harness.counts()["gpConnect.searchFreeSlots"]).toBe(4);
  });

  // Proves HAZ-100.
  test("a delivery channel that the practice does not give is reported, not swallowed", async () => {
    const [known, unknown] = dailySlots(at("2026-11-24T00:00:00Z"), at("2026-11-26T00:00:00Z"));
    const harness = practiceWith([{ ...(known as Slot), deliveryChannel: "In-person" }, unknown as Slot]);
    const { data } = await ask(
      harness,
      `slotSearch(filter: { deliveryChannels: ["In-person"], weekdays: [TUESDAY] }) { ${ALL} }`,
    );
    expect(data.practice.slotSearch).toMatchObject({
      slots: [{ start: "2026-11-24T10:00:00+00:00" }],
      withheldByFilter: [
        { attribute: "DELIVERY_CHANNELS", count: 1, unknown: 1 },
        { attribute: "WEEKDAYS", count: 1, unknown: 0 },
      ],
      withheldTotal: 1,
    });
  });

  test("a run of adjacent slots may reach from one window into the next", async () => {
    const midnight = at("2026-12-07T00:00:00Z");
    const slots = [-20, -10, 0, 10].map((minutes) => harnessSlot(midnight + minutes * 60_000));
    const harness = practiceWith(slots);
    const { data } = await ask(harness, "nextFreeSlots(first: 4, filter: { adjacentSlots: 4 }) { start }");
    expect(data.practice.nextFreeSlots).toHaveLength(4);
  });
});
