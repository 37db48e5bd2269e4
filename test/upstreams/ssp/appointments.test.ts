import type { NewAppointment, ReceivedAppointment } from "../../../src/upstreams/ssp/index.js";
import { testCaller, testContext } from "../../support/call-context.js";
import { type ReceivedRequest, sendJson } from "../../support/local-server.js";
import * as wire from "./resources.js";
import { failureOf, NHS_NUMBER, PRACTICE, sendText, startProxy, type TestProxy, urn } from "./support.js";

const context = testContext();
let proxy: TestProxy;
beforeEach(async () => {
  proxy = await startProxy();
});
afterEach(() => proxy.close());

function answerWith(status: number, body: unknown, headers: Record<string, string> = {}): void {
  proxy.answerWith((_request, response) => sendJson(response, status, body, headers));
}

const lastBody = (): unknown => JSON.parse(proxy.server.requests.at(-1)?.body ?? "");

const booked = {
  id: "a-5",
  versionId: "3",
  status: "booked",
  start: "2026-11-24T09:00:00+00:00",
  end: "2026-11-24T09:20:00+00:00",
  description: "Ears",
  comment: "Left one first",
  created: "2026-11-20T12:00:00+00:00",
  slotIds: ["1", "2"],
  patientId: "pat-7",
  locationId: "l1",
  practitionerId: "p1",
  practitionerIds: ["p1"],
  deliveryChannel: "In-person",
  serviceType: "Ear check",
  scheduleType: "Morning session",
  practitionerRole: {
    system: "https://fhir.nhs.uk/STU3/CodeSystem/CareConnect-SDSJobRoleName-1",
    code: "R9999",
    display: "Community Astronomer",
  },
  practitionerRoles: [
    {
      system: "https://fhir.nhs.uk/STU3/CodeSystem/CareConnect-SDSJobRoleName-1",
      code: "R9999",
      display: "Community Astronomer",
    },
  ],
  bookingOrganisation: { odsCode: "T82000", name: "Riverside Booking Hub", phone: "0300 000 0000" },
};

const patient = { patientId: "pat-7" };

const booking: NewAppointment = {
  patientId: "pat-7",
  nhsNumber: NHS_NUMBER,
  slots: [
    { id: "2", start: "2026-11-24T09:10:00+00:00", end: "2026-11-24T09:20:00+00:00" },
    { id: "1", start: "2026-11-24T09:00:00+00:00", end: "2026-11-24T09:10:00+00:00" },
  ],
  locationId: "l1",
  practitionerId: "p1",
  description: "Ears",
  comment: "Left one first",
  organisationType: "gp-practice",
};

describe("creating an appointment", () => {
  // Proves GPC-AMUS-MPA-6, 1.9/3, HAZ-52.
  it("sends the slots in order of time with their own strings, and only the allowed elements", async () => {
    answerWith(201, wire.appointment());
    expect(await proxy.client.createAppointment(PRACTICE, booking, context)).toEqual(booked);
    expect(lastBody()).toEqual({
      resourceType: "Appointment",
      meta: { profile: ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-Appointment-1"] },
      contained: [
        {
          resourceType: "Organization",
          id: "1",
          meta: { profile: ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Organization-1"] },
          identifier: [{ system: "https://fhir.nhs.uk/Id/ods-organization-code", value: "T82000" }],
          type: [
            {
              coding: [
                {
                  system: "https://fhir.nhs.uk/STU3/CodeSystem/GPConnect-OrganisationType-1",
                  code: "gp-practice",
                },
              ],
            },
          ],
          name: "Riverside Booking Hub",
          telecom: [{ system: "phone", value: "0300 000 0000" }],
        },
      ],
      extension: [{ url: wire.BOOKING_ORGANISATION, valueReference: { reference: "#1" } }],
      status: "booked",
      description: "Ears",
      start: "2026-11-24T09:00:00+00:00",
      end: "2026-11-24T09:20:00+00:00",
      slot: [{ reference: "Slot/1" }, { reference: "Slot/2" }],
      created: "2026-11-23T09:00:00+00:00",
      comment: "Left one first",
      participant: [
        { actor: { reference: "Patient/pat-7" }, status: "accepted" },
        { actor: { reference: "Location/l1" }, status: "accepted" },
        { actor: { reference: "Practitioner/p1" }, status: "accepted" },
      ],
    });
  });

  // Proves GPC-SFS-1.4.
  it("leaves out type, practitioner and comment where there is none", async () => {
    answerWith(201, wire.appointment());
    const { practitionerId: _p, comment: _c, organisationType: _t, ...bare } = booking;
    await proxy.client.createAppointment(PRACTICE, bare, context);
    const body = lastBody();
    expect(body).not.toHaveProperty("comment");
    expect(body).not.toHaveProperty("contained.0.type");
    expect(body).toHaveProperty("participant.length", 2);
  });

  // Proves 1.9/3.
  it.each([
    ["winter", "2026-12-24T23:59:59.500Z", "2026-12-24T23:59:59+00:00"],
    ["summer", "2026-07-01T12:00:00Z", "2026-07-01T13:00:00+01:00"],
    ["the last second of summer", "2026-10-25T00:59:59Z", "2026-10-25T01:59:59+01:00"],
    ["the first second of winter", "2026-10-25T01:00:00Z", "2026-10-25T01:00:00+00:00"],
  ])("is created in UK time: %s", async (_name, now, created) => {
    answerWith(201, wire.appointment());
    proxy.clock.moveTo(now);
    await proxy.client.createAppointment(PRACTICE, booking, context);
    expect(lastBody()).toMatchObject({ created });
  });

  // Proves HAZ-52.
  it("keeps description and comment unchanged in both directions", async () => {
    const comment =
      "First line\r\nsecond\tline  with two blanks, \u201cquotes\u201d, O\u2019F\u00e9arghail, 名, 💊 & <b> \\";
    const description = "Caf\u0065\u0301 ";
    proxy.answerWith((request, response) => {
      const sent = JSON.parse(request.body);
      sendJson(response, 201, wire.appointment({ description: sent.description, comment: sent.comment }));
    });
    const texts = { description, comment };
    const appointment = await proxy.client.createAppointment(PRACTICE, { ...booking, ...texts }, context);
    expect(lastBody()).toMatchObject(texts);
    expect(appointment).toMatchObject(texts);
  });

  it("is refused without a slot", () => {
    expect(() => proxy.client.createAppointment(PRACTICE, { ...booking, slots: [] }, context)).toThrow(
      RangeError,
    );
    expect(proxy.server.requests).toHaveLength(0);
  });

  it("continues after the caller disconnects, up to the write time-out", async () => {
    const gone = AbortSignal.abort();
    answerWith(201, wire.appointment());
    const appointment = await proxy.client.createAppointment(
      PRACTICE,
      booking,
      testContext({ signal: gone }),
    );
    expect(appointment.id).toBe("a-5");

    const impatient = await startProxy({ url: proxy.server.url, timeoutMs: 1 });
    proxy.answerWith((_request, response) => {
      setTimeout(() => sendJson(response, 201, wire.appointment()), 40);
    });
    try {
      await expect(impatient.client.createAppointment(PRACTICE, booking, context)).resolves.toBeDefined();
    } finally {
      await impatient.close();
    }
  });

  it.each([
    [
      "another patient",
      wire.appointment({ participant: [{ actor: { reference: "Patient/pat-8" } }] }),
      "WRONG_PATIENT",
    ],
    ["an outcome", wire.practiceOutcome("INVALID_RESOURCE"), "WRONG_RESOURCE"],
    ["an appointment without an id", wire.appointment({ id: undefined }), "INCOMPLETE_RESOURCE"],
    ["an appointment without a start", wire.appointment({ start: undefined }), "INCOMPLETE_RESOURCE"],
  ])("has an unknown outcome when the response is %s", async (_name, answer, reason) => {
    const own = testContext();
    answerWith(201, answer);
    const failure = await failureOf(proxy.client.createAppointment(PRACTICE, booking, own));
    expect(failure).toMatchObject({ code: "UPSTREAM_BAD_RESPONSE", reason, outcomeUnknown: true });
    expect(own.events).toMatchObject([{ outcome: "UNKNOWN", nhsNumber: NHS_NUMBER, httpStatus: 201 }]);
  });
});

describe("a write with an empty response", () => {
  const emptyWrite = (headers: Record<string, string>) => (request: ReceivedRequest) =>
    request.method === "GET" ? undefined : headers;

  function answerWrite(headers: Record<string, string>, read: { status: number; body: unknown }): void {
    const empty = emptyWrite(headers);
    proxy.answerWith((request, response) => {
      const answer = empty(request);
      if (answer) response.writeHead(201, answer).end();
      else sendJson(response, read.status, read.body);
    });
  }

  it.each([
    "https://Provider.example/T81001/STU3/1/gpconnect/fhir/Appointment/a-5/_history/1",
    "https://Provider.example/fhir/Appointment/a-5",
    "/Appointment/a-5/_history/1",
  ])("is followed by a read of the id in Location (%s)", async (location) => {
    const own = testContext({ signal: AbortSignal.abort() });
    answerWrite({ location }, { status: 200, body: wire.appointment() });
    expect(await proxy.client.createAppointment(PRACTICE, booking, own)).toEqual(booked);
    expect(proxy.server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `POST /${PRACTICE.serviceRootUrl}/Appointment`,
      `GET /${PRACTICE.serviceRootUrl}/Appointment/a-5`,
    ]);
    expect(own.events).toMatchObject([
      { operation: `SSP ${urn("rest:create:appointment-1")}`, outcome: "SUCCEEDED" },
      { operation: `SSP ${urn("rest:read:appointment-1")}`, outcome: "SUCCEEDED", nhsNumber: NHS_NUMBER },
    ]);
  });

  it.each([
    ["there is no name for it", {}, { status: 200, body: wire.appointment() }],
    ["the name is of something else", { location: "/Slot/a-5" }, { status: 200, body: wire.appointment() }],
    [
      "the appointment cannot be found",
      { location: "/Appointment/a-5" },
      { status: 404, body: wire.practiceOutcome("NO_RECORD_FOUND") },
    ],
    [
      "the read returns another appointment",
      { location: "/Appointment/a-5" },
      { status: 200, body: wire.appointment({ id: "a-6" }) },
    ],
    ["the practice is down", { location: "/Appointment/a-5" }, { status: 502, body: {} }],
  ])("has an unknown outcome when %s", async (_name, headers, read) => {
    answerWrite(headers, read);
    expect(await failureOf(proxy.client.createAppointment(PRACTICE, booking, context))).toMatchObject({
      code: "UPSTREAM_BAD_RESPONSE",
      reason: "INCOMPLETE_RESOURCE",
      outcomeUnknown: true,
    });
  });

  it("is followed by a read of the changed appointment", async () => {
    const resource = wire.appointment();
    answerWith(200, resource);
    const received = await proxy.client.readAppointment(PRACTICE, "a-5", context, patient);
    answerWrite({}, { status: 200, body: wire.appointment({ comment: "Both", meta: { versionId: "4" } }) });
    const amended = await proxy.client.amendAppointment(PRACTICE, received, { comment: "Both" }, context);
    expect(amended).toMatchObject({ comment: "Both", versionId: "4" });
    const failure = await failureOf(proxy.client.cancelAppointment(PRACTICE, received, "Gone", context));
    expect(failure).toMatchObject({ outcomeUnknown: true });
  });
});

describe("a patient's appointments", () => {
  const range = { from: "2026-11-23", to: "2027-11-22" };
  const fetchThem = () => proxy.client.fetchAppointments(PRACTICE, "pat-7", range, context);

  // Proves GPC-AMUS-MPA-1, HAZ-11.
  it("come with cancelled ones, each with its own contained organisation", async () => {
    const contained = [
      {
        resourceType: "Organization",
        id: "1",
        identifier: [{ system: "https://fhir.nhs.uk/Id/ods-organization-code", value: "T83000" }],
        name: "Other Hub",
      },
    ];
    const cancelled = wire.appointment({
      id: "a-6",
      status: "cancelled",
      contained,
      extension: [
        { url: wire.CANCELLATION_REASON },
        { url: wire.CANCELLATION_REASON, valueString: "Better now" },
        { url: wire.BOOKING_ORGANISATION, valueReference: { reference: "#1" } },
      ],
    });
    answerWith(200, wire.bundle(wire.appointment(), cancelled));
    const { appointments: found } = await fetchThem();
    expect(found).toMatchObject([
      {
        id: "a-5",
        status: "booked",
        bookingOrganisation: { odsCode: "T82000", name: "Riverside Booking Hub" },
      },
      {
        id: "a-6",
        status: "cancelled",
        cancellationReason: "Better now",
        bookingOrganisation: { odsCode: "T83000", name: "Other Hub" },
      },
    ]);
    expect(found[0]?.cancellationReason).toBeUndefined();
  });

  // Proves HAZ-21-59.
  it("may lack optional elements, and have another status", async () => {
    answerWith(
      200,
      wire.bundle({
        resourceType: "Appointment",
        id: "own-1",
        status: "arrived",
        start: "2026-11-24T09:00:00+00:00",
        end: "2026-11-24T09:10:00+00:00",
        extension: [{ url: wire.BOOKING_ORGANISATION, valueReference: { reference: "#9" } }],
        participant: { actor: { reference: "Patient/pat-7" } },
      }),
    );
    expect((await fetchThem()).appointments).toEqual([
      {
        id: "own-1",
        versionId: "",
        status: "arrived",
        start: "2026-11-24T09:00:00+00:00",
        end: "2026-11-24T09:10:00+00:00",
        slotIds: [],
        patientId: "pat-7",
      },
    ]);
  });

  it.each([
    ["an empty list", wire.bundle()],
    ["no list", { resourceType: "Bundle", type: "searchset" }],
  ])("may be none: %s", async (_name, answer) => {
    answerWith(200, answer);
    expect(await fetchThem()).toEqual({ appointments: [], warnings: [], isComplete: true });
  });

  it.each<[string, wire.Resource]>([
    ["another patient", { participant: [{ actor: { reference: "Patient/pat-8" } }] }],
    ["another patient, absolutely", { participant: [{ actor: { reference: "https://x/Patient/pat-8" } }] }],
    [
      "this patient and another",
      { participant: ["pat-7", "pat-8"].map((id) => ({ actor: { reference: `Patient/${id}` } })) },
    ],
    ["no patient", { participant: [{ actor: { reference: "Location/l1" } }] }],
    ["no participant", { participant: undefined }],
    [
      "another patient, and has no status",
      { status: undefined, participant: { actor: { reference: "Patient/pat-8" } } },
    ],
  ])("are all refused when one names %s", async (_name, more) => {
    answerWith(200, wire.bundle(wire.appointment(), wire.appointment(more)));
    expect(await failureOf(fetchThem())).toMatchObject({
      code: "UPSTREAM_BAD_RESPONSE",
      reason: "WRONG_PATIENT",
    });
  });

  it.each<[string, wire.Resource]>([
    ["status", { status: undefined }],
    ["end", { end: undefined }],
    ["possible start", { start: "2026-02-30T09:00:00+00:00" }],
    ["end after its start", { end: "2026-11-24T08:00:00+00:00" }],
    ["id", { id: undefined }],
  ])("are given without one that has no %s, with a warning", async (_name, more) => {
    answerWith(200, wire.bundle(wire.appointment(), wire.appointment({ id: "a-6", ...more })));
    expect(await fetchThem()).toMatchObject({
      appointments: [{ id: "a-5" }],
      warnings: ["1 entry of the practice's response could not be used and was left out."],
      isComplete: false,
    });
  });

  it("are unknown when none of them can be used", async () => {
    answerWith(200, wire.bundle(wire.appointment({ status: undefined })));
    expect(await failureOf(fetchThem())).toMatchObject({ reason: "INCOMPLETE_RESOURCE" });
  });

  it.each([
    ["forbidden", false],
    ["incomplete", false],
    ["informational", true],
  ])("come with the practice's warning %s (complete: %p)", async (code, isComplete) => {
    const outcome = { resourceType: "OperationOutcome", issue: [{ severity: "warning", code }] };
    answerWith(200, wire.bundle(wire.appointment(), outcome));
    expect(await fetchThem()).toMatchObject({
      appointments: [{ id: "a-5" }],
      warnings: [expect.any(String)],
      isComplete,
    });
  });

  it.each([{ link: [{ relation: "next", url: "x" }] }, { total: 2 }])(
    "are incomplete with %j",
    async (more) => {
      answerWith(200, { ...wire.bundle(wire.appointment()), ...more });
      expect(await failureOf(fetchThem())).toMatchObject({ reason: "INCOMPLETE_RESPONSE" });
    },
  );

  it("of an unknown patient are a refusal, not an empty list", async () => {
    answerWith(404, wire.practiceOutcome("PATIENT_NOT_FOUND"));
    expect(await failureOf(fetchThem())).toMatchObject({
      code: "UPSTREAM_REFUSED",
      service: "PROVIDER",
      reason: "PATIENT_NOT_FOUND",
    });
  });
});

describe("changing an appointment that was read", () => {
  async function read(
    resource: wire.Resource,
    headers: Record<string, string> = {},
  ): Promise<ReceivedAppointment> {
    answerWith(200, resource, headers);
    return proxy.client.readAppointment(PRACTICE, "a-5", context, patient);
  }

  describe("sent as text", () => {
    const received = `{ "resourceType":"Appointment", "id":"a-5","meta":{"versionId":"3"},
      "priority": 1.10,"minutesDuration":12345678901234567890, "oddity":[ -0, 1E+2 , 5.0e0 ],
      "status":"booked","start":"2026-11-24T09:00:00+00:00","end":"2026-11-24T09:20:00+00:00",
      "description":"Caf\\u00e9 \\ud800 <b>","participant":[{"actor":{"reference":"Patient/pat-7"}}],
      "_start":{"extension":[{"url":"empty"}]} }`;
    const sendBack = async (change: (received: ReceivedAppointment) => Promise<unknown>): Promise<string> => {
      proxy.answerWith((_request, response) => sendText(response, 200, received, "application/fhir+json"));
      const read = await proxy.client.readAppointment(PRACTICE, "a-5", context, patient);
      answerWith(200, wire.appointment({ status: "cancelled" }));
      await change(read);
      return proxy.server.requests.at(-1)?.body ?? "";
    };

    it("an amendment keeps decimals, digits, escapes and order byte for byte", async () => {
      const sent = await sendBack((read) =>
        proxy.client.amendAppointment(PRACTICE, read, { description: "Zoë", comment: "New" }, context),
      );
      expect(sent).toBe(
        received
          .replace('"Caf\\u00e9 \\ud800 <b>"', '"Zoë"')
          .replace('"_start":{"extension":[{"url":"empty"}]} }', '"_start":{},"comment":"New" }'),
      );
    });

    it("a cancellation does too", async () => {
      const sent = await sendBack((read) =>
        proxy.client.cancelAppointment(PRACTICE, read, "Better", context),
      );
      const extension = `[{"url":"${wire.CANCELLATION_REASON}","valueString":"Better"}]`;
      expect(sent).toBe(
        received
          .replace('"booked"', '"cancelled"')
          .replace('"_start":{"extension":[{"url":"empty"}]} }', `"_start":{},"extension":${extension} }`),
      );
    });

    it("no replacement character is sent that was not received", async () => {
      const sent = await sendBack((read) =>
        proxy.client.cancelAppointment(PRACTICE, read, "Better", context),
      );
      expect(sent).not.toContain("\ufffd");
    });

    it("an appointment that names a member twice is refused", async () => {
      const twice = received.replace('"status":"booked"', '"status":"booked","status":"arrived"');
      proxy.answerWith((_request, response) => sendText(response, 200, twice, "application/fhir+json"));
      const read = proxy.client.readAppointment(PRACTICE, "a-5", context, patient);
      expect(await failureOf(read)).toMatchObject({
        code: "UPSTREAM_BAD_RESPONSE",
        reason: "WRONG_RESOURCE",
      });
    });
  });

  it("keeps the resource as received", async () => {
    const resource = wire.appointment({
      _start: { extension: [wire.STRANGER] },
      priority: 5,
      oddity: [{}, null, ""],
    });
    expect(await read(resource)).toEqual({
      appointment: booked,
      resource: { text: JSON.stringify(resource) },
    });
  });

  it("takes the version from the ETag header when the resource has none, and needs one", async () => {
    const unversioned = wire.appointment({ meta: {} });
    expect((await read(unversioned, { etag: 'W/"8 b"' })).appointment.versionId).toBe("8 b");
    expect((await read(unversioned, { etag: '"8"' })).appointment.versionId).toBe("8");
    expect(await failureOf(read(unversioned))).toMatchObject({ reason: "INCOMPLETE_RESOURCE" });
  });

  it.each([
    ["another appointment", wire.appointment({ id: "a-6" }), "WRONG_RESOURCE"],
    [
      "another patient's",
      wire.appointment({ participant: [{ actor: { reference: "Patient/x" } }] }),
      "WRONG_PATIENT",
    ],
    [
      "nobody's",
      wire.appointment({ participant: [{ actor: { reference: "Location/l1" } }] }),
      "WRONG_PATIENT",
    ],
    ["one without participants", wire.appointment({ participant: undefined }), "WRONG_PATIENT"],
    ["a bundle", wire.bundle(wire.appointment()), "WRONG_RESOURCE"],
  ])("refuses %s", async (_name, resource, reason) => {
    expect(await failureOf(read(resource))).toMatchObject({ code: "UPSTREAM_BAD_RESPONSE", reason });
  });

  // Proves GPC-CPA-2, GPC-AMUS-MPA-4.
  it("cancels with status and reason, everything else as received", async () => {
    const resource = wire.appointment({ oddity: { kept: [1, null] } });
    const received = await read(resource);
    const answer = wire.appointment({ status: "cancelled", meta: { versionId: "4" } });
    answerWith(200, answer);
    const cancelled = await proxy.client.cancelAppointment(PRACTICE, received, "Better now", context);
    expect(cancelled).toEqual({ ...booked, status: "cancelled", versionId: "4" });
    expect(lastBody()).toEqual({
      ...resource,
      status: "cancelled",
      extension: [
        ...(resource.extension as unknown[]),
        { url: wire.CANCELLATION_REASON, valueString: "Better now" },
      ],
    });
    expect(proxy.server.requests.at(-1)?.headers).toMatchObject({
      "if-match": 'W/"3"',
      "ssp-interactionid": urn("rest:cancel:appointment-1"),
    });
  });

  // Proves GPC-APA-2.
  it("removes extensions without value or children, and an earlier reason", async () => {
    const resource = wire.appointment({
      extension: [
        { url: wire.CANCELLATION_REASON },
        { url: "https://supplier.example/empty", id: "x" },
        { url: "https://supplier.example/outer", extension: [{ url: "inner" }] },
        { url: "https://supplier.example/kept", extension: [{ url: "inner", valueBoolean: false }] },
        { url: "https://supplier.example/primitive", _valueString: { id: "v" } },
      ],
      serviceType: [{ text: "Ear check", extension: [{ url: "https://supplier.example/empty" }] }],
    });
    const received = await read(resource);
    const kept = [
      { url: "https://supplier.example/kept", extension: [{ url: "inner", valueBoolean: false }] },
      { url: "https://supplier.example/primitive", _valueString: { id: "v" } },
    ];
    answerWith(200, wire.appointment());
    await proxy.client.amendAppointment(PRACTICE, received, { description: "New" }, context);
    const serviceType = [{ text: "Ear check" }];
    expect(lastBody()).toEqual({ ...resource, serviceType, description: "New", extension: kept });

    answerWith(200, wire.appointment({ status: "cancelled" }));
    await proxy.client.cancelAppointment(PRACTICE, received, "Why", context);
    const reason = { url: wire.CANCELLATION_REASON, valueString: "Why" };
    expect(lastBody()).toEqual({
      ...resource,
      serviceType,
      status: "cancelled",
      extension: [...kept, reason],
    });
    expect(received.resource).toEqual({ text: JSON.stringify(resource) });
  });

  // Proves GPC-APA, GPC-APA-2, GPC-AMUS-MPA-5.
  it.each([
    ["both", { description: "New", comment: "Words" }, { description: "New", comment: "Words" }],
    ["the comment", { comment: "Words" }, { comment: "Words" }],
    ["the comment away", { comment: "" }, { comment: undefined }],
    ["nothing", {}, {}],
  ])("amends %s and sends no reason", async (_name, changes, expected) => {
    const resource = wire.appointment({
      extension: [{ url: wire.CANCELLATION_REASON, valueString: "left over" }],
    });
    const received = await read(resource);
    answerWith(200, wire.appointment({ meta: { versionId: "4" } }));
    const amended = await proxy.client.amendAppointment(PRACTICE, received, changes, context);
    expect(amended.versionId).toBe("4");
    expect(lastBody()).toEqual({ ...resource, ...expected, extension: undefined });
    expect(proxy.server.requests.at(-1)?.headers["ssp-interactionid"]).toBe(urn("rest:update:appointment-1"));
  });

  it.each([
    ["stands after all", wire.appointment(), "NOT_CHANGED"],
    ["is another", wire.appointment({ id: "a-6", status: "cancelled" }), "WRONG_RESOURCE"],
    ["is an outcome without a failing status", wire.practiceOutcome("INVALID_RESOURCE"), "WRONG_RESOURCE"],
  ])("has an unknown outcome when the response to a cancellation %s", async (_name, answer, reason) => {
    const received = await read(wire.appointment());
    answerWith(200, answer);
    const failure = await failureOf(proxy.client.cancelAppointment(PRACTICE, received, "Why", context));
    expect(failure).toMatchObject({ code: "UPSTREAM_BAD_RESPONSE", reason, outcomeUnknown: true });
  });

  it.each([
    [409, "FHIR_CONSTRAINT_VIOLATION"],
    [412, "PRECONDITION_FAILED"],
  ])("reports that the appointment has changed meanwhile (%i)", async (status, reason) => {
    const received = await read(wire.appointment());
    answerWith(status, wire.practiceOutcome(reason));
    expect(await failureOf(proxy.client.amendAppointment(PRACTICE, received, {}, context))).toMatchObject({
      code: "UPSTREAM_REFUSED",
      httpStatus: status,
      reason,
      outcomeUnknown: false,
    });
  });

  // Proves GPC-AMUS-MPA-6, HAZ-WRONG-ACTOR.
  it("books for the organisation of the caller, not of the host", async () => {
    const organisation = {
      ...testCaller.organisation,
      asid: "200000000999",
      name: "Elsewhere",
      phone: "01632 960777",
    };
    answerWith(201, wire.appointment());
    const own = testContext({ caller: { ...testCaller, organisation } });
    await proxy.client.createAppointment(PRACTICE, booking, own);
    expect(proxy.server.requests.at(-1)?.headers["ssp-from"]).toBe("200000000999");
    expect(lastBody()).toMatchObject({
      contained: [{ name: "Elsewhere", telecom: [{ system: "phone", value: "01632 960777" }] }],
    });
  });

  it("is not read when the caller has disconnected", async () => {
    sendsNothing();
    const gone = testContext({ signal: AbortSignal.abort() });
    expect(await failureOf(proxy.client.readAppointment(PRACTICE, "a-5", gone, patient))).toMatchObject({
      code: "UPSTREAM_UNAVAILABLE",
    });
    expect(proxy.server.requests).toHaveLength(0);
  });
});

function sendsNothing(): void {
  proxy.answerWith((_request, response) => sendText(response, 500, ""));
}
