import type { PracticePatient } from "../../../src/domain/patient.js";
import type { TemporaryRegistration } from "../../../src/upstreams/ssp/index.js";
import { testContext } from "../../support/call-context.js";
import { sendJson } from "../../support/local-server.js";
import * as wire from "./resources.js";
import { failureOf, NHS_NUMBER, PRACTICE, startProxy, type TestProxy } from "./support.js";

const OTHER_NUMBER = "9990000018";

let proxy: TestProxy;
beforeAll(async () => {
  proxy = await startProxy();
});
afterAll(() => proxy.close());

function answerWith(status: number, body: unknown): void {
  proxy.answerWith((_request, response) => sendJson(response, status, body));
}

describe("finding a patient", () => {
  const find = (context = testContext()): Promise<PracticePatient[]> =>
    proxy.client.findPatient(PRACTICE, NHS_NUMBER, context);

  // Proves GPC-FOU-FPA-01/1.
  it("returns what the practice holds", async () => {
    answerWith(200, wire.bundle(wire.patient(NHS_NUMBER)));
    expect(await find()).toEqual([
      {
        id: "pat-7",
        nhsNumber: NHS_NUMBER,
        name: {
          use: "official",
          family: "Ashcombe",
          given: ["Rosalind", "May"],
          prefix: ["Ms"],
          suffix: [],
          period: undefined,
        },
        gender: "female",
        birthDate: "1984-02-29",
        registrationType: "T",
        registrationPeriod: { start: "2026-11-01T09:00:00+00:00", end: undefined },
        preferredBranchLocationId: "l1",
      },
    ]);
  });

  // Proves GPC-FOU-FPA-01/2, CONS-FoundationAPITest2.
  it.each([
    [{ deceasedDateTime: "2026-01-31" }, { deceased: true, deceasedAt: "2026-01-31" }],
    [{ deceasedDateTime: { broken: true } }, { deceased: true }],
    [{ deceasedBoolean: true }, { deceased: true }],
    [{ active: false }, { active: false }],
  ])("says that the practice's record has %j", async (more, expected) => {
    answerWith(200, wire.bundle(wire.patient(NHS_NUMBER, more)));
    expect(await find()).toMatchObject([expected]);
  });

  it("takes a record for living and active unless it says otherwise", async () => {
    answerWith(200, wire.bundle(wire.patient(NHS_NUMBER, { active: true, deceasedBoolean: false })));
    const [patient] = await find();
    expect(Object.keys(patient ?? {})).not.toEqual(expect.arrayContaining(["deceased"]));
    expect(patient?.active).toBeUndefined();
  });

  it.each([
    ["a next page", { link: [{ relation: "next", url: "https://x.example" }] }],
    ["a larger total", { total: 2 }],
  ])("refuses a response with %s", async (_name, more) => {
    answerWith(200, { ...wire.bundle(wire.patient(NHS_NUMBER)), ...more });
    expect(await failureOf(find())).toMatchObject({
      code: "UPSTREAM_BAD_RESPONSE",
      reason: "INCOMPLETE_RESPONSE",
    });
  });

  it("returns all records when the practice has several", async () => {
    answerWith(200, wire.bundle(wire.patient(NHS_NUMBER), wire.patient(NHS_NUMBER, { id: "pat-8" })));
    expect((await find()).map(({ id }) => id)).toEqual(["pat-7", "pat-8"]);
  });

  it("accepts a record without registration details, name and birth date", async () => {
    const bare = { extension: undefined, name: undefined, birthDate: undefined, gender: undefined };
    answerWith(200, wire.bundle(wire.patient(NHS_NUMBER, bare)));
    expect(await find()).toEqual([{ id: "pat-7", nhsNumber: NHS_NUMBER }]);
  });

  // Proves GPC-FOU-FPA-01/3, GPC-FOU-FPA-01/4, GPC-FOU-FPA-01/6, GPC-FOU-FPA-01/7, CONS-FoundationAPITest3,
  // CONS-FoundationAPITest6.
  it("returns nobody for an empty bundle, recorded as a success", async () => {
    const context = testContext();
    answerWith(200, { resourceType: "Bundle", type: "searchset" });
    expect(await find(context)).toEqual([]);
    expect(context.calls.calls).toMatchObject([{ outcome: "OK" }]);
    expect(context.events).toMatchObject([{ outcome: "SUCCEEDED", httpStatus: 200 }]);
  });

  // Proves GPC-FOU-FPA-01/4, GPC-STR-TST-GEN-11.
  it("returns nobody for a 404 with PATIENT_NOT_FOUND", async () => {
    const context = testContext();
    answerWith(404, wire.practiceOutcome("PATIENT_NOT_FOUND"));
    expect(await find(context)).toEqual([]);
    expect(context.calls.calls).toMatchObject([{ outcome: "NOT_FOUND" }]);
    expect(context.events).toMatchObject([
      { outcome: "SUCCEEDED", httpStatus: 404, reason: "PATIENT_NOT_FOUND" },
    ]);
  });

  it.each([
    ["another reason", wire.practiceOutcome("NO_RECORD_FOUND")],
    ["the proxy", wire.proxyOutcome(404, "PATIENT_NOT_FOUND")],
    ["nobody knows whom", {}],
  ])("is refused by a 404 of %s", async (_name, body) => {
    answerWith(404, body);
    expect(await failureOf(find())).toMatchObject({ code: "UPSTREAM_REFUSED", httpStatus: 404 });
  });

  // Proves HAZ-WRONG-PATIENT.
  it.each([
    ["bears another number", wire.patient(OTHER_NUMBER)],
    ["bears no number", wire.patient(NHS_NUMBER, { identifier: [] })],
    [
      "has two numbers",
      wire.patient(NHS_NUMBER, {
        identifier: [NHS_NUMBER, OTHER_NUMBER].map((value) => ({
          system: "https://fhir.nhs.uk/Id/nhs-number",
          value,
        })),
      }),
    ],
  ])("refuses a response whose patient %s", async (_name, patient) => {
    answerWith(200, wire.bundle(wire.patient(NHS_NUMBER), patient));
    expect(await failureOf(find())).toMatchObject({
      code: "UPSTREAM_BAD_RESPONSE",
      service: "PROVIDER",
      reason: "WRONG_PATIENT",
    });
  });
});

describe("registering a patient", () => {
  const minimal: TemporaryRegistration = {
    nhsNumber: NHS_NUMBER,
    name: { family: "Ashcombe", given: ["Rosalind", "May"], prefix: ["Ms"] },
    birthDate: "1984-02-29",
    addresses: [],
    telecoms: [],
  };
  const identifier = [
    {
      extension: [
        {
          url: "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-NHSNumberVerificationStatus-1",
          valueCodeableConcept: {
            coding: [
              {
                system: "https://fhir.nhs.uk/STU3/CodeSystem/CareConnect-NHSNumberVerificationStatus-1",
                code: "01",
                display: "Number present and verified",
              },
            ],
          },
        },
      ],
      system: "https://fhir.nhs.uk/Id/nhs-number",
      value: NHS_NUMBER,
    },
  ];

  async function register(
    registration: TemporaryRegistration,
  ): Promise<{ patient: PracticePatient; body: unknown }> {
    answerWith(200, wire.bundle(wire.patient(NHS_NUMBER)));
    const patient = await proxy.client.registerPatient(PRACTICE, registration, testContext());
    return { patient, body: JSON.parse(proxy.server.requests.at(-1)?.body ?? "") };
  }

  // Proves GPC-BPA-4.
  it("sends the minimum and nothing else", async () => {
    const { patient, body } = await register(minimal);
    expect(body).toEqual({
      resourceType: "Parameters",
      parameter: [
        {
          name: "registerPatient",
          resource: {
            resourceType: "Patient",
            meta: { profile: ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Patient-1"] },
            identifier,
            name: [{ use: "official", family: "Ashcombe", given: ["Rosalind", "May"], prefix: ["Ms"] }],
            birthDate: "1984-02-29",
          },
        },
      ],
    });
    expect(patient).toMatchObject({ id: "pat-7", registrationType: "T" });
  });

  // Proves GPC-FOU-REG-01/4, GPC-FOU-REG-01/7, GPC-FOU-REG-01/8, GPC-FOU-REG-01/9, GPC-FOU-REG-01/10,
  // GPC-BPA-4.
  it("sends what PDS holds in its own use, once each, and what the caller adds as temporary", async () => {
    const { body } = await register({
      ...minimal,
      gender: "female",
      addresses: [
        { use: "billing", lines: ["PO Box 1"] },
        { use: "home", lines: ["9 Gone Street"], period: { end: "2025-12-31" } },
        { use: "home", lines: ["2 Here Street", "Averdale"], postalCode: "XX1 1XX" },
        { use: "home", lines: ["3 Twice Street"] },
        { use: "temp", lines: ["4 Elsewhere"] },
        { lines: ["5 Useless Lane"] },
      ],
      telecoms: [
        { system: "phone", use: "home", value: "01632 960100" },
        { system: "phone", use: "home", value: "01632 960101" },
        { system: "phone", use: "mobile", value: "07700 900100", period: { start: "2027-01-01" } },
        { system: "phone", use: "mobile", value: "07700 900101" },
        { system: "phone", use: "temp", value: "01632 960103" },
        { system: "phone", use: "old", value: "01632 960104" },
        { system: "phone", value: "01632 960105" },
        { system: "fax", use: "home", value: "01632 960106" },
        { system: "email", use: "home", value: "rosalind@mail.example" },
        { system: "email", use: "work", value: "r.ashcombe@work.example" },
      ],
      temporaryAddress: { lines: ["1 Seaside Villas"], postalCode: "XX9 9XX" },
      temporaryPhone: "01632 960199",
    });
    expect(body).toMatchObject({
      parameter: [
        {
          resource: {
            gender: "female",
            address: [
              { use: "temp", line: ["1 Seaside Villas"], postalCode: "XX9 9XX" },
              { use: "home", line: ["2 Here Street", "Averdale"], postalCode: "XX1 1XX" },
            ],
            telecom: [
              { system: "phone", use: "temp", value: "01632 960199" },
              { system: "phone", use: "home", value: "01632 960100" },
              { system: "phone", use: "mobile", value: "07700 900101" },
              { system: "email", use: "home", value: "rosalind@mail.example" },
            ],
          },
        },
      ],
    });
  });

  it("keeps a temporary address and number of PDS when the caller adds none", async () => {
    const { body } = await register({
      ...minimal,
      addresses: [{ use: "temp", lines: ["4 Elsewhere"] }],
      telecoms: [{ system: "phone", use: "temp", value: "01632 960103" }],
    });
    expect(body).toMatchObject({
      parameter: [
        {
          resource: {
            address: [{ use: "temp", line: ["4 Elsewhere"] }],
            telecom: [{ system: "phone", use: "temp", value: "01632 960103" }],
          },
        },
      ],
    });
  });

  it.each([
    ["nobody", wire.bundle(), "INCOMPLETE_RESOURCE"],
    ["somebody else", wire.bundle(wire.patient(OTHER_NUMBER)), "WRONG_PATIENT"],
    ["a patient without a bundle", wire.patient(NHS_NUMBER), "WRONG_RESOURCE"],
  ])("has an unknown outcome when the response holds %s", async (_name, answer, reason) => {
    answerWith(200, answer);
    const context = testContext();
    const failure = await failureOf(proxy.client.registerPatient(PRACTICE, minimal, context));
    expect(failure).toMatchObject({ code: "UPSTREAM_BAD_RESPONSE", reason, outcomeUnknown: true });
    expect(context.events).toMatchObject([{ outcome: "UNKNOWN", nhsNumber: NHS_NUMBER }]);
  });
});
