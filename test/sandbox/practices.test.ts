import { PERSONAS } from "../../src/sandbox/index.js";
import { resourcesOf } from "./support/bundles.js";
import { type Call, lookUp } from "./support/caller.js";
import { useSandbox } from "./support/use-sandbox.js";
import { codeOf, type Json, ODS_SYSTEM } from "./support/wire.js";

const SLOW_MS = 40;
const ORGANISATION_READ = { scope: "organization/*.read" };

describe("the practices", () => {
  const under = useSandbox({ slowMs: SLOW_MS });

  it("return their capability statement", async () => {
    const caller = await under.caller();
    const { json } = await caller.metadata();
    expect(json).toMatchObject({
      resourceType: "CapabilityStatement",
      version: "1.2.7",
      fhirVersion: "3.0.1",
    });
    expect(json.software).toEqual({ name: expect.any(String), version: expect.any(String) });
    const interactions = (type: string) =>
      json.rest[0].resource.find((one: Json) => one.type === type).interaction.map((one: Json) => one.code);
    expect(interactions("Appointment")).toEqual(["read", "create", "update", "search-type"]);
    expect(interactions("Slot")).toEqual(["search-type"]);
    expect(json.rest[0].operation[0].name).toBe("gpc.registerpatient");
  });

  it("refuse every request when GP Connect is switched off", async () => {
    const caller = await under.caller("T81004");
    for (const reply of [await caller.metadata(), await caller.slots("2026-01-14", "2026-01-20")]) {
      expect([reply.status, codeOf(reply), reply.headers["cache-control"]]).toEqual([
        403,
        "ACCESS_DENIED",
        "no-store",
      ]);
    }
  });

  it("can be fully booked, with an empty list of entries", async () => {
    const caller = await under.caller("T81006");
    expect((await caller.metadata()).status).toBe(200);
    expect((await caller.slots("2026-01-14", "2026-01-28")).json.entry).toEqual([]);
    expect(await caller.patientId("9990000158")).toEqual(expect.any(String));
  });

  it("can run an older system: no types, single objects instead of lists, another code system", async () => {
    const caller = await under.caller("T81008");
    expect((await caller.metadata()).json.version).toBe("1.2.5");
    const { json } = await caller.slots("2026-01-14", "2026-01-28");
    for (const slot of resourcesOf(json, "Slot")) expect(slot).not.toHaveProperty("serviceType");
    for (const schedule of resourcesOf(json, "Schedule"))
      expect(schedule).not.toHaveProperty("serviceCategory");
    expect(resourcesOf(json, "Location")[0].telecom).toMatchObject({ system: "phone" });
    const refused = await caller.slotQuery("status=free");
    expect(refused.json.issue[0].details.coding[0].system).toMatch(/\/CodeSystem\//);
  });

  it("can be slow", async () => {
    const caller = await under.caller("T81003");
    const before = performance.now();
    expect((await caller.metadata()).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThan(SLOW_MS * 0.9);
  });

  it.each(PERSONAS.practices.filter(({ odsCode }) => odsCode.startsWith("T811")))(
    "$odsCode has slots",
    async ({ odsCode }) => {
      const caller = await under.caller(odsCode);
      const { json } = await caller.slots("2026-01-14", "2026-01-28");
      expect(resourcesOf(json, "Slot").length).toBeGreaterThan(20);
      expect(resourcesOf(json, "Organization")[0].identifier).toEqual([
        { system: ODS_SYSTEM, value: odsCode },
      ]);
    },
  );

  it("return their organisation, locations and practitioners by read and search", async () => {
    const caller = await under.caller();
    const { json } = await caller.slots("2026-01-14", "2026-01-28");
    const get = (interaction: string, path: string) =>
      caller.call({ ...ORGANISATION_READ, interaction, path });
    for (const type of ["Organization", "Location", "Practitioner"]) {
      const [resource] = resourcesOf(json, type);
      const reply = await get(`rest:read:${type.toLowerCase()}-1`, `${type}/${resource.id}`);
      expect([reply.status, reply.json]).toEqual([200, resource]);
      expect((await get(`rest:read:${type.toLowerCase()}-1`, `${type}/999999`)).status).toBe(404);
    }
    const found = await get("rest:search:organization-1", `Organization?identifier=${ODS_SYSTEM}%7CT81001`);
    expect(resourcesOf(found.json, "Organization")).toHaveLength(1);
    const missed = await get("rest:search:organization-1", `Organization?identifier=${ODS_SYSTEM}%7CT81002`);
    expect(resourcesOf(missed.json, "Organization")).toEqual([]);
    const wrong = await get("rest:search:organization-1", "Organization?identifier=urn:x%7CT81001");
    expect(codeOf(wrong)).toBe("INVALID_IDENTIFIER_SYSTEM");
    const sdsUserId = resourcesOf(json, "Practitioner")[0].identifier.find((one: Json) =>
      one.system.endsWith("sds-user-id"),
    );
    const path = `Practitioner?identifier=${sdsUserId.system}%7C${sdsUserId.value}`;
    expect(resourcesOf((await get("rest:search:practitioner-1", path)).json, "Practitioner")).toHaveLength(1);
  });

  it.each<[string, Partial<Call>, number]>([
    [
      "the interaction of another path",
      { interaction: "rest:search:patient-1", scope: "patient/*.read" },
      400,
    ],
    ["another media type", { headers: { accept: "application/json+fhir" } }, 415],
    ["any media type", { headers: { accept: "*/*" } }, 200],
    ["a media type with parameters", { headers: { accept: "application/fhir+json;charset=utf-8" } }, 200],
    [
      "an unsupported _format",
      { path: "metadata?_format=application/fhir%2Bjson", headers: { accept: "text/html" } },
      200,
    ],
  ])("judge %s", async (_case, changes, status) => {
    const caller = await under.caller();
    expect((await caller.metadata(changes)).status).toBe(status);
  });

  it("refuse a PUT with the interaction of a read", async () => {
    const caller = await under.caller();
    const reply = await caller.put("update", { id: "1" }, "1", {
      method: "GET",
      interaction: "rest:update:appointment-1",
    });
    expect([reply.status, codeOf(reply)]).toEqual([400, "BAD_REQUEST"]);
  });

  it("do not know each other's ids", async () => {
    const first = await lookUp(under.sandbox, "T81001");
    const second = await lookUp(under.sandbox, "T81101");
    expect(first.root).not.toBe(second.root);
    const known = await (await under.caller("T81001")).patientId("9000000009");
    const reply = await (await under.caller("T81101")).appointments(known, "2026-01-14", "2026-02-01");
    expect(codeOf(reply)).toBe("PATIENT_NOT_FOUND");
  });
});
