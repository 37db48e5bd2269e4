import type { SlotSearchResponse } from "../../../src/domain/slot.js";
import type { NewAppointment } from "../../../src/upstreams/ssp/index.js";
import { testContext } from "../../support/call-context.js";
import { sendJson } from "../../support/local-server.js";
import * as wire from "./resources.js";
import { decodeToken, failureOf, NHS_NUMBER, PRACTICE, startProxy, type TestProxy, urn } from "./support.js";

const NINE = "2026-11-24T09:00:00+00:00";
const TEN_PAST = "2026-11-24T09:10:00+00:00";
const WINDOW = { start: "2026-11-23T09:00:00+00:00", end: "2026-12-07T08:59:59+00:00" };
const STATUS_URL =
  "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-GPConnect-ServiceFilteringStatus-1";

const service: wire.Resource = {
  resourceType: "HealthcareService",
  id: "h1",
  identifier: [{ system: "https://fhir.nhs.uk/Id/uec-dos-service-id", value: "2000099999" }],
  providedBy: { reference: "Organization/o1" },
  name: "Willow Evening Hub",
};
const schedule = wire.schedule({
  actor: [
    { reference: "HealthcareService/h1" },
    { reference: "Practitioner/p1" },
    { reference: "Location/l1" },
  ],
});
const served = [wire.slot("1", NINE, TEN_PAST), schedule, wire.location, wire.practitioner];

function withStatus(valueCode: unknown, ...resources: wire.Resource[]): wire.Resource {
  const meta = { extension: [wire.STRANGER, { url: STATUS_URL }, { url: STATUS_URL, valueCode }] };
  return { ...wire.bundle(...resources), meta };
}

let on: TestProxy;
let off: TestProxy;
beforeAll(async () => {
  on = await startProxy({ serviceFiltering: true });
  off = await startProxy();
});
afterAll(() => Promise.all([on.close(), off.close()]));

const NEWER = { ...WINDOW, withServices: true };

function search(proxy: TestProxy, answer: wire.Resource, serviceId?: string): Promise<SlotSearchResponse> {
  proxy.answerWith((_request, response) => sendJson(response, 200, answer));
  return proxy.client.searchFreeSlots(PRACTICE, { ...NEWER, serviceId }, testContext());
}
const lastQuery = (proxy: TestProxy) => proxy.server.requests.at(-1)?.path.split("?")[1]?.split("&") ?? [];

describe("a slot search and services", () => {
  const include = "_include:recurse=Schedule:actor:HealthcareService";
  const filter = "service.identifier=https://fhir.nhs.uk/Id/uec-dos-service-id%7C2000099999";

  // Proves GPC-SFS-1.6, US01, US04.
  it("requests services only where the setting is on, and one service only with its id", async () => {
    await search(off, wire.bundle());
    const before = lastQuery(off);
    await search(on, wire.bundle());
    const named = lastQuery(on);
    expect(named).toContain(include);
    expect(named.filter((part) => part !== include)).toEqual(before);
    await search(on, withStatus("enabled"), "2000099999");
    expect(lastQuery(on)).toEqual([...named, filter]);
  });

  // Proves US02, US05.
  it("joins the service through the schedule, with or without the resource and its name", async () => {
    const nameOf = async (...rest: wire.Resource[]) =>
      (await search(on, wire.bundle(...served, ...rest))).slots[0]?.service;
    expect(await nameOf(service)).toEqual({ id: "h1", name: "Willow Evening Hub" });
    expect(await nameOf({ ...service, name: undefined })).toEqual({ id: "h1", name: undefined });
    expect(await nameOf({ ...service, id: "another" })).toEqual({ id: "h1" });
    expect(await nameOf()).toEqual({ id: "h1" });
    const plain = await search(on, wire.bundle(...served, wire.schedule(), service));
    expect(plain.slots[0]).not.toHaveProperty("service");
  });

  // Proves US01.
  it.each([
    ["enabled", undefined],
    ["organization-disabled", [expect.stringMatching(/does not filter by service/)]],
    ["supplier-disabled", [expect.stringMatching(/does not filter by service/)]],
    ["a-newer-code", [expect.stringMatching(/does not filter by service/)]],
  ])("gives the filtering status %s as sent", async (status, warnings) => {
    const answer = await search(on, withStatus(status, ...served, service), "2000099999");
    expect(answer).toMatchObject({ serviceFiltering: status });
    expect(answer.warnings).toEqual(warnings);
    expect(answer.slots).toHaveLength(1);
  });

  it("warns when the practice does not say that it filtered by the requested service", async () => {
    const answer = await search(on, wire.bundle(...served), "2000099999");
    expect(answer.serviceFiltering).toBeUndefined();
    expect(answer.warnings).toEqual([expect.stringMatching(/may be the slots of all its services/)]);
    expect((await search(on, wire.bundle(...served))).warnings).toBeUndefined();
  });

  // Proves US01.
  it("has no slots and a warning for a service that the practice does not have", async () => {
    const context = testContext();
    on.answerWith((_request, response) => sendJson(response, 404, wire.practiceOutcome("NO_RECORD_FOUND")));
    const query = { ...NEWER, serviceId: "2000099999" };
    expect(await on.client.searchFreeSlots(PRACTICE, query, context)).toEqual({
      slots: [],
      warnings: [expect.stringMatching(/has no service with this id/)],
    });
    expect(context.events).toMatchObject([{ outcome: "SUCCEEDED", httpStatus: 404 }]);
  });

  it.each([
    ["of a search for all slots", undefined, "NO_RECORD_FOUND"],
    ["with another code", "2000099999", "ORGANISATION_NOT_FOUND"],
  ])("is refused by a 404 %s", async (_name, serviceId, reason) => {
    on.answerWith((_request, response) => sendJson(response, 404, wire.practiceOutcome(reason)));
    const asking = on.client.searchFreeSlots(PRACTICE, { ...NEWER, serviceId }, testContext());
    expect(await failureOf(asking)).toMatchObject({ code: "UPSTREAM_REFUSED", reason });
  });
});

describe("a practice of GP Connect 1.2.7", () => {
  const slots = wire.bundle(...served);

  it("is searched in the form of 1.2.7, for one service too", async () => {
    off.answerWith((_request, response) => sendJson(response, 200, slots));
    await off.client.searchFreeSlots(PRACTICE, WINDOW, testContext());
    const plain = lastQuery(off);
    on.answerWith((_request, response) => sendJson(response, 200, slots));
    const response = await on.client.searchFreeSlots(
      PRACTICE,
      { ...WINDOW, serviceId: "2000099999" },
      testContext(),
    );
    expect(lastQuery(on)).toEqual(plain);
    expect(response.warnings).toEqual([expect.stringMatching(/may be the slots of all its services/)]);
  });

  it.each([
    [400, 'Invalid _include parameter value: "Schedule:actor:HealthcareService"'],
    [422, "Unknown search parameter service.identifier"],
  ])(
    "that claims 1.2.8 is searched once more without its parameters after a %i that names them",
    async (status, text) => {
      const proxy = await startProxy({ serviceFiltering: true });
      try {
        proxy.answerWith((request, response) => {
          const isRefused = request.path.includes("HealthcareService");
          sendJson(
            response,
            isRefused ? status : 200,
            isRefused ? wire.practiceOutcome("BAD_REQUEST", text) : slots,
          );
        });
        const find = () => proxy.client.searchFreeSlots(PRACTICE, NEWER, testContext());
        expect((await find()).slots).toHaveLength(1);
        expect(proxy.server.requests).toHaveLength(2);
        expect((await find()).slots).toHaveLength(1);
        expect(proxy.server.requests).toHaveLength(3);
      } finally {
        await proxy.close();
      }
    },
  );

  it.each([
    [400, "Invalid date"],
    [422, ""],
    [500, "HealthcareService failed"],
  ])("is not searched again after a %i %s", async (status, text) => {
    on.answerWith((_request, response) =>
      sendJson(response, status, wire.practiceOutcome("BAD_REQUEST", text)),
    );
    const before = on.server.requests.length;
    await failureOf(on.client.searchFreeSlots(PRACTICE, NEWER, testContext()));
    expect(on.server.requests).toHaveLength(before + 1);
  });

  it("is searched once more only once", async () => {
    const other = { ...PRACTICE, serviceRootUrl: "https://other.example/T81001/STU3/1/gpconnect" };
    const outcome = wire.practiceOutcome("BAD_REQUEST", "HealthcareService");
    on.answerWith((_request, response) => sendJson(response, 400, outcome));
    const before = on.server.requests.length;
    await failureOf(on.client.searchFreeSlots(other, NEWER, testContext()));
    expect(on.server.requests).toHaveLength(before + 2);
  });
});

describe("a booking and services", () => {
  const plain: NewAppointment = {
    patientId: "pat-7",
    slots: [{ id: "1", start: NINE, end: TEN_PAST }],
    locationId: "l1",
    practitionerId: "p1",
    description: "Ears",
  };
  async function sent(proxy: TestProxy, booking: NewAppointment): Promise<string> {
    proxy.clock.moveTo("2026-11-23T09:00:00Z");
    proxy.answerWith((_request, response) => sendJson(response, 201, wire.appointment()));
    await proxy.client.createAppointment(PRACTICE, booking, testContext());
    return proxy.server.requests.at(-1)?.body ?? "";
  }

  // Proves US03.
  it("names the service of the schedule as the last participant where the setting is on", async () => {
    const body = JSON.parse(await sent(on, { ...plain, healthcareServiceId: "h1" }));
    const before = JSON.parse(await sent(on, plain));
    const actor = { reference: "HealthcareService/h1" };
    expect(body).toEqual({
      ...before,
      participant: [...before.participant, { actor, status: "accepted" }],
    });
  });

  // Proves US06.
  it("is unchanged without a service, or with the setting off", async () => {
    const before = await sent(off, plain);
    expect(before).not.toContain("HealthcareService");
    expect(await sent(off, { ...plain, healthcareServiceId: "h1" })).toBe(before);
    expect(await sent(on, plain)).toBe(before);
  });
});

describe("a practice's warnings beside its slots", () => {
  const remark = (issue: wire.Resource) =>
    wire.bundle(...served, { resourceType: "OperationOutcome", issue: [issue] });
  const spine = (code: string) => ({
    coding: [{ system: "https://fhir.nhs.uk/STU3/CodeSystem/Spine-ErrorOrWarningCode-1", code }],
  });
  const secret = `Slots of Rosalind Ashcombe, ${NHS_NUMBER}, see https://gp.example`;

  // Proves HAZ-32.
  it.each<[string, wire.Resource, RegExp]>([
    ["withheld, by FHIR's code", { severity: "warning", code: "suppressed" }, /withheld part/],
    [
      "withheld, by Spine's code",
      { severity: "warning", code: "processing", details: spine("NO_ORGANISATION_CONSENT") },
      /withheld part/,
    ],
    ["withheld, with a space", { severity: "warning", details: spine("ACCESS DENIED") }, /withheld part/],
    ["incomplete", { severity: "warning", code: "incomplete" }, /may be incomplete/],
    [
      "parameter not applied",
      { severity: "information", details: [spine("INVALID_PARAMETER")] },
      /not apply every parameter/,
    ],
    ["an unknown code", { severity: "warning", code: secret }, /warning .* cannot be shown/],
    ["a note", { severity: "information", code: "informational" }, /note .* cannot be shown/],
    ["no severity", { code: "informational" }, /warning .* cannot be shown/],
    ["malformed codes", { severity: "warning", code: 7, details: "x" }, /warning .* cannot be shown/],
  ])("are given in our own sentences: %s", async (_name, issue, words) => {
    const answer = await search(off, remark({ ...issue, diagnostics: secret }));
    expect(answer.slots).toHaveLength(1);
    expect(answer.warnings).toEqual([expect.stringMatching(words)]);
    expect(JSON.stringify(answer.warnings)).not.toMatch(/Ashcombe|9000000009|https?:/);
  });

  it("are given once each", async () => {
    const outcome = { resourceType: "OperationOutcome", issue: { severity: "warning", code: "suppressed" } };
    const { warnings } = await search(off, wire.bundle(...served, outcome, outcome));
    expect(warnings).toHaveLength(1);
  });

  // Proves HAZ-32, HAZ-36.
  it.each(["error", "fatal"])("make the response unusable with severity %s", async (severity) => {
    const outcome = {
      resourceType: "OperationOutcome",
      issue: [{ severity: "information" }, { severity, code: "exception", diagnostics: secret }],
    };
    const failure = { code: "UPSTREAM_BAD_RESPONSE", reason: "INCOMPLETE_RESPONSE", service: "PROVIDER" };
    expect(await failureOf(search(off, wire.bundle(...served, outcome)))).toMatchObject(failure);
    off.answerWith((_request, response) => sendJson(response, 200, wire.bundle(outcome)));
    const { client } = off;
    expect(await failureOf(client.findPatient(PRACTICE, NHS_NUMBER, testContext()))).toMatchObject(failure);
    const range = { from: "2026-11-23", to: "2026-12-23" };
    const list = client.fetchAppointments(PRACTICE, "pat-7", range, testContext());
    expect(await failureOf(list)).toMatchObject(failure);
  });
});

describe("a HealthcareService", () => {
  const read = (id = "h1") => on.client.readHealthcareService(PRACTICE, id, testContext());

  it("is read by its own interaction", async () => {
    on.answerWith((_request, response) => sendJson(response, 200, service));
    expect(await read()).toEqual({ id: "h1", name: "Willow Evening Hub" });
    const request = on.server.requests.at(-1);
    expect(request?.path).toBe(`/${PRACTICE.serviceRootUrl}/HealthcareService/h1`);
    expect(request?.headers["ssp-interactionid"]).toBe(urn("rest:read:healthcareservice-1"));
    expect(decodeToken(request).claims.requested_scope).toBe("organization/*.read");
  });

  it("may be unknown to the practice, and is never another service", async () => {
    on.answerWith((_request, response) => sendJson(response, 404, wire.practiceOutcome("NO_RECORD_FOUND")));
    expect(await read()).toBeUndefined();
    on.answerWith((_request, response) => sendJson(response, 200, service));
    expect(await failureOf(read("h2"))).toMatchObject({ reason: "WRONG_RESOURCE" });
    on.answerWith((_request, response) => sendJson(response, 200, wire.location));
    expect(await failureOf(read("l1"))).toMatchObject({ reason: "WRONG_RESOURCE" });
  });

  // Proves US03.
  it.each<[string, wire.Resource | undefined, unknown]>([
    ["by reference", { reference: "HealthcareService/h1" }, { id: "h1" }],
    [
      "with its name",
      { reference: "HealthcareService/h1", display: "Willow Evening Hub" },
      { id: "h1", name: "Willow Evening Hub" },
    ],
    ["not at all", undefined, undefined],
  ])("takes part in an appointment %s", async (_name, actor, expected) => {
    const participant = [wire.appointment().participant, actor ? [{ actor, status: "accepted" }] : []].flat();
    on.answerWith((_request, response) => sendJson(response, 200, wire.appointment({ participant })));
    const { appointment } = await on.client.readAppointment(PRACTICE, "a-5", testContext(), {
      patientId: "pat-7",
    });
    expect(appointment.service).toEqual(expected);
  });
});
