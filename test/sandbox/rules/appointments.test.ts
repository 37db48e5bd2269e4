import { bookingOf, resourcesOf } from "../support/bundles.js";
import { type Json, ODS_SYSTEM } from "../support/wire.js";
import {
  allSlots,
  booked,
  cancellationOf,
  FROM,
  PATIENT,
  preparedBooking,
  readAppointment,
  refusal,
  STU3,
  TO,
  useFreshSandbox,
  versionOf,
} from "./support.js";

const under = useFreshSandbox();
const INVALID = [422, "INVALID_RESOURCE"];
const withoutParticipant = (booking: Json, type: string): Json => ({
  ...booking,
  participant: booking.participant.filter(({ actor }: Json) => !actor.reference.startsWith(`${type}/`)),
});

/** Sends a booking changed by `change`. */
async function bookChanged(change: (booking: Json) => Json) {
  const caller = await under.caller();
  const { booking } = await preparedBooking(caller);
  return caller.book(change(booking));
}

describe("book an appointment", () => {
  test.each<[string, (booking: Json) => Json]>([
    ["the mandatory elements only", (booking) => booking],
    [
      "an organisation type",
      (booking) => ({
        ...booking,
        contained: [
          {
            ...booking.contained[0],
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
          },
        ],
      }),
    ],
    ["no practitioner", (booking) => withoutParticipant(booking, "Practitioner")],
    ["a comment", (booking) => ({ ...booking, comment: "Uses a wheelchair" })],
  ])(
    "P-B1: a booking with %s gets 201 with delivery channel and practitioner role",
    async (_case, change) => {
      const reply = await bookChanged(change);
      expect(reply.status).toBe(201);
      const urls = reply.json.extension.map(({ url }: Json) => url);
      expect(urls).toContain(`${STU3}/Extension-GPConnect-DeliveryChannel-2`);
      expect(urls).toContain(`${STU3}/Extension-GPConnect-PractitionerRole-1`);
      expect(reply.json).not.toHaveProperty("reason");
    },
  );

  test("P-B2: description and comment come back exactly as sent", async () => {
    const texts = { description: "  Sore “knee” – left, ünd more  ", comment: "Line one\nLine two" };
    const reply = await bookChanged((booking) => ({ ...booking, ...texts }));
    expect(reply.json).toMatchObject(texts);
  });

  test.each<[string, Record<string, unknown>]>([
    ["left out", {}],
    ["sent", { serviceType: [{ text: "Anything" }], serviceCategory: { text: "Anything" } }],
  ])("P-B3: service type and category come from the slot, also when %s", async (_case, changes) => {
    const caller = await under.caller();
    const { booking, slot, response } = await preparedBooking(caller, changes);
    const reply = await caller.book(booking);
    expect(reply.json.serviceType).toEqual(slot.serviceType);
    const schedule = resourcesOf(response, "Schedule").find(
      ({ id }) => `Schedule/${id}` === slot.schedule.reference,
    );
    expect(reply.json.serviceCategory).toEqual(schedule.serviceCategory);
  });

  test("P-B4: a booked slot gets 409 DUPLICATE_REJECTED", async () => {
    const caller = await under.caller();
    const { booking } = await preparedBooking(caller);
    expect((await caller.book(booking)).status).toBe(201);
    expect(refusal(await caller.book(booking))).toEqual([409, "DUPLICATE_REJECTED"]);
  });

  test.each(["start", "end", "status", "slot"])(
    "P-B5: a booking without %s gets 422 INVALID_RESOURCE",
    async (name) => {
      expect(refusal(await bookChanged((booking) => ({ ...booking, [name]: undefined })))).toEqual(INVALID);
    },
  );

  test.each(["Slot", "Slot/", "1", "http://127.0.0.1/Slot/1"])(
    "P-B6: the slot reference %s gets 422 INVALID_RESOURCE",
    async (reference) => {
      expect(refusal(await bookChanged((booking) => ({ ...booking, slot: [{ reference }] })))).toEqual(
        INVALID,
      );
    },
  );

  test.each<[string, (booking: Json) => Json]>([
    ["the patient", (booking) => withoutParticipant(booking, "Patient")],
    ["the location", (booking) => withoutParticipant(booking, "Location")],
    ["all participants", ({ participant: _none, ...booking }) => booking],
  ])("P-B7: a booking without %s gets 422 INVALID_RESOURCE", async (_case, change) => {
    expect(refusal(await bookChanged(change))).toEqual(INVALID);
  });

  test("P-B8: a participant without status, or an identifier without value, gets 422 INVALID_RESOURCE", async () => {
    const noStatus = (booking: Json) => ({
      ...booking,
      participant: booking.participant.map(({ actor }: Json) => ({ actor })),
    });
    const noValue = (booking: Json) => ({ ...booking, identifier: [{ system: "urn:x" }] });
    expect(refusal(await bookChanged(noStatus))).toEqual(INVALID);
    expect(refusal(await bookChanged(noValue))).toEqual(INVALID);
  });

  test.each(["name", "telecom", "identifier", "meta"])(
    "P-B9: a booking organisation without %s gets 422 INVALID_RESOURCE",
    async (name) => {
      const change = (booking: Json) => ({
        ...booking,
        contained: [{ ...booking.contained[0], [name]: undefined }],
      });
      expect(refusal(await bookChanged(change))).toEqual(INVALID);
    },
  );

  test("P-B10: a reason gets 422 INVALID_RESOURCE", async () => {
    expect(refusal(await bookChanged((booking) => ({ ...booking, reason: [{ text: "pain" }] })))).toEqual(
      INVALID,
    );
  });

  test.each<[string, (booking: Json) => Json]>([
    ["an unknown element", (booking) => ({ ...booking, invalidField: "x" })],
    ["another resource type", (booking) => ({ ...booking, resourceType: "Slot" })],
    ["an empty Appointment", () => ({ resourceType: "Appointment" })],
    ["appointmentType", (booking) => ({ ...booking, appointmentType: { coding: [{ code: "x" }] } })],
    ["priority", (booking) => ({ ...booking, priority: 1 })],
    ["text", (booking) => ({ ...booking, text: { status: "generated", div: "<div/>" } })],
    ["implicitRules", (booking) => ({ ...booking, implicitRules: "urn:x" })],
    ["a made-up duration", (booking) => ({ ...booking, minutesDuration: 999 })],
    [
      "a made-up delivery channel",
      (booking) => ({
        ...booking,
        extension: [
          ...booking.extension,
          { url: `${STU3}/Extension-GPConnect-DeliveryChannel-2`, valueCode: "Carrier-pigeon" },
        ],
      }),
    ],
  ])("P-B11: %s gets 422 INVALID_RESOURCE", async (_case, change) => {
    expect(refusal(await bookChanged(change))).toEqual(INVALID);
  });

  test("P-B12: an absolute organisation reference gets 422 INVALID_RESOURCE", async () => {
    const reference = "http://127.0.0.1/Organization/1";
    const change = (booking: Json) => ({
      ...booking,
      extension: [{ ...booking.extension[0], valueReference: { reference } }],
    });
    expect(refusal(await bookChanged(change))).toEqual(INVALID);
  });
});

describe("read an appointment", () => {
  test("P-R1: a read gives all mandatory elements, the contained booking organisation and an ETag", async () => {
    const caller = await under.caller();
    const { id } = await booked(caller);
    const { status, json, headers } = await readAppointment(caller, id);
    expect([status, headers.etag]).toEqual([200, `W/"${json.meta.versionId}"`]);
    for (const name of [
      "status",
      "start",
      "end",
      "slot",
      "created",
      "participant",
      "contained",
      "description",
    ]) {
      expect(json).toHaveProperty(name);
    }
    expect(json).not.toHaveProperty("reason");
  });

  test("P-R2: a reader from another organisation gets the appointment with the booker's ODS code", async () => {
    const caller = await under.caller();
    const { id } = await booked(caller);
    const identifier = [{ system: ODS_SYSTEM, value: "T82777" }];
    const requesting = { resourceType: "Organization", identifier, name: "Other" };
    const { json } = await readAppointment(caller, id, { claims: { requesting_organization: requesting } });
    expect(json.contained[0].identifier).toEqual([{ system: ODS_SYSTEM, value: "T82000" }]);
  });

  test.each(["999999", "##".replaceAll("#", "%23"), "a b".replace(" ", "%20"), ""])(
    "P-R3: the id '%s' gets 404",
    async (id) => {
      expect((await readAppointment(await under.caller(), id)).status).toBe(404);
    },
  );

  test("P-R4: service category and type are populated", async () => {
    const caller = await under.caller();
    const { json } = await readAppointment(caller, (await booked(caller)).id);
    expect([typeof json.serviceCategory.text, typeof json.serviceType[0].text]).toEqual(["string", "string"]);
  });
});

describe("retrieve a patient's appointments", () => {
  const list = async (query: string) => {
    const caller = await under.caller();
    const path = `Patient/${await caller.patientId(PATIENT)}/Appointment?${query}`;
    return caller.call({ interaction: "rest:search:patient_appointments-1", scope: "patient/*.read", path });
  };
  const PARAMETER = [422, "INVALID_PARAMETER"];

  test("P-V1: no appointments give 200 with nothing in the bundle", async () => {
    const { status, json } = await list(`start=ge${FROM}&start=le${TO}`);
    expect([status, json.entry]).toEqual([200, undefined]);
  });

  test("P-V2: all appointments in the range come with their booking organisation", async () => {
    const caller = await under.caller();
    const appointments = [await booked(caller), await booked(caller)];
    const { json } = await list(`start=ge${FROM}&start=le${TO}`);
    expect(resourcesOf(json, "Appointment")).toEqual(appointments);
    for (const { contained } of appointments) expect(contained[0].resourceType).toBe("Organization");
  });

  test("P-V3: an unknown patient id gets 404", async () => {
    expect((await (await under.caller()).appointments("999999", FROM, TO)).status).toBe(404);
  });

  test.each([
    `ge${FROM}T10:00:00`,
    `ge${FROM}T10:00:00+00:00`,
    "ge2026-01",
    "ge2026",
    "ge01-02-2026",
    "geyesterday",
  ])("P-V4: start=%s gets 422 INVALID_PARAMETER", async (start) => {
    expect(refusal(await list(`start=${encodeURIComponent(start)}&start=le${TO}`))).toEqual(PARAMETER);
  });

  test.each([
    ["le", "ge"],
    ["ge", "ge"],
    ["le", "le"],
    ["gt", "lt"],
    ["eq", "eq"],
    ["", ""],
    ["ge", ""],
  ])("P-V5: the prefixes '%s' and '%s' are judged", async (first, second) => {
    const reply = await list(`start=${first}${FROM}&start=${second}${TO}`);
    // The pair le, ge is the allowed one in another order; its range ends before it begins.
    expect(refusal(reply)).toEqual(PARAMETER);
  });

  test.each([`start=ge${FROM}`, `start=le${TO}`, `start=ge${FROM}&start=le${TO}&start=le${TO}`])(
    "P-V6: a number of start parameters other than two gets 422: %s",
    async (query) => {
      expect(refusal(await list(query))).toEqual(PARAMETER);
    },
  );

  test.each([
    ["2026-01-13", TO],
    ["2026-01-01", "2026-01-13"],
  ])("P-V7: the range %s to %s begins in the past and gets 422", async (from, to) => {
    expect(refusal(await list(`start=ge${from}&start=le${to}`))).toEqual(PARAMETER);
  });

  test("P-V8: an end before the start gets 422 INVALID_PARAMETER", async () => {
    expect(refusal(await list(`start=ge${TO}&start=le${FROM}`))).toEqual(PARAMETER);
  });

  test("P-V9: service category and type are populated", async () => {
    await booked(await under.caller());
    const [appointment] = resourcesOf((await list(`start=ge${FROM}&start=le${TO}`)).json, "Appointment");
    expect(appointment).toMatchObject({
      serviceCategory: { text: expect.any(String) },
      serviceType: [{ text: expect.any(String) }],
    });
  });
});

describe("amend an appointment", () => {
  const amend = async (change: (appointment: Json) => Json) => {
    const caller = await under.caller();
    const appointment = await booked(caller, { comment: "First" });
    return caller.put("update", change(appointment), versionOf(appointment));
  };

  test.each([
    { description: "Sore elbow" },
    { comment: "Second" },
    { description: "Sore elbow", comment: "Second" },
  ])("P-M1: the texts %j are stored and returned, everything else unchanged", async (texts) => {
    const caller = await under.caller();
    const appointment = await booked(caller, { comment: "First" });
    const reply = await caller.put("update", { ...appointment, ...texts }, versionOf(appointment));
    const expected = { ...appointment, ...texts, meta: { ...appointment.meta, versionId: "2" } };
    expect([reply.status, reply.json]).toEqual([200, expected]);
    expect((await readAppointment(caller, appointment.id)).json).toEqual(expected);
  });

  test.each<[string, (appointment: Json) => Json]>([
    ["priority", (one) => ({ ...one, priority: 5 })],
    ["an unknown field", (one) => ({ ...one, invalidField: "x" })],
    ["a cancellation reason", (one) => ({ ...cancellationOf(one), status: "booked" })],
    ["the meta profile", (one) => ({ ...one, meta: { ...one.meta, profile: ["urn:x"] } })],
    ["the service type", (one) => ({ ...one, serviceType: [{ text: "Other" }] })],
  ])("P-M2: a change of %s gets 422 INVALID_RESOURCE", async (_case, change) => {
    expect(refusal(await amend(change))).toEqual(INVALID);
  });

  test("P-M3: a stale or malformed If-Match gets 409, the current one succeeds", async () => {
    const caller = await under.caller();
    const appointment = await booked(caller);
    expect((await caller.put("update", appointment, "7")).status).toBe(409);
    expect(
      (await caller.put("update", appointment, undefined, { headers: { "if-match": "1" } })).status,
    ).toBe(409);
    expect((await caller.put("update", appointment, versionOf(appointment))).status).toBe(200);
  });

  test("P-M4: a body of another resource type gets 422 INVALID_RESOURCE", async () => {
    expect(refusal(await amend((one) => ({ ...one, resourceType: "Slot" })))).toEqual(INVALID);
  });

  test("P-M5: absolute references get 422 INVALID_RESOURCE", async () => {
    const absolute = (one: Json) => ({
      ...one,
      slot: [{ reference: `http://127.0.0.1/${one.slot[0].reference}` }],
    });
    expect(refusal(await amend(absolute))).toEqual(INVALID);
  });

  test("P-M6: service category and type may be echoed or left out, and stay", async () => {
    const caller = await under.caller();
    const { serviceType, serviceCategory, ...rest } = await booked(caller);
    const reply = await caller.put("update", rest, versionOf(rest));
    expect([reply.status, reply.json]).toEqual([
      200,
      expect.objectContaining({ serviceType, serviceCategory }),
    ]);
    expect((await caller.put("update", reply.json, "2")).status).toBe(200);
  });

  test("P-M7: a cancelled appointment cannot be amended", async () => {
    const caller = await under.caller();
    const appointment = await booked(caller);
    const { json: cancelled } = await caller.put(
      "cancel",
      cancellationOf(appointment),
      versionOf(appointment),
    );
    const amended = { ...cancelled, status: "booked", description: "Other" };
    expect(refusal(await caller.put("update", amended, "2"))).toEqual(INVALID);
  });
});

describe("cancel an appointment", () => {
  const cancel = async (change: (appointment: Json) => Json) => {
    const caller = await under.caller();
    const appointment = await booked(caller, { comment: "First" });
    return caller.put("cancel", change(appointment), versionOf(appointment));
  };

  test("P-X1: the status becomes cancelled, the reason comes back, and all else equals the booking", async () => {
    const caller = await under.caller();
    const appointment = await booked(caller);
    const sent = cancellationOf(appointment, "Too far");
    const reply = await caller.put("cancel", sent, versionOf(sent));
    expect(reply.status).toBe(200);
    expect({ ...reply.json, meta: undefined }).toEqual({ ...sent, meta: undefined });
  });

  test.each<[string, (appointment: Json) => Json]>([
    ["comment", (one) => ({ ...cancellationOf(one), comment: "Second" })],
    ["description", (one) => ({ ...cancellationOf(one), description: "Other" })],
    ["participants", (one) => ({ ...cancellationOf(one), participant: one.participant.slice(1) })],
    ["type text", (one) => ({ ...cancellationOf(one), serviceType: [{ text: "Other" }] })],
  ])("P-X2: a changed %s gets 422 INVALID_RESOURCE", async (_case, change) => {
    expect(refusal(await cancel(change))).toEqual(INVALID);
  });

  test.each(["", "urn:wrong"])(
    "P-X3: a reason extension with the URL '%s' gets 422 INVALID_RESOURCE",
    async (url) => {
      expect(refusal(await cancel((one) => cancellationOf(one, "Too far", url)))).toEqual(INVALID);
    },
  );

  test("P-X4: an empty reason gets 422 INVALID_PARAMETER", async () => {
    expect(refusal(await cancel((one) => cancellationOf(one, "")))).toEqual([422, "INVALID_PARAMETER"]);
  });

  test("P-X5: a stale If-Match gets 409 FHIR_CONSTRAINT_VIOLATION, the current one succeeds", async () => {
    const caller = await under.caller();
    const cancelled = cancellationOf(await booked(caller));
    expect(refusal(await caller.put("cancel", cancelled, "7"))).toEqual([409, "FHIR_CONSTRAINT_VIOLATION"]);
    expect((await caller.put("cancel", cancelled, versionOf(cancelled))).status).toBe(200);
  });

  test("P-X6: the version differs after cancelling", async () => {
    const caller = await under.caller();
    const appointment = await booked(caller);
    const reply = await caller.put("cancel", cancellationOf(appointment), versionOf(appointment));
    expect(reply.status).toBe(200);
    expect(versionOf(reply.json)).not.toBe(versionOf(appointment));
  });

  test("P-X7: absolute references get 422 INVALID_RESOURCE", async () => {
    const absolute = (one: Json) => ({
      ...cancellationOf(one),
      slot: [{ reference: `http://127.0.0.1/${one.slot[0].reference}` }],
    });
    expect(refusal(await cancel(absolute))).toEqual(INVALID);
  });

  test("P-X8: service category and type may be left out, and stay", async () => {
    const caller = await under.caller();
    const { serviceType, serviceCategory, ...rest } = await booked(caller);
    const reply = await caller.put("cancel", cancellationOf(rest), versionOf(rest));
    expect([reply.status, reply.json]).toEqual([
      200,
      expect.objectContaining({ serviceType, serviceCategory }),
    ]);
  });
});

test("P-B4: of many concurrent bookings of one slot exactly one succeeds", async () => {
  const caller = await under.caller();
  const { json } = await allSlots(caller);
  const [slot] = resourcesOf(json, "Slot");
  const booking = bookingOf(json, [slot as Json], await caller.patientId(PATIENT));
  const replies = await Promise.all(Array.from({ length: 10 }, () => caller.book(booking)));
  expect(replies.filter(({ status }) => status === 201)).toHaveLength(1);
});
