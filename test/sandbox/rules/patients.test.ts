import { resourcesOf } from "../support/bundles.js";
import { codeOf, type Json, NHS_SYSTEM } from "../support/wire.js";
import { read, refusal, register, registration, STU3, useFreshSandbox } from "./support.js";

const under = useFreshSandbox();
const identifier = (value: string) => [{ system: NHS_SYSTEM, value }];
const named = (family: string, given: string) => [{ use: "official", family, given: [given] }];
const COMMUNICATION = {
  url: `${STU3}/Extension-CareConnect-GPC-NHSCommunication-1`,
  extension: [{ url: "interpreterRequired", valueBoolean: true }],
};
const details = (patient: Json): Json =>
  patient.extension.find(({ url }: Json) => url.endsWith("RegistrationDetails-1")).extension;

describe("find a patient", () => {
  test("P-F1: a known active patient comes with id, profile, version, verified NHS number and registration", async () => {
    const { json } = await (await under.caller()).find("9000000009");
    expect(json.entry).toHaveLength(1);
    const [{ resource }] = json.entry;
    expect(resource.meta).toEqual({
      versionId: expect.any(String),
      profile: [`${STU3}/CareConnect-GPC-Patient-1`],
    });
    expect(resource.identifier[0]).toMatchObject({ system: NHS_SYSTEM, value: "9000000009" });
    expect(resource.identifier[0].extension[0].valueCodeableConcept.coding[0].code).toBe("01");
    expect(details(resource).map(({ url }: Json) => url)).toContain("registrationPeriod");
  });

  test.each(["9990000131", "9999999999"])(
    "P-F2: %s, unknown at the practice, gives 200 without entries",
    async (number) => {
      const { status, json } = await (await under.caller()).find(number);
      expect([status, json.entry]).toEqual([200, undefined]);
    },
  );

  test.each([
    ["deceased", "9990000077"],
    ["sensitive", "9990000050"],
    ["inactive", "9990000263"],
  ])("P-F3: a patient who is %s gives 200 without entries", async (_case, number) => {
    const { status, json } = await (await under.caller()).find(number);
    expect([status, json.entry]).toEqual([200, undefined]);
  });

  test("P-F4: a patient who dissents from sharing is found and read", async () => {
    const caller = await under.caller();
    expect((await read(caller, "Patient", await caller.patientId("9990000271"))).status).toBe(200);
  });

  test("P-F5: registration details carry the preferred branch surgery", async () => {
    const caller = await under.caller();
    const { json } = await caller.find("9000000009");
    const registered = (await register(caller, registration())).json;
    for (const bundle of [json, registered]) {
      const [patient] = resourcesOf(bundle, "Patient");
      const branch = details(patient).find(({ url }: Json) => url === "preferredBranchSurgery");
      expect(branch.valueReference.reference).toMatch(/^Location\/\d+$/);
    }
  });
});

describe("read a patient", () => {
  test("P-D1: a known id gives the resource with that id and its profile", async () => {
    const caller = await under.caller();
    const id = await caller.patientId("9000000009");
    const { json } = await read(caller, "Patient", id);
    expect([json.id, json.meta.profile]).toEqual([id, [`${STU3}/CareConnect-GPC-Patient-1`]]);
  });

  test.each(["999999", "1@", "9i", "40-9", "a_b", "-1", "patient"])(
    "P-D2: the unknown id %s gives 404 PATIENT_NOT_FOUND",
    async (id) => {
      expect(refusal(await read(await under.caller(), "Patient", id))).toEqual([404, "PATIENT_NOT_FOUND"]);
    },
  );

  test("P-D3: a read without an id gives 400", async () => {
    expect((await read(await under.caller(), "Patient", "")).status).toBe(400);
  });
});

describe("register a patient", () => {
  const home = { use: "home", line: ["1 New Street"], city: "Averdale", postalCode: "XX10 2AA" };
  const temporary = { use: "temp", line: ["2 Old Street"], city: "Averdale", postalCode: "XX10 2AB" };
  const phone = (use: string) => ({ system: "phone", value: `0163296099${use.length}`, use });
  const email = { system: "email", value: "saskia@example.com" };

  test.each<[string, Record<string, unknown>]>([
    ["no gender", { gender: undefined }],
    ["several given names", { name: [{ use: "official", family: "Mowbray", given: ["Saskia", "Ann"] }] }],
    ["one address", { address: [home] }],
    [
      "an additional name",
      { name: [...named("Mowbray", "Saskia"), { use: "nickname", given: ["Sas"], family: "Mowbray" }] },
    ],
    [
      "telecoms of different uses",
      { telecom: [phone("home"), phone("work"), phone("mobile"), phone("temp"), email] },
    ],
    ["a home and a temporary address", { address: [home, temporary] }],
    ["one nhsCommunication", { extension: [COMMUNICATION] }],
  ])("P-G1: a registration with %s is accepted and stored as sent", async (_case, changes) => {
    const caller = await under.caller();
    const reply = await register(caller, registration(changes));
    expect(reply.status).toBe(200);
    const [found] = resourcesOf((await caller.find("9990000131")).json, "Patient");
    expect(found).toEqual(resourcesOf(reply.json, "Patient")[0]);
    for (const name of ["address", "telecom", "extension"] as const) {
      for (const sent of (changes[name] as Json[] | undefined) ?? [])
        expect(found[name]).toContainEqual(sent);
    }
    expect(details(found).find(({ url }: Json) => url === "registrationType")).toBeDefined();
  });

  test.each([
    ["no identifier", []],
    ["a short number", identifier("999000013")],
    ["a number with letters", identifier("99900001x1")],
    ["a wrong check digit", identifier("9990000132")],
  ])("P-G2: a registration with %s gets 400 INVALID_NHS_NUMBER", async (_case, value) => {
    const reply = await register(await under.caller(), registration({ identifier: value }));
    expect(refusal(reply)).toEqual([400, "INVALID_NHS_NUMBER"]);
  });

  test("P-G3: a superseded number gets 400 INVALID_NHS_NUMBER", async () => {
    const reply = await register(
      await under.caller(),
      registration({ identifier: identifier("9990000034") }),
    );
    expect(refusal(reply)).toEqual([400, "INVALID_NHS_NUMBER"]);
  });

  test.each([
    ["not on PDS", "9990000204", "Sedgemoor", "Jasper", "1977-08-08"],
    ["deceased", "9990000077", "Garrick", "Winifred", "1931-02-19"],
    ["sensitive", "9990000050", "Everley", "Tamsin", "1998-09-13"],
  ])(
    "P-G4: a patient who is %s gets 400 INVALID_PATIENT_DEMOGRAPHICS",
    async (_case, number, family, given, birthDate) => {
      const patient = registration({ identifier: identifier(number), name: named(family, given), birthDate });
      expect(refusal(await register(await under.caller(), patient))).toEqual([
        400,
        "INVALID_PATIENT_DEMOGRAPHICS",
      ]);
    },
  );

  test.each<[string, Record<string, unknown>]>([
    ["birth date", { birthDate: undefined }],
    ["official name", { name: [{ use: "usual", family: "Mowbray", given: ["Saskia"] }] }],
    ["family name", { name: [{ use: "official", given: ["Saskia"] }] }],
    ["identifier system", { identifier: [{ value: "9990000131" }] }],
  ])("P-G5: a registration without %s gets 400 BAD_REQUEST", async (_case, changes) => {
    expect(refusal(await register(await under.caller(), registration(changes)))).toEqual([
      400,
      "BAD_REQUEST",
    ]);
  });

  test("P-G6: a family name that differs from PDS gets 400 BAD_REQUEST", async () => {
    const reply = await register(await under.caller(), registration({ name: named("Mowbrey", "Saskia") }));
    expect(refusal(reply)).toEqual([400, "BAD_REQUEST"]);
  });

  test("P-G7: two registerPatient parameters get 400 BAD_REQUEST", async () => {
    const parameter = { name: "registerPatient", resource: registration() };
    const body = { resourceType: "Parameters", parameter: [parameter, parameter] };
    expect(refusal(await register(await under.caller(), undefined, body))).toEqual([400, "BAD_REQUEST"]);
  });

  test.each(["home", "work", "mobile", "temp"])(
    "P-G8: two telecoms of use %s get 400 BAD_REQUEST",
    async (use) => {
      const telecom = [phone(use), { ...phone(use), value: "01632960001" }];
      expect(refusal(await register(await under.caller(), registration({ telecom })))).toEqual([
        400,
        "BAD_REQUEST",
      ]);
    },
  );

  test("P-G8: two emails and two NHS numbers get 400 BAD_REQUEST", async () => {
    const caller = await under.caller();
    const emails = registration({ telecom: [email, { ...email, value: "s@example.com" }] });
    const numbers = registration({ identifier: [...identifier("9990000131"), ...identifier("9990000018")] });
    expect(refusal(await register(caller, emails))).toEqual([400, "BAD_REQUEST"]);
    expect(refusal(await register(caller, numbers))).toEqual([400, "BAD_REQUEST"]);
  });

  test("P-G9: a wrong resource type or an unknown element gets 422 INVALID_RESOURCE", async () => {
    const caller = await under.caller();
    const wrongBody = { ...registration(), resourceType: "Patient" };
    const wrongResource = { resourceType: "Location", id: "1" };
    expect(refusal(await register(caller, undefined, wrongBody))).toEqual([422, "INVALID_RESOURCE"]);
    expect(refusal(await register(caller, wrongResource))).toEqual([422, "INVALID_RESOURCE"]);
    expect(refusal(await register(caller, registration({ invalidField: "x" })))).toEqual([
      422,
      "INVALID_RESOURCE",
    ]);
  });

  test.each<[string, unknown]>([
    ["active", true],
    ["multipleBirthBoolean", true],
    ["generalPractitioner", [{ reference: "Practitioner/1" }]],
    ["contact", [{ name: { family: "Mowbray" } }]],
    ["managingOrganization", { reference: "Organization/1" }],
    ["maritalStatus", { text: "single" }],
    ["animal", { species: { text: "cat" } }],
    ["communication", [{ language: { text: "English" } }]],
    ["photo", [{ title: "face" }]],
    ["deceasedBoolean", false],
  ])("P-G10: the forbidden element %s gets 422 INVALID_RESOURCE", async (name, value) => {
    const reply = await register(await under.caller(), registration({ [name]: value }));
    expect(refusal(reply)).toEqual([422, "INVALID_RESOURCE"]);
  });

  test.each<[string, Json[]]>([
    ["two home addresses", [home, home]],
    ["two temporary addresses", [temporary, temporary]],
    ["a work address", [{ ...home, use: "work" }]],
    ["an old address", [{ ...home, use: "old" }]],
  ])("P-G11: %s get 422 INVALID_RESOURCE", async (_case, address) => {
    expect(refusal(await register(await under.caller(), registration({ address })))).toEqual([
      422,
      "INVALID_RESOURCE",
    ]);
  });

  test("P-G12: two nhsCommunication extensions get 422 INVALID_RESOURCE", async () => {
    const reply = await register(
      await under.caller(),
      registration({ extension: [COMMUNICATION, COMMUNICATION] }),
    );
    expect(refusal(reply)).toEqual([422, "INVALID_RESOURCE"]);
  });

  test("P-G13: a patient active there, regular or temporary, gets 409 DUPLICATE_REJECTED", async () => {
    const caller = await under.caller();
    expect((await register(caller, registration())).status).toBe(200);
    expect(refusal(await register(caller, registration()))).toEqual([409, "DUPLICATE_REJECTED"]);
    const regular = registration({
      identifier: identifier("9000000009"),
      name: named("Ashcombe", "Rosalind"),
      birthDate: "1984-03-17",
    });
    expect(codeOf(await register(caller, regular))).toBe("DUPLICATE_REJECTED");
  });
});
