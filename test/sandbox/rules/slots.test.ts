import { resourcesOf } from "../support/bundles.js";
import { ALL_INCLUDES, type Json, ODS_SYSTEM } from "../support/wire.js";
import { allSlots, FROM, refusal, STU3, TO, useFreshSandbox } from "./support.js";

const under = useFreshSandbox();
const TYPE_SYSTEM = "https://fhir.nhs.uk/STU3/CodeSystem/GPConnect-OrganisationType-1";
const byType = (code: string) => `&searchFilter=${TYPE_SYSTEM}%7C${code}`;
const byOds = (code: string) => `&searchFilter=${ODS_SYSTEM}%7C${code}`;
const query = async (parameters: string) => (await under.caller()).slotQuery(parameters);
const RANGE = `status=free&start=ge${FROM}&end=le${TO}`;
const ids = (json: Json) => resourcesOf(json, "Slot").map(({ id }) => id);

test.each([FROM, "2026-01-23", "2026-01-29"])(
  "P-S1: a range of 0, 8 or 14 days to %s succeeds",
  async (to) => {
    expect((await (await under.caller()).slots(FROM, to)).status).toBe(200);
  },
);

test.each(["2026-01-30", "2026-02-15", "2026-01-14"])(
  "P-S2: a range of 15 or 31 days, or an end before the start (%s), gets 422 INVALID_PARAMETER",
  async (to) => {
    expect(refusal(await (await under.caller()).slots(FROM, to))).toEqual([422, "INVALID_PARAMETER"]);
  },
);

test.each([
  ["start", `status=free&end=le${TO}`],
  ["end", `status=free&start=ge${FROM}`],
  ["status", `start=ge${FROM}&end=le${TO}`],
])("P-S3: a search without %s gets 400 BAD_REQUEST", async (_name, parameters) => {
  expect(refusal(await query(`${parameters}&${ALL_INCLUDES}`))).toEqual([400, "BAD_REQUEST"]);
});

test.each([
  ...["le", "gt", "lt", "eq", "ne", "sa", "eb", "ap", "xx", ""].map((prefix) => [
    `start=${prefix}${FROM}`,
    `end=le${TO}`,
  ]),
  ...["ge", "gt", "lt", "eq", "xx", ""].map((prefix) => [`start=ge${FROM}`, `end=${prefix}${TO}`]),
])("P-S4: only ge on start and le on end are allowed: %s and %s get 422", async (start, end) => {
  expect(refusal(await query(`status=free&${start}&${end}&${ALL_INCLUDES}`))).toEqual([
    422,
    "INVALID_PARAMETER",
  ]);
});

test.each([
  `status=free&start=&end=le${TO}`,
  `status=free&start=ge${FROM}&end=`,
  `status=free&start=geyesterday&end=le${TO}`,
  `status=free&start=ge&end=le${TO}`,
  `status=busy&start=ge${FROM}&end=le${TO}`,
  `status=&start=ge${FROM}&end=le${TO}`,
])("P-S5: an empty or unparsable value gets 422 INVALID_PARAMETER: %s", async (parameters) => {
  expect(refusal(await query(`${parameters}&${ALL_INCLUDES}`))).toEqual([422, "INVALID_PARAMETER"]);
});

test.each([
  ["a date and a dateTime", FROM, "2026-01-20T12:00:00+00:00", 200],
  ["a dateTime and a date", "2026-01-15T09:00:00+00:00", "2026-01-20", 200],
  ["two dateTimes", "2026-01-15T09:00:00+00:00", "2026-01-20T12:00:00+00:00", 200],
  ["no offset", "2026-01-15T09:00:00", "2026-01-20", 422],
  ["Z", "2026-01-15T09:00:00Z", "2026-01-20", 422],
  ["a month", "2026-01", "2026-01-20", 422],
  ["a year", "2026", "2026-01-20", 422],
])("P-S6: a range of %s is judged by its format", async (_case, start, end, status) => {
  expect((await (await under.caller()).slots(start, end)).status).toBe(status);
});

test("P-S7: a searchFilter of an unknown system is ignored", async () => {
  const caller = await under.caller();
  const plain = ids((await allSlots(caller)).json);
  expect(ids((await allSlots(caller, "&searchFilter=urn:unknown%7Cx")).json)).toEqual(plain);
});

test("P-S8: filters for organisation type and ODS code, alone, together or absent, return the admitted slots", async () => {
  const caller = await under.caller();
  const found = async (filters: string) => ids((await allSlots(caller, filters)).json);
  const restrictionsOf = (slotIds: string[]) =>
    new Set(
      slotIds.map((id) => JSON.stringify(under.sandbox.practices.get("T81001")?.slots.get(id)?.restriction)),
    );
  const none = "{}";
  const urgent = '{"organisationType":"urgent-care"}';
  const other = '{"odsCode":"T82999"}';
  const both = '{"organisationType":"urgent-care","odsCode":"T82999"}';
  expect(restrictionsOf(await found(""))).toEqual(new Set([none]));
  expect(restrictionsOf(await found(byType("urgent-care")))).toEqual(new Set([none, urgent]));
  expect(restrictionsOf(await found(byOds("T82999")))).toEqual(new Set([none, other]));
  expect(restrictionsOf(await found(byType("urgent-care") + byOds("T82999")))).toEqual(
    new Set([none, urgent, other, both]),
  );
  expect(restrictionsOf(await found(byType("oncology")))).toEqual(new Set([none]));
});

test("P-S9: slots are free, refer to a schedule of the bundle, and carry no specialty or comment", async () => {
  const { json } = await allSlots(await under.caller());
  const schedules = resourcesOf(json, "Schedule");
  for (const slot of resourcesOf(json, "Slot")) {
    expect(slot.status).toBe("free");
    expect(schedules.map(({ id }) => `Schedule/${id}`)).toContain(slot.schedule.reference);
    expect(Object.keys(slot)).not.toEqual(expect.arrayContaining(["specialty"]));
    expect(Object.keys(slot)).not.toEqual(expect.arrayContaining(["comment"]));
    expect(slot.identifier ?? []).toEqual([]);
  }
  for (const schedule of schedules) {
    expect(schedule.planningHorizon.start).toMatch(/T/);
    expect(schedule.extension.map(({ url }: Json) => url)).toEqual([
      `${STU3}/Extension-GPConnect-PractitionerRole-1`,
    ]);
  }
});

test("P-S10: schedules have a service category and slots a service type", async () => {
  const { json } = await allSlots(await under.caller());
  for (const { serviceCategory } of resourcesOf(json, "Schedule"))
    expect(serviceCategory.text).toEqual(expect.any(String));
  for (const { serviceType } of resourcesOf(json, "Slot"))
    expect(serviceType[0].text).toEqual(expect.any(String));
});

test.each([
  ["Practitioner", "Schedule:actor:Practitioner"],
  ["Location", "Schedule:actor:Location"],
])("P-S11: %s is in the bundle only when its include was sent", async (type, include) => {
  const without = await query(`${RANGE}&_include=Slot:schedule`);
  const withInclude = await query(`${RANGE}&_include=Slot:schedule&_include:recurse=${include}`);
  expect(resourcesOf(without.json, type)).toEqual([]);
  expect(resourcesOf(withInclude.json, type).length).toBeGreaterThan(0);
});
