import type { Slot } from "../../src/domain/slot.js";
import { applyFilter, type SlotFilter, type SlotFilterAttribute } from "../../src/domain/slot-filter.js";

const MINUTE_MS = 60_000;

/** A slot on Wednesday 10 June 2026 unless said otherwise. */
function slot(id: string, facts: Partial<Slot> = {}): Slot {
  return {
    id,
    start: "2026-06-10T10:00:00+01:00",
    end: "2026-06-10T10:10:00+01:00",
    scheduleId: "schedule-1",
    location: { id: "branch-A", addressLines: [] },
    ...facts,
  };
}

/** What a filter keeps, by id, and what it says of the rest. */
function outcome(slots: readonly Slot[], filter: SlotFilter) {
  const { slots: kept, withheld, withheldTotal } = applyFilter(slots, filter);
  return { kept: kept.map(({ id }) => id), withheld, withheldTotal };
}

function withheld(attribute: SlotFilterAttribute, count: number, unknown = 0) {
  return { attribute, count, unknown };
}

// Proves HAZ-100.
test.each([undefined, {}])(
  "no filter keeps all, in the order given, and says nothing of any attribute",
  (filter) => {
    const slots = [slot("late"), slot("early", { deliveryChannel: "Telephone" })];
    expect(applyFilter(slots, filter)).toEqual({ slots, withheld: [], withheldTotal: 0 });
  },
);

// Proves HAZ-100.
describe("an attribute admits what agrees, and counts what is unknown apart", () => {
  const named = (family: string, gender?: string) => ({
    practitioner: { id: family, gender, name: { family, given: ["Ida"], prefix: ["Dr"], suffix: [] } },
  });

  test.each<[SlotFilterAttribute, SlotFilter, Partial<Slot>, Partial<Slot>, Partial<Slot>]>([
    [
      "deliveryChannels",
      { deliveryChannels: ["Video", "In-person"] },
      { deliveryChannel: "In-person" },
      { deliveryChannel: "Telephone" },
      {},
    ],
    [
      "practitionerRoles",
      { practitionerRoles: ["R0260"] },
      { practitionerRole: { code: "R0260", display: "General Medical Practitioner" } },
      { practitionerRole: { code: "R0690" } },
      { practitionerRole: { display: "General Medical Practitioner" } },
    ],
    [
      "practitionerGenders",
      { practitionerGenders: ["female"] },
      named("A", "female"),
      named("B", "male"),
      named("C"),
    ],
    ["practitionerName", { practitionerName: "lindq" }, named("Lindqvist"), named("Hartley"), {}],
    [
      "types",
      { types: ["Extended hours"] },
      { serviceType: "Extended hours" },
      { serviceType: "Routine" },
      {},
    ],
    [
      "scheduleTypes",
      { scheduleTypes: ["Clinic"] },
      { scheduleType: "Clinic" },
      { scheduleType: "Walk-in" },
      {},
    ],
  ])("%s", (attribute, filter, agreeing, other, unknown) => {
    const slots = [slot("other", other), slot("agreeing", agreeing), slot("unknown", unknown)];
    expect(outcome(slots, filter)).toEqual({
      kept: ["agreeing"],
      withheld: [withheld(attribute, 2, 1)],
      withheldTotal: 2,
    });
  });

  test("an unknown value is withheld only where its own attribute is filtered", () => {
    const bare = slot("bare");
    expect(outcome([bare], { weekdays: [3], locationIds: ["branch-A"], minimumMinutes: 10 }).kept).toEqual([
      "bare",
    ]);
  });

  test("a practitioner of whom only an id is known has no known name", () => {
    const slots = [slot("id only", { practitioner: { id: "practitioner-1" } })];
    expect(outcome(slots, { practitionerName: "a" }).withheld).toEqual([withheld("practitionerName", 1, 1)]);
  });
});

test("codes and texts agree whatever their case and spaces", () => {
  const slots = [slot("a", { deliveryChannel: "In-person", serviceType: "Extended  hours " })];
  expect(outcome(slots, { deliveryChannels: ["in-PERSON"], types: [" extended hours"] }).kept).toEqual(["a"]);
});

test("ids of places agree to the letter", () => {
  expect(outcome([slot("a")], { locationIds: ["branch-a"] })).toEqual({
    kept: [],
    withheld: [withheld("locationIds", 1)],
    withheldTotal: 1,
  });
});

describe("time of day is the clock on the wall in London, and holds the whole slot", () => {
  const hour = (from: number, to: number) => ({ timeOfDay: { from: from * 60, to: to * 60 } });

  test.each([
    ["begins with it", "2026-06-10T09:00:00+01:00", "2026-06-10T09:10:00+01:00", 9, 12, true],
    ["ends with it", "2026-06-10T11:50:00+01:00", "2026-06-10T12:00:00+01:00", 9, 12, true],
    ["begins too early", "2026-06-10T08:55:00+01:00", "2026-06-10T09:05:00+01:00", 9, 12, false],
    ["ends too late", "2026-06-10T11:55:00+01:00", "2026-06-10T12:05:00+01:00", 9, 12, false],
    ["in winter", "2026-01-14T09:00:00+00:00", "2026-01-14T09:10:00+00:00", 9, 12, true],
    [
      "in summer, as the practice wrote it in UTC",
      "2026-06-10T08:00:00+00:00",
      "2026-06-10T08:10:00+00:00",
      9,
      12,
      true,
    ],
    [
      "the day after the change of March",
      "2026-03-30T09:00:00+01:00",
      "2026-03-30T09:10:00+01:00",
      9,
      12,
      true,
    ],
    [
      "the morning of the change of March",
      "2026-03-29T09:00:00+01:00",
      "2026-03-29T09:10:00+01:00",
      9,
      10,
      true,
    ],
    [
      "the morning of the change of October",
      "2026-10-25T09:00:00+00:00",
      "2026-10-25T09:10:00+00:00",
      9,
      10,
      true,
    ],
    [
      "first of the two hours of October",
      "2026-10-25T01:30:00+01:00",
      "2026-10-25T01:40:00+01:00",
      1,
      2,
      true,
    ],
    [
      "second of the two hours of October",
      "2026-10-25T01:30:00+00:00",
      "2026-10-25T01:40:00+00:00",
      1,
      2,
      true,
    ],
    ["up to midnight", "2026-06-10T23:50:00+01:00", "2026-06-11T00:00:00+01:00", 22, 24, true],
    ["over midnight", "2026-06-10T23:55:00+01:00", "2026-06-11T00:05:00+01:00", 22, 24, false],
    ["just after midnight", "2026-06-11T00:00:00+01:00", "2026-06-11T00:10:00+01:00", 0, 1, true],
  ])("%s", (_, start, end, from, to, isKept) => {
    const { kept, withheldTotal } = outcome([slot("a", { start, end })], hour(from, to));
    expect([kept.length, withheldTotal]).toEqual(isKept ? [1, 0] : [0, 1]);
  });
});

test.each([
  ["2026-06-10T10:00:00+01:00", 3],
  ["2026-06-14T23:30:00+01:00", 7],
  ["2026-06-15T00:10:00+01:00", 1],
  ["2026-06-14T23:10:00+00:00", 1],
  ["2026-01-11T23:30:00+00:00", 7],
])("the weekday of %s is London's", (start, weekday) => {
  const slots = [slot("a", { start })];
  expect(outcome(slots, { weekdays: [weekday] }).kept).toEqual(["a"]);
  const others = [1, 2, 3, 4, 5, 6, 7].filter((day) => day !== weekday);
  expect(outcome(slots, { weekdays: others }).withheld).toEqual([withheld("weekdays", 1)]);
});

test.each([
  [9, true],
  [10, true],
  [11, false],
])("a slot of ten minutes against a least length of %i", (minimumMinutes, isKept) => {
  expect(outcome([slot("a")], { minimumMinutes }).kept).toHaveLength(isKept ? 1 : 0);
});

test("length is elapsed time, also when the clocks go back during the slot", () => {
  const night = slot("night", { start: "2026-10-25T01:50:00+01:00", end: "2026-10-25T01:10:00+00:00" });
  expect(outcome([night], { minimumMinutes: 20 }).kept).toEqual(["night"]);
  expect(outcome([night], { minimumMinutes: 21 }).kept).toEqual([]);
});

test("all attributes must agree; each counts what it would hold back, the total counts each slot once", () => {
  const slots = [
    slot("both wrong", { deliveryChannel: "Telephone", serviceType: "Routine" }),
    slot("one wrong", { deliveryChannel: "Telephone", serviceType: "Extended hours" }),
    slot("right", { deliveryChannel: "In-person", serviceType: "Extended hours" }),
  ];
  expect(
    outcome(slots, { deliveryChannels: ["In-person"], types: ["Extended hours"], weekdays: [3] }),
  ).toEqual({
    kept: ["right"],
    withheld: [withheld("deliveryChannels", 2), withheld("types", 1), withheld("weekdays", 0)],
    withheldTotal: 2,
  });
});

describe("adjacent runs", () => {
  const at = (minutes: number, facts: Partial<Slot> = {}) => {
    const start = Date.parse("2026-06-10T09:00:00Z") + minutes * MINUTE_MS;
    const text = (ms: number) => new Date(ms).toISOString().replace(".000Z", "+00:00");
    return slot(String(minutes), { start: text(start), end: text(start + 10 * MINUTE_MS), ...facts });
  };

  test("keep the slots of a run that is long enough, and count the others", () => {
    const slots = [at(0), at(10), at(20), at(40), at(50)];
    expect(outcome(slots, { adjacentSlots: 3 })).toEqual({
      kept: ["0", "10", "20"],
      withheld: [withheld("adjacentSlots", 2)],
      withheldTotal: 2,
    });
  });

  test("are made of slots that agree with the rest of the filter", () => {
    const slots = [at(0), at(10, { deliveryChannel: "Telephone" }), at(20), at(30)];
    const telephone = { deliveryChannels: ["Telephone"], adjacentSlots: 2 };
    expect(outcome(slots, telephone).withheld).toEqual([
      withheld("deliveryChannels", 3, 3),
      withheld("adjacentSlots", 1),
    ]);
    expect(outcome(slots, { adjacentSlots: 2 }).kept).toEqual(["20", "30"]);
  });
});

describe("a slot with several practitioners and roles", () => {
  const person = (family: string, gender?: string) => ({
    id: family,
    gender,
    name: { family, given: [], prefix: [], suffix: [] },
  });
  const shared = slot("shared", {
    practitionerRole: { code: "R0260" },
    practitionerRoles: [{ code: "R0260" }, { code: "R1290" }],
    practitioner: person("Okonjo", "female"),
    practitioners: [person("Okonjo", "female"), person("Lindqvist", "male")],
  });

  test.each<SlotFilter>([
    { practitionerRoles: ["R1290"] },
    { practitionerGenders: ["male"] },
    { practitionerName: "lindq" },
  ])("is kept when the second one agrees with %j", (filter) => {
    expect(outcome([shared], filter).kept).toEqual(["shared"]);
  });

  test("is withheld when none agrees, and unknown when one has no value", () => {
    expect(outcome([shared], { practitionerRoles: ["R9999"] }).withheld).toEqual([
      withheld("practitionerRoles", 1),
    ]);
    const partly = { ...shared, practitioners: [person("Okonjo", "female"), person("Lindqvist")] };
    expect(outcome([partly], { practitionerGenders: ["male"] }).withheld).toEqual([
      withheld("practitionerGenders", 1, 1),
    ]);
  });
});
