import { resourcesOf } from "./support/bundles.js";
import type { Call } from "./support/caller.js";
import { useSandbox } from "./support/use-sandbox.js";
import { codeOf, type Json, NHS_SYSTEM, type WireResponse } from "./support/wire.js";

const PROFILE = "https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Patient-1";

describe("find and read a patient", () => {
  const under = useSandbox();

  it("finds a patient known at the practice, in an STU3 bundle", async () => {
    const caller = await under.caller();
    const { status, json, headers } = await caller.find("9000000009");
    expect([status, headers["cache-control"]]).toEqual([200, "no-store"]);
    expect(headers["content-type"]).toBe("application/fhir+json;charset=utf-8");
    const [patient] = resourcesOf(json, "Patient");
    expect(patient.name[0]).toMatchObject({
      use: "official",
      family: "Ashcombe",
      given: ["Rosalind", "May"],
    });
    expect(patient).toMatchObject({ birthDate: "1984-03-17", gender: "female", active: true });
  });

  // Proves GPC-BPA-3.
  it("returns an empty bundle for an unknown or hidden patient", async () => {
    const caller = await under.caller();
    for (const number of [
      "9990000131",
      "9990000050",
      "9990000069",
      "9990000077",
      "9990000034",
      "9999999999",
    ]) {
      const { status, json } = await caller.find(number);
      expect([status, resourcesOf(json, "Patient")]).toEqual([200, []]);
    }
  });

  it("has another family name than PDS for one patient", async () => {
    const caller = await under.caller();
    const { json } = await caller.find("9990000174");
    expect(json.entry[0].resource.name[0].family).toBe("Tredinnick");
  });

  it.each([
    ["a wrong check digit", `identifier=${NHS_SYSTEM}%7C9000000008`, 400, "INVALID_NHS_NUMBER"],
    ["a word", `identifier=${NHS_SYSTEM}%7Chello`, 400, "INVALID_NHS_NUMBER"],
    ["another system", "identifier=urn:other%7C9000000009", 400, "INVALID_IDENTIFIER_SYSTEM"],
    ["no system", "identifier=9000000009", 422, "INVALID_PARAMETER"],
    ["no value", `identifier=${NHS_SYSTEM}%7C`, 422, "INVALID_PARAMETER"],
    ["no parameter", "Identifier=x", 400, "BAD_REQUEST"],
    ["the parameter twice", `identifier=a%7Cb&identifier=a%7Cb`, 400, "BAD_REQUEST"],
  ])("refuses to find by %s", async (_case, query, status, code) => {
    const caller = await under.caller();
    const reply = await caller.find("", { path: `Patient?${query}` });
    expect([reply.status, codeOf(reply)]).toEqual([status, code]);
    expect(reply.json.meta.profile[0]).toMatch(/GPConnect-OperationOutcome-1$/);
  });

  it("reads by logical id, with a version", async () => {
    const caller = await under.caller();
    const id = await caller.patientId("9990000018");
    const read: Call = { interaction: "rest:read:patient-1", scope: "patient/*.read", path: `Patient/${id}` };
    const reply = await caller.call(read);
    expect([reply.status, reply.json.id]).toEqual([200, id]);
    expect(reply.headers.etag).toBe(`W/"${reply.json.meta.versionId}"`);
    expect(codeOf(await caller.call({ ...read, path: "Patient/no-such" }))).toBe("PATIENT_NOT_FOUND");
  });
});

describe("register a patient", () => {
  const under = useSandbox();

  function patient(changes: Record<string, unknown> = {}): Json {
    return {
      resourceType: "Patient",
      meta: { profile: [PROFILE] },
      identifier: [{ system: NHS_SYSTEM, value: "9990000131" }],
      name: [{ use: "official", family: "Mowbray", given: ["Saskia"] }],
      gender: "female",
      birthDate: "1995-03-30",
      telecom: [{ system: "phone", value: "01632960999", use: "temp" }],
      ...changes,
    };
  }

  async function register(resource: Json, body?: object): Promise<WireResponse> {
    const caller = await under.caller();
    return caller.call({
      interaction: "operation:gpc.registerpatient-1",
      scope: "patient/*.write",
      path: "Patient/$gpc.registerpatient",
      method: "POST",
      body: body ?? { resourceType: "Parameters", parameter: [{ name: "registerPatient", resource }] },
    });
  }

  const identifier = (value: string) => [{ system: NHS_SYSTEM, value }];
  const named = (family: string, given: string) => [{ use: "official", family, given: [given] }];

  it.each([
    [
      "no official name",
      { name: [{ use: "usual", family: "Mowbray", given: ["Saskia"] }] },
      400,
      "BAD_REQUEST",
    ],
    ["no birth date", { birthDate: undefined }, 400, "BAD_REQUEST"],
    ["a forbidden element", { active: true }, 422, "INVALID_RESOURCE"],
    ["no number", { identifier: [] }, 400, "INVALID_NHS_NUMBER"],
    ["a wrong number", { identifier: identifier("9990000132") }, 400, "INVALID_NHS_NUMBER"],
    ["a superseded number", { identifier: identifier("9990000034") }, 400, "INVALID_NHS_NUMBER"],
    ["an unknown number", { identifier: identifier("9990000204") }, 400, "INVALID_PATIENT_DEMOGRAPHICS"],
    ["another birth date", { birthDate: "1995-03-31" }, 400, "INVALID_PATIENT_DEMOGRAPHICS"],
    ["another family name", { name: named("Mowbrey", "Saskia") }, 400, "BAD_REQUEST"],
    [
      "a dead patient",
      { identifier: identifier("9990000077"), name: named("Garrick", "Winifred"), birthDate: "1931-02-19" },
      400,
      "INVALID_PATIENT_DEMOGRAPHICS",
    ],
    [
      "a patient already active",
      { identifier: identifier("9000000009"), name: named("Ashcombe", "Rosalind"), birthDate: "1984-03-17" },
      409,
      "DUPLICATE_REJECTED",
    ],
  ])("refuses %s", async (_case, changes, status, code) => {
    const reply = await register(patient(changes));
    expect([reply.status, codeOf(reply)]).toEqual([status, code]);
  });

  it("refuses a body that is no Parameters", async () => {
    expect(codeOf(await register(undefined, patient()))).toBe("INVALID_RESOURCE");
  });

  // Proves GPC-BPA-5.
  it("registers temporarily with 200 and a bundle, once", async () => {
    const reply = await register(patient());
    expect(reply.status).toBe(200);
    const [registered] = resourcesOf(reply.json, "Patient");
    const details = registered.extension[0].extension;
    const type = details.find((one: Json) => one.url === "registrationType").valueCodeableConcept.coding[0]
      .code;
    const period = details.find((one: Json) => one.url === "registrationPeriod").valuePeriod;
    expect([type, period]).toEqual(["T", { start: "2026-01-14T09:41:00+00:00" }]);
    expect(registered.telecom).toContainEqual({ system: "phone", value: "01632960999", use: "temp" });
    const caller = await under.caller();
    expect(await caller.patientId("9990000131")).toBe(registered.id);
    expect((await register(patient())).status).toBe(409);
  });
});
