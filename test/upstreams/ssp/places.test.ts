import { testContext } from "../../support/call-context.js";
import { sendJson } from "../../support/local-server.js";
import * as wire from "./resources.js";
import { failureOf, PRACTICE, startProxy, type TestProxy } from "./support.js";

const context = testContext();
let proxy: TestProxy;
beforeAll(async () => {
  proxy = await startProxy();
});
afterAll(() => proxy.close());

function answerWith(status: number, body: unknown): void {
  proxy.answerWith((_request, response) => sendJson(response, status, body));
}

// Proves GPC-FOU-CAP-01/1, CONS-FoundationAPITest1.
describe("a practice's capability statement", () => {
  const fetchCapabilities = () => proxy.client.fetchCapabilities(PRACTICE, context);

  it("lists interactions by resource and operations by name", async () => {
    answerWith(200, {
      resourceType: "CapabilityStatement",
      version: "1.2.7-beta.3",
      fhirVersion: "3.0.1",
      software: { name: "Surgery Suite", version: "9", releaseDate: "2026-01-01" },
      rest: [
        {
          mode: "server",
          resource: [
            { type: "Slot", interaction: [{ code: "search-type" }], searchParam: [{ name: "status" }] },
            { type: "Appointment", interaction: [{ code: "create" }, { code: "update" }, {}] },
            { type: "Location" },
            { interaction: [{ code: "read" }] },
          ],
          operation: [{ name: "gpc.registerpatient" }, { name: "$gpc.other" }],
        },
      ],
    });
    expect(await fetchCapabilities()).toEqual({
      gpConnectVersion: "1.2.7-beta.3",
      fhirVersion: "3.0.1",
      software: { name: "Surgery Suite", version: "9" },
      interactions: [
        "Slot.search-type",
        "Appointment.create",
        "Appointment.update",
        "gpc.registerpatient",
        "gpc.other",
      ],
    });
  });

  it("may be empty", async () => {
    answerWith(200, { resourceType: "CapabilityStatement" });
    expect(await fetchCapabilities()).toEqual({ interactions: [] });
  });
});

describe("a location at a practice", () => {
  // Proves GPC-FOU-RLO-01/2.
  it("has an address from an object or a list", async () => {
    const expected = {
      id: "l1",
      name: "Willow Lane Branch",
      addressLines: ["4 Willow Lane", "Upper Testing", "Averdale"],
      postalCode: "XX20 1ZZ",
      phone: "01632 960001",
    };
    answerWith(200, wire.location);
    expect(await proxy.client.readLocation(PRACTICE, "l1", context)).toEqual(expected);
    answerWith(200, { ...wire.location, address: [wire.location.address] });
    expect(await proxy.client.readLocation(PRACTICE, "l1", context)).toEqual(expected);
  });

  it.each([
    ["another location", { ...wire.location, id: "l2" }],
    ["another resource", { ...wire.practitioner, id: "l1" }],
    ["an outcome", wire.practiceOutcome("NO_RECORD_FOUND")],
  ])("is a bad response when the body is %s", async (_name, body) => {
    answerWith(200, body);
    expect(await failureOf(proxy.client.readLocation(PRACTICE, "l1", context))).toMatchObject({
      code: "UPSTREAM_BAD_RESPONSE",
      reason: "WRONG_RESOURCE",
    });
  });

  // Proves GPC-FOU-RLO-01/3.
  it("is refused with the practice's code when it does not exist", async () => {
    answerWith(404, wire.practiceOutcome("NO_RECORD_FOUND"));
    expect(await failureOf(proxy.client.readLocation(PRACTICE, "l1", context))).toMatchObject({
      code: "UPSTREAM_REFUSED",
      service: "PROVIDER",
      reason: "NO_RECORD_FOUND",
    });
  });
});

// Proves GPC-FOU-RPR-01/2.
describe("a practitioner at a practice", () => {
  it("has name and gender", async () => {
    answerWith(200, wire.practitioner);
    expect(await proxy.client.readPractitioner(PRACTICE, "p1", context)).toMatchObject({
      id: "p1",
      name: { family: "Okonjo", given: ["Ada"], prefix: ["Dr"] },
      gender: "female",
    });
  });

  it("has the name text when there are no name parts", async () => {
    answerWith(200, { ...wire.practitioner, name: [{ text: "Dr Ada OKONJO" }] });
    const { name } = await proxy.client.readPractitioner(PRACTICE, "p1", context);
    expect(name).toMatchObject({ family: "Dr Ada OKONJO", given: [] });
  });
});

// Proves 1.8/8.
describe("the practice's organisation", () => {
  const find = () => proxy.client.findOrganisation(PRACTICE, context);

  // Proves GPC-FOU-FOR-01/1, GPC-FOU-FOR-01/2.
  it("is found by its ODS code among others", async () => {
    const code = (value: string) => [{ system: "https://fhir.nhs.uk/Id/ods-organization-code", value }];
    const other = { ...wire.organisation, identifier: code("T99999"), name: "Next door" };
    const own = { ...wire.organisation, identifier: code("t81001") };
    answerWith(200, wire.bundle(other, own));
    expect(await find()).toMatchObject({ name: "Willow Lane Surgery", phone: "01632 960000" });
    answerWith(200, wire.bundle(other));
    expect(await failureOf(find())).toMatchObject({
      code: "UPSTREAM_BAD_RESPONSE",
      reason: "WRONG_RESOURCE",
    });
  });

  // Proves GPC-FOU-FOR-01/3.
  it.each([
    ["an empty bundle", 200, wire.bundle()],
    ["a 404 that says so", 404, wire.practiceOutcome("ORGANISATION_NOT_FOUND")],
  ])("is unknown after %s", async (_name, status, body) => {
    answerWith(status, body);
    expect(await find()).toBeUndefined();
  });
});
