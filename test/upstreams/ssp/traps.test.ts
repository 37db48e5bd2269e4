import { testContext } from "../../support/call-context.js";
import { sendJson } from "../../support/local-server.js";
import * as wire from "./resources.js";
import { failureOf, NHS_NUMBER, PRACTICE, sendText, startProxy, type TestProxy } from "./support.js";

/**
 * What naive consumers of GP Connect get wrong, and where practices differ from the specification and from each other
 * (GP Connect notes, sections 14 and 16). Here is what the tests of the single interactions leave open.
 */

const NINE = "2026-11-24T09:00:00+00:00";
const TEN_PAST = "2026-11-24T09:10:00+00:00";
const WINDOW = { start: "2026-11-23T09:00:00+00:00", end: "2026-12-07T08:59:59+00:00" };
const booking = {
  patientId: "pat-7",
  slots: [{ id: "1", start: NINE, end: TEN_PAST }],
  locationId: "l1",
  description: "Ears",
};
const registration = {
  nhsNumber: NHS_NUMBER,
  name: { family: "Ashcombe", given: ["Rosalind"], prefix: [] },
  birthDate: "1984-02-29",
  addresses: [],
  telecoms: [],
};

let proxy: TestProxy;
beforeAll(async () => {
  proxy = await startProxy();
});
afterAll(() => proxy.close());

function answerWith(status: number, body: unknown, headers: Record<string, string> = {}): void {
  proxy.answerWith((_request, response) => sendJson(response, status, body, headers));
}
const context = testContext();
const search = () => proxy.client.searchFreeSlots(PRACTICE, WINDOW, context);
const find = () => proxy.client.findPatient(PRACTICE, NHS_NUMBER, context);
const book = () => proxy.client.createAppointment(PRACTICE, booking, context);
const register = () => proxy.client.registerPatient(PRACTICE, registration, context);
const read = () => proxy.client.readAppointment(PRACTICE, "a-5", context, { patientId: "pat-7" });
function readFirst() {
  answerWith(200, wire.appointment());
  return read();
}

describe("a GP Connect bundle", () => {
  const slots = [wire.slot("1", NINE, TEN_PAST), wire.schedule(), wire.location, wire.practitioner];

  it("is not joined by fullUrl (14)", async () => {
    const entry = slots.map((resource, index) => ({
      fullUrl: `https://gp.example/fhir/${slots[(index + 1) % slots.length]?.resourceType}/s1`,
      search: { mode: "include" },
      resource,
    }));
    const link = [{ relation: "self", url: "https://gp.example/fhir/Slot?page=1" }];
    answerWith(200, { resourceType: "Bundle", type: "searchset", total: 0, link, entry });
    const before = proxy.server.requests.length;
    expect((await search()).slots).toMatchObject([
      { id: "1", location: { id: "l1" }, practitioner: { id: "p1" } },
    ]);
    expect(proxy.server.requests).toHaveLength(before + 1);
  });

  it("with locations and practitioners but no slot has no slots (15)", async () => {
    answerWith(200, wire.bundle(wire.schedule(), wire.location, wire.practitioner, wire.organisation));
    expect((await search()).slots).toEqual([]);
  });

  it("may name the practitioner first or last, twice, and in the code system of a value set (12, 14.1)", async () => {
    const system = "https://fhir.nhs.uk/STU3/ValueSet/GPConnect-PractitionerRole-1";
    const role = (code: string) => ({
      url: wire.PRACTITIONER_ROLE,
      valueCodeableConcept: { coding: [{ system, code, display: code }] },
    });
    const identifier = ["sds-user-id", "sds-role-profile-id", "sds-role-profile-id"].map((name, index) => ({
      system: `https://fhir.nhs.uk/Id/${name}`,
      value: `${index}`,
    }));
    const many = { ...wire.practitioner, identifier };
    for (const actor of [
      ["Practitioner/p1", "Location/l1"],
      ["Location/l1", "Practitioner/p1", "Practitioner/p1"],
    ]) {
      const schedule = wire.schedule({
        actor: actor.map((reference) => ({ reference })),
        extension: [wire.STRANGER, role("R0001"), role("R0001")],
      });
      answerWith(200, wire.bundle(wire.slot("1", NINE, TEN_PAST), schedule, wire.location, many, many));
      expect((await search()).slots).toMatchObject([
        { practitioner: { id: "p1" }, practitionerRole: { system, code: "R0001" } },
      ]);
    }
  });
});

describe("a patient record at a practice", () => {
  // Proves GPC-STR-TST-GEN-08.
  it("does not give the registered practice (18)", async () => {
    const elsewhere = { reference: "Organization/o9" };
    const more = { managingOrganization: elsewhere, generalPractitioner: [elsewhere] };
    answerWith(200, wire.bundle(wire.patient(NHS_NUMBER, more)));
    const [patient] = await find();
    expect(JSON.stringify(patient)).not.toContain("o9");
  });

  it("may have objects for lists and lists for objects (41)", async () => {
    const more = {
      identifier: { system: "https://fhir.nhs.uk/Id/nhs-number", value: NHS_NUMBER },
      name: { family: "Ashcombe", given: "Rosalind" },
      telecom: { system: "phone", value: "01632 960000" },
      address: { line: "1 Willow Lane" },
    };
    answerWith(200, wire.bundle(wire.patient(NHS_NUMBER, more)));
    expect(await find()).toMatchObject([{ name: { family: "Ashcombe", given: ["Rosalind"] } }]);
  });

  it.each([200, 201])("is returned by a registration with status %i (20)", async (status) => {
    answerWith(status, wire.bundle(wire.patient(NHS_NUMBER)));
    expect(await register()).toMatchObject({ id: "pat-7" });
  });

  it("missing from a registration leaves the outcome unknown (21)", async () => {
    answerWith(200, wire.bundle());
    expect(await failureOf(register())).toMatchObject({
      reason: "INCOMPLETE_RESOURCE",
      outcomeUnknown: true,
    });
  });
});

describe("an appointment at a practice", () => {
  it.each([200, 201])(
    "is booked with status %i, though the answer lacks the organisation's type (14.3)",
    async (status) => {
      answerWith(status, wire.appointment());
      expect(await book()).toMatchObject({ id: "a-5", status: "booked" });
    },
  );

  // Proves GPC-STR-TST-GEN-27.
  it.each([
    ["Visit", "booked"],
    ["Hologram", "noshow"],
    ["In-person", "entered-in-error"],
  ])(
    "may have the channel %s and the status %s, which no list of ours holds (40)",
    async (channel, status) => {
      const extension = [wire.STRANGER, { url: wire.DELIVERY_CHANNEL, valueCode: channel }];
      answerWith(200, wire.appointment({ extension, status }));
      expect((await read()).appointment).toMatchObject({ deliveryChannel: channel, status });
    },
  );

  it("that is booked may have a cancellation reason without a value (8.6)", async () => {
    answerWith(200, wire.appointment({ extension: [{ url: wire.CANCELLATION_REASON }] }));
    expect((await read()).appointment).toMatchObject({ status: "booked", cancellationReason: undefined });
  });

  it("is cancelled even when its version has not changed (14.3)", async () => {
    const received = await readFirst();
    answerWith(200, wire.appointment({ status: "cancelled" }));
    expect(await proxy.client.cancelAppointment(PRACTICE, received, "Better now", context)).toMatchObject({
      status: "cancelled",
      versionId: received.appointment.versionId,
    });
  });

  it.each([["3"], ["636064088100870233"], ["a.b-C_d~1"]])(
    "in version %s is changed with a weak tag in quotes (25)",
    async (versionId) => {
      answerWith(200, wire.appointment({ meta: { versionId } }));
      const received = await read();
      answerWith(200, wire.appointment());
      await proxy.client.amendAppointment(PRACTICE, received, { comment: "Words" }, context);
      expect(proxy.server.requests.at(-1)?.headers["if-match"]).toBe(`W/"${versionId}"`);
    },
  );
});

describe("a refusal through the proxy", () => {
  const withIssueCode = (code: string, issueCode: unknown) => {
    const outcome = wire.practiceOutcome(code);
    const [issue] = outcome.issue as wire.Resource[];
    return { ...outcome, issue: [{ ...issue, code: issueCode }] };
  };

  it.each([
    ["a taken slot, as specified", 409, "DUPLICATE_REJECTED", "duplicate"],
    ["a taken slot, as the demonstrator writes it", 409, "DUPLICATE_REJECTED", "conflict"],
    ["a duplicate, by the older status", 422, "DUPLICATE_REJECTED", "invalid"],
    ["an unknown slot, as specified", 422, "REFERENCE_NOT_FOUND", "invalid"],
    ["an unknown slot, as the demonstrator writes it", 422, "INVALID_RESOURCE", "invalid"],
    ["a body that is no good, as specified", 400, "BAD_REQUEST", "invalid"],
    ["a body that is no good, as the demonstrator writes it", 422, "INVALID_RESOURCE", undefined],
    ["nothing there", 404, "NO_RECORD_FOUND", "not-found"],
    ["nothing there, as the demonstrator writes it", 404, "REFERENCE_NOT_FOUND", 404],
    ["a conflict", 409, "FHIR_CONSTRAINT_VIOLATION", "conflict"],
  ])(
    "goes by status and Spine code, never by the issue's type: %s (39, 14.1)",
    async (_name, status, reason, type) => {
      answerWith(status, withIssueCode(reason, type));
      for (const ask of [read, book]) {
        expect(await failureOf(ask())).toMatchObject({
          code: "UPSTREAM_REFUSED",
          service: "PROVIDER",
          httpStatus: status,
          reason,
          outcomeUnknown: false,
        });
      }
    },
  );

  it.each([409, 412])("with status %i needs no body (26)", async (status) => {
    const received = await readFirst();
    proxy.answerWith((_request, response) => sendText(response, status, ""));
    const change = proxy.client.cancelAppointment(PRACTICE, received, "Better now", context);
    expect(await failureOf(change)).toMatchObject({ code: "UPSTREAM_REFUSED", httpStatus: status });
  });

  it.each([400, 403, 404, 422, 500])("of status %i is a refusal whatever its body (46)", async (status) => {
    answerWith(status, wire.bundle(wire.patient(NHS_NUMBER)));
    expect(await failureOf(find())).toMatchObject({ httpStatus: status, reason: undefined });
    answerWith(status, wire.appointment());
    expect(await failureOf(book())).toMatchObject({ httpStatus: status, reason: undefined });
  });

  it.each([408, 429, 500, 502, 503, 504, 599])(
    "of status %i is not retried by the client, read or write (22, 48)",
    async (status) => {
      proxy.answerWith((_request, response) => sendText(response, status, "", "text/plain"));
      for (const ask of [search, find, read, book, register]) {
        const before = proxy.server.requests.length;
        await failureOf(ask());
        expect(proxy.server.requests).toHaveLength(before + 1);
      }
    },
  );
});
