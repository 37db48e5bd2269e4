import { resourcesOf } from "./support/bundles.js";
import { useSandbox } from "./support/use-sandbox.js";
import { ALL_INCLUDES, codeOf, type Json, ODS_SYSTEM, type WireResponse } from "./support/wire.js";

const TYPE_SYSTEM = "https://fhir.nhs.uk/STU3/CodeSystem/GPConnect-OrganisationType-1";
const CHANNEL = "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-GPConnect-DeliveryChannel-2";
const NOW = "2026-01-14T09:41:00+00:00";
const byType = (type: string) => `&searchFilter=${TYPE_SYSTEM}%7C${type}`;
const byCode = (code: string) => `&searchFilter=${ODS_SYSTEM}%7C${code}`;
const slotsOf = (reply: WireResponse): Json[] => resourcesOf(reply.json, "Slot");
const idsOf = (reply: WireResponse): string[] => slotsOf(reply).map((slot) => slot.id);

describe("search for free slots", () => {
  const under = useSandbox();

  it("returns free slots wholly inside the range, in UK time", async () => {
    const caller = await under.caller();
    const reply = await caller.slots(NOW, "2026-01-15T09:35:00+00:00");
    const slots = slotsOf(reply);
    expect(slots.length).toBeGreaterThan(10);
    for (const slot of slots) {
      expect(slot).toMatchObject({
        status: "free",
        start: expect.stringMatching(/^2026-01-1[45]T\d\d:\d\d:00\+00:00$/),
      });
      expect(slot.start >= NOW && slot.end <= "2026-01-15T09:35:00+00:00").toBe(true);
    }
  });

  it("returns each schedule, practitioner and location and the organisation once", async () => {
    const caller = await under.caller();
    const services = "&_include:recurse=Schedule:actor:HealthcareService";
    const { json } = await caller.slots(NOW, "2026-01-27T23:59:59+00:00", services);
    const ids: string[] = json.entry.map((one: Json) => `${one.resource.resourceType}/${one.resource.id}`);
    expect(new Set(ids).size).toBe(ids.length);
    for (const schedule of resourcesOf(json, "Schedule")) {
      for (const { reference } of schedule.actor) expect(ids).toContain(reference);
    }
    expect(resourcesOf(json, "Location")).toHaveLength(2);
    expect(resourcesOf(json, "Organization")).toHaveLength(1);
  });

  it("shuffles actors and puts a supplier extension first", async () => {
    const caller = await under.caller();
    const { json } = await caller.slots(NOW, "2026-01-27T23:59:59+00:00");
    expect(json).not.toHaveProperty("total");
    expect(json.entry[0]).not.toHaveProperty("fullUrl");
    const firstActors = resourcesOf(json, "Schedule").map((one) => one.actor[0].reference.split("/")[0]);
    expect(new Set(firstActors)).toEqual(new Set(["Location", "Practitioner"]));
    expect(resourcesOf(json, "Schedule").some((one) => one.actor.length === 1)).toBe(true);
    const firstExtensions = new Set(resourcesOf(json, "Slot").map((one) => one.extension[0].url));
    expect(firstExtensions.size).toBe(2);
    const channels = resourcesOf(json, "Slot").map(
      (one) => one.extension.find((held: Json) => held.url === CHANNEL).valueCode,
    );
    expect(new Set(channels)).toEqual(new Set(["In-person", "Telephone", "Video"]));
  });

  it("leaves out resources that were not requested", async () => {
    const caller = await under.caller();
    const { json } = await caller.slotQuery(
      "status=free&start=ge2026-01-14&end=le2026-01-20&_include=Slot:schedule",
    );
    const types = new Set(json.entry.map((one: Json) => one.resource.resourceType));
    expect(types).toEqual(new Set(["Slot", "Schedule", "Organization"]));
  });

  it("still offers a slot of today that has passed", async () => {
    const caller = await under.caller();
    const slots = slotsOf(await caller.slots("2026-01-14", "2026-01-14"));
    expect(slots.map((slot) => slot.start)).toContain("2026-01-14T00:00:00+00:00");
  });

  it("includes the whole last day of an end date without a time", async () => {
    const caller = await under.caller();
    const byDate = await caller.slots("2026-01-15", "2026-01-16");
    const byTime = await caller.slots("2026-01-15T00:00:00+00:00", "2026-01-16T23:59:59+00:00");
    expect(idsOf(byDate)).toEqual(idsOf(byTime));
    expect(slotsOf(byDate).some((slot) => slot.start.startsWith("2026-01-16"))).toBe(true);
  });

  // Proves GPC-SFS-2, GPC-AMUS-AAC-2, GPC-AMUS-AAC-3.
  it("returns restricted slots only for the matching organisation type and ODS code", async () => {
    const caller = await under.caller();
    const idsWith = async (filters: string) => idsOf(await caller.slots("2026-01-14", "2026-01-28", filters));
    const none = await idsWith("");
    const urgent = await idsWith(byType("urgent-care"));
    const gp = await idsWith(byType("gp-practice"));
    const own = await idsWith(byCode("T82000"));
    const other = await idsWith(byCode("T82999"));
    for (const ids of [urgent, gp, own, other]) expect(ids.length).toBeGreaterThan(none.length);
    for (const ids of [urgent, gp, own, other]) expect(ids).toEqual(expect.arrayContaining(none));
    const both = await idsWith(byType("urgent-care") + byCode("T82999"));
    // Some slots have both restrictions and appear only when both filters are sent.
    expect(both.length).toBeGreaterThan(new Set([...urgent, ...other]).size);
    expect(await idsWith("&searchFilter=urn:other%7Cx")).toEqual(none);
    expect(await idsWith(byType("oncology"))).toEqual(none);
  });

  it("returns an empty bundle for a range without slots", async () => {
    const caller = await under.caller();
    const { status, json } = await caller.slots("2026-01-17", "2026-01-18");
    expect(status).toBe(200);
    expect(json).not.toHaveProperty("entry");
  });

  // Proves GPC-SFS-2, 1.9/7.
  it.each([
    ["one day", "2026-01-14", "2026-01-14", 200],
    ["fourteen days", "2026-01-14", "2026-01-28", 200],
    ["fourteen days and a bit", NOW, "2026-01-28T23:59:59+00:00", 200],
    ["fifteen days", "2026-01-14", "2026-01-29", 422],
    ["fifteen days to the minute", NOW, "2026-01-29T09:41:00+00:00", 422],
    ["an end before the start", "2026-01-20", "2026-01-19", 422],
    ["an end a second before the start", NOW, "2026-01-14T09:40:59+00:00", 422],
    ["a date and a dateTime", "2026-01-14", "2026-01-20T12:00:00+00:00", 200],
    ["Z", "2026-01-14T09:41:00Z", "2026-01-20", 422],
    ["no offset", "2026-01-14T09:41:00", "2026-01-20", 422],
    ["summer's offset in winter", "2026-01-14T09:41:00+01:00", "2026-01-20", 422],
    ["winter's offset in summer", "2026-07-01T09:00:00+00:00", "2026-07-03", 422],
    ["a fraction", "2026-01-14T09:41:00.000+00:00", "2026-01-20", 422],
    ["a partial date", "2026-01", "2026-01-20", 422],
    ["a day that is not in the calendar", "2026-02-30", "2026-03-01", 422],
    ["fourteen days across the spring change", "2026-03-20T09:00:00+00:00", "2026-04-03T09:00:00+01:00", 200],
    ["fourteen days across the autumn change", "2026-10-20T09:00:00+01:00", "2026-11-03T09:00:00+00:00", 200],
  ])("judges a range of %s", async (_case, start, end, status) => {
    const caller = await under.caller();
    const reply = await caller.slots(start, end);
    expect(reply.status).toBe(status);
    expect(codeOf(reply)).toBe(status === 200 ? undefined : "INVALID_PARAMETER");
  });

  it.each([
    ["status", `start=ge2026-01-14&end=le2026-01-20&${ALL_INCLUDES}`],
    ["start", `status=free&end=le2026-01-20&${ALL_INCLUDES}`],
    ["end", `status=free&start=ge2026-01-14&${ALL_INCLUDES}`],
    ["the include of schedules", "status=free&start=ge2026-01-14&end=le2026-01-20"],
    ["a single start", `status=free&start=ge2026-01-14&start=ge2026-01-15&end=le2026-01-20&${ALL_INCLUDES}`],
  ])("wants %s", async (_case, query) => {
    const caller = await under.caller();
    const reply = await caller.slotQuery(query);
    expect([reply.status, codeOf(reply)]).toEqual([400, "BAD_REQUEST"]);
  });

  it.each([
    ["another status", `status=busy&start=ge2026-01-14&end=le2026-01-20&${ALL_INCLUDES}`],
    ["a wrong prefix", `status=free&start=gt2026-01-14&end=le2026-01-20&${ALL_INCLUDES}`],
    ["a bare plus", `status=free&start=ge2026-07-01T09:00:00+01:00&end=le2026-07-03&${ALL_INCLUDES}`],
  ])("refuses %s", async (_case, query) => {
    const caller = await under.caller();
    const reply = await caller.slotQuery(query);
    expect([reply.status, codeOf(reply)]).toEqual([422, "INVALID_PARAMETER"]);
  });
});
