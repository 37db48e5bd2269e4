import { startSandbox } from "../../../src/sandbox/index.js";
import { adjacentPair, bookingOf, resourcesOf } from "../support/bundles.js";
import { Caller } from "../support/caller.js";
import {
  A_WEDNESDAY,
  auditClaims,
  codeOf,
  FakeClock,
  INTERACTION,
  type Json,
  NHS_SYSTEM,
  send,
  token,
} from "../support/wire.js";
import {
  allSlots,
  booked,
  cancellationOf,
  FROM,
  PATIENT,
  preparedBooking,
  read,
  readAppointment,
  refusal,
  register,
  registration,
  STU3,
  sentBack,
  TO,
  useFreshSandbox,
  versionOf,
} from "./support.js";

const under = useFreshSandbox({ alsoAccredited: ["200000000777"] });
const INVALID = [422, "INVALID_RESOURCE"];
const HOUR_MS = 3_600_000;

test.each(["ssp-traceid", "ssp-from", "ssp-to", "ssp-interactionid", "authorization"])(
  "S-1: the header %s is required",
  async (name) => {
    expect((await (await under.caller()).metadata({ withoutHeaders: [name] })).status).toBe(400);
  },
);

test("S-1: Ssp-TraceID must be a UUID, and Ssp-To the ASID of the addressed practice", async () => {
  const caller = await under.caller();
  const other = await under.caller("T81101");
  expect((await caller.metadata({ headers: { "ssp-traceid": "trace-1" } })).status).toBe(400);
  expect((await caller.metadata({ asid: other.asid })).status).toBe(403);
});

test("S-2: a practice accepts requests from the proxy only and is chosen by the URL alone", async () => {
  const caller = await under.caller();
  const headers = {
    "ssp-traceid": "0b5f3cbe-54c6-4f8f-9d2a-6a8f4c1f9f10",
    "ssp-from": "200000000115",
    "ssp-to": caller.asid,
    "ssp-interactionid": `${INTERACTION}rest:read:metadata-1`,
    authorization: `Bearer ${token(auditClaims("organization/*.read", under.clock.now()))}`,
    accept: "application/fhir+json",
  };
  expect((await send(`${caller.root}/metadata`, { headers })).status).toBe(496);
  expect((await send(`${under.sandbox.sspUrl}/${caller.root}/metadata`, { headers })).status).toBe(200);
});

describe("the proxy's own refusals", () => {
  test("S-3: another root than the registered one gets 400 VARIES_FROM_TARGETURL", async () => {
    const caller = await under.caller();
    const reply = await caller.metadata({ root: caller.root.replace("/fhir", "/other") });
    expect([reply.status, reply.json.issue[0].diagnostics]).toEqual([
      400,
      expect.stringContaining("VARIES_FROM_TARGETURL"),
    ]);
  });

  test("S-3: a sender that is not accredited gets 403 ASID_CHECK_FAILED", async () => {
    const reply = await (await under.caller()).metadata({ headers: { "ssp-from": "999999999999" } });
    expect([reply.status, reply.json.issue[0].diagnostics]).toEqual([
      403,
      "ASID_CHECK_FAILED_MESSAGESENDER_999999999999",
    ]);
  });

  test("S-3: a practice without a sharing agreement gets 403 FOT_CHECK_FAILED", async () => {
    const reply = await (await under.caller("T81005")).metadata();
    expect([reply.status, reply.json.issue[0].diagnostics]).toEqual([
      403,
      expect.stringMatching(/^FOT_CHECK_FAILED/),
    ]);
  });

  test("S-3: an unreachable practice gets 502", async () => {
    expect((await (await under.caller("T81002")).metadata()).status).toBe(502);
  });
});

describe("a slow practice behind the proxy", () => {
  const slow = useFreshSandbox({ sspTimeoutMs: 40, slowMs: 400 });

  test("S-3: a practice that does not respond in time gets 504, and still processes the request", async () => {
    const reply = await (await slow.caller("T81003")).metadata();
    expect([reply.status, reply.json.issue[0].details.coding[0].code]).toEqual([504, "504"]);
    const received = slow.sandbox.requests.filter(
      ({ service, odsCode }) => service === "PRACTICE" && odsCode === "T81003",
    );
    expect(received).toHaveLength(1);
  });
});

test("S-4: a practice with GP Connect switched off gets 403 ACCESS_DENIED", async () => {
  expect(refusal(await (await under.caller("T81004")).metadata())).toEqual([403, "ACCESS_DENIED"]);
});

test("S-5: an appointment that has begun can be neither booked, read, amended nor cancelled", async () => {
  const caller = await under.caller();
  const appointment = await booked(caller);
  const { booking } = await preparedBooking(caller);
  under.clock.ms = Date.parse(booking.start);
  expect(refusal(await caller.book(booking))).toEqual(INVALID);
  expect(refusal(await readAppointment(caller, appointment.id))).toEqual(INVALID);
  expect(refusal(await caller.put("update", appointment, versionOf(appointment)))).toEqual(INVALID);
  expect(refusal(await caller.put("cancel", cancellationOf(appointment), versionOf(appointment)))).toEqual(
    INVALID,
  );
});

test("S-6: retrieve includes today with what has begun, and cancelled appointments", async () => {
  const caller = await under.caller();
  const appointment = await booked(caller);
  await caller.put("cancel", cancellationOf(appointment), versionOf(appointment));
  under.clock.ms = Date.parse(appointment.start) + HOUR_MS;
  const today = appointment.start.slice(0, 10);
  const { json } = await caller.appointments(await caller.patientId(PATIENT), today, today);
  expect(resourcesOf(json, "Appointment").map(({ id, status }) => [id, status])).toEqual([
    [appointment.id, "cancelled"],
  ]);
});

describe("bookings of several slots", () => {
  const book = async (caller: Caller, response: Json, slots: Json[]) =>
    caller.book(bookingOf(response, slots, await caller.patientId(PATIENT)));

  test("S-7: slots with a gap, or of two schedules, channels or types, are refused", async () => {
    const caller = await under.caller();
    const { json } = await allSlots(caller);
    const slots = resourcesOf(json, "Slot");
    const channel = (slot: Json) => slot.extension.at(-1).valueCode;
    const type = (slot: Json) => slot.serviceType[0].text;
    const pairs = slots.flatMap((one) =>
      slots.filter((other) => other.start >= one.end).map((other) => [one, other] as const),
    );
    const sameSchedule = (one: Json, other: Json) => one.schedule.reference === other.schedule.reference;
    const gap = pairs.find(
      ([one, other]) =>
        sameSchedule(one, other) &&
        other.start > one.end &&
        channel(one) === channel(other) &&
        type(one) === type(other),
    );
    const schedules = pairs.find(([one, other]) => !sameSchedule(one, other));
    const channels = pairs.find(
      ([one, other]) => sameSchedule(one, other) && channel(one) !== channel(other),
    );
    const types = pairs.find(([one, other]) => sameSchedule(one, other) && type(one) !== type(other));
    for (const pair of [gap, schedules, channels, types]) {
      if (!pair) throw new Error("the timetable has no such pair");
      expect(refusal(await book(caller, json, [...pair]))).toEqual(INVALID);
    }
  });

  test("S-7: when one slot is taken, none of them is booked", async () => {
    const caller = await under.caller();
    const { json } = await allSlots(caller);
    const [one, other] = adjacentPair(json);
    expect((await book(caller, json, [other])).status).toBe(201);
    expect((await book(caller, json, [one, other])).status).toBe(409);
    expect((await book(caller, json, [one])).status).toBe(201);
  });
});

test.each<[string, (booking: Json) => Json]>([
  ["a start in UTC", (one) => ({ ...one, start: one.start.replace("+00:00", "Z") })],
  ["a start with fractions", (one) => ({ ...one, start: one.start.replace("+00:00", ".000+00:00") })],
  ["another end", (one) => ({ ...one, end: one.end.replace(/:\d\d:00\+/, ":59:00+") })],
])("S-8: %s than that of the outer slots is refused", async (_case, change) => {
  const caller = await under.caller();
  const { booking } = await preparedBooking(caller);
  expect(refusal(await caller.book(change(booking)))).toEqual(INVALID);
});

test("S-9: an offset that is wrong for the date is refused", async () => {
  const caller = await under.caller();
  expect((await caller.slots("2026-01-15T09:00:00+01:00", TO)).status).toBe(422);
  under.clock.ms = Date.parse("2026-07-01T08:00:00Z");
  expect((await caller.slots("2026-07-02T09:00:00+00:00", "2026-07-03")).status).toBe(422);
  expect((await caller.slots("2026-07-02T09:00:00+01:00", "2026-07-03")).status).toBe(200);
});

test.each([{ description: "x".repeat(101) }, { comment: "x".repeat(501) }])(
  "S-10: a text that is too long is refused, never cut",
  async (texts) => {
    const caller = await under.caller();
    expect(refusal(await caller.book((await preparedBooking(caller, texts)).booking))).toEqual(INVALID);
    const appointment = await booked(caller);
    expect(refusal(await caller.put("update", { ...appointment, ...texts }, versionOf(appointment)))).toEqual(
      INVALID,
    );
  },
);

test("S-10: texts of exactly the longest length are accepted", async () => {
  const caller = await under.caller();
  const { json } = await caller.book(
    (await preparedBooking(caller, { description: "x".repeat(100), comment: "y".repeat(500) })).booking,
  );
  expect([json.description.length, json.comment.length]).toEqual([100, 500]);
});

test.each([
  `status=free&start=ge${FROM}&end=le${TO}`,
  `status=free&start=ge${FROM}&start=ge${FROM}&end=le${TO}&_include=Slot:schedule`,
  `status=free&start=ge${FROM}&end=le${TO}&end=le${TO}&_include=Slot:schedule`,
])("S-11: a search without Slot:schedule, or with start or end twice, is refused: %s", async (query) => {
  expect((await (await under.caller()).slotQuery(query)).status).toBe(400);
});

describe("slots that are withheld", () => {
  test("S-12: only slots wholly inside the range come back", async () => {
    const caller = await under.caller();
    const { json } = await caller.slots("2026-01-15T08:35:00+00:00", "2026-01-15T09:05:00+00:00");
    for (const { start, end } of resourcesOf(json, "Slot")) {
      expect(start >= "2026-01-15T08:35:00+00:00" && end <= "2026-01-15T09:05:00+00:00").toBe(true);
    }
  });

  test("S-12: slots under embargo are not offered and cannot be booked before their release", async () => {
    const caller = await under.caller("T81013");
    const starts = async () => resourcesOf((await allSlots(caller)).json, "Slot").map(({ start }) => start);
    const released = Date.parse((await starts()).at(-1) ?? "");
    expect(released - under.clock.now()).toBeLessThanOrEqual(48 * HOUR_MS);
    under.clock.ms += 5 * 24 * HOUR_MS;
    const { booking } = await preparedBooking(caller, {}, "9990000336");
    under.clock.ms -= 5 * 24 * HOUR_MS;
    expect(refusal(await caller.book(booking))).toEqual(INVALID);
  });

  test("S-12: nothing is offered beyond the booking window", async () => {
    const caller = await under.caller();
    expect(resourcesOf((await caller.slots("2026-03-11", "2026-03-20")).json, "Slot")).toEqual([]);
  });

  test("S-12: a booking above the limit of the organisation fails, and a cancellation frees one", async () => {
    const caller = await under.caller("T81013");
    const book = async () => caller.book((await preparedBooking(caller, {}, "9990000336")).booking);
    const first = await book();
    expect([first.status, (await book()).status]).toEqual([201, 201]);
    expect(refusal(await book())).toEqual(INVALID);
    await caller.put("cancel", cancellationOf(sentBack(first.json)), versionOf(first.json));
    expect((await book()).status).toBe(201);
  });
});

test("S-13: Organization is present whenever slots are, and absent without slots", async () => {
  const caller = await under.caller();
  const query = (from: string, to: string) =>
    `status=free&start=ge${from}&end=le${to}&_include=Slot:schedule`;
  expect(resourcesOf((await caller.slotQuery(query(FROM, TO))).json, "Organization")).toHaveLength(1);
  expect((await caller.slotQuery(query("2026-01-17", "2026-01-18"))).json).not.toHaveProperty("entry");
});

test("S-14: cancelling frees the slots at once", async () => {
  const caller = await under.caller();
  const appointment = await booked(caller);
  await caller.put("cancel", cancellationOf(appointment), versionOf(appointment));
  const { json } = await allSlots(caller);
  expect(resourcesOf(json, "Slot").map(({ id }) => `Slot/${id}`)).toContain(appointment.slot[0].reference);
});

test("S-15: another accredited organisation may read, amend and cancel a future appointment", async () => {
  const caller = await under.caller();
  const appointment = await booked(caller);
  const asOther = { "ssp-from": "200000000777" };
  expect((await readAppointment(caller, appointment.id, { headers: asOther })).status).toBe(200);
  const amended = { ...appointment, description: "Sore elbow" };
  const reply = await caller.put("update", amended, undefined, {
    headers: { ...asOther, "if-match": `W/"${versionOf(appointment)}"` },
  });
  expect(reply.status).toBe(200);
  const current = sentBack((await readAppointment(caller, appointment.id)).json);
  const headers = { ...asOther, "if-match": `W/"${versionOf(current)}"` };
  expect((await caller.put("cancel", cancellationOf(current), undefined, { headers })).status).toBe(200);
});

test("S-16: find verifies an unverified active record since 1.2.7; before that find is empty and register gets 409", async () => {
  const caller = await under.caller();
  expect(resourcesOf((await caller.find("9990000298")).json, "Patient")).toHaveLength(1);
  const older = await under.caller("T81008");
  expect(resourcesOf((await older.find("9990000301")).json, "Patient")).toEqual([]);
  const patient = registration({
    identifier: [{ system: NHS_SYSTEM, value: "9990000301" }],
    name: [{ use: "official", family: "Birkdale", given: ["Romilly"] }],
    birthDate: "1987-06-22",
  });
  expect(refusal(await register(older, patient))).toEqual([409, "DUPLICATE_REJECTED"]);
});

test("S-17: while PDS is down, register fails with 500", async () => {
  const caller = await under.caller();
  under.sandbox.faults.add({ service: "PDS", kind: { status: 503 } });
  expect(refusal(await register(caller, registration()))).toEqual([500, "INTERNAL_SERVER_ERROR"]);
  under.sandbox.faults.clear();
  expect((await register(caller, registration())).status).toBe(200);
});

test("S-18: one resource that cannot be built fails the whole response with 500", async () => {
  const caller = await under.caller("T81014");
  expect(codeOf(await allSlots(caller))).toBe("INTERNAL_SERVER_ERROR");
  expect((await caller.slots("2026-01-17", "2026-01-18")).status).toBe(200);
});

describe("home visits (1.2.9)", () => {
  const visited = async () => {
    const caller = await under.caller("T81019");
    const patientId = await caller.patientId("9990000905");
    const [visit] = resourcesOf((await caller.appointments(patientId, FROM, TO)).json, "Appointment");
    return { caller, patientId, visit };
  };

  test("S-19: a home visit is on the patient's list and can be read, with a place that tells no address", async () => {
    const { caller, visit } = await visited();
    expect((await caller.metadata()).json.version).toBe("1.2.9");
    expect(visit.extension).toContainEqual({
      url: `${STU3}/Extension-GPConnect-DeliveryChannel-2`,
      valueCode: "Visit",
    });
    expect((await readAppointment(caller, visit.id)).json).toEqual(visit);
    const place = visit.participant
      .map(({ actor }: Json) => actor.reference)
      .find((reference: string) => reference.startsWith("Location/"));
    expect((await read(caller, "Location", place.split("/")[1])).json).toMatchObject({
      name: "Contact practice for location of the visit",
      address: [{ line: ["Unknown"], city: "Unknown" }],
    });
  });

  test("S-19: a home visit can be neither amended nor cancelled, and no slot search returns its slot", async () => {
    const { caller, visit } = await visited();
    const amended = await caller.put("update", { ...visit, description: "Other" }, "1");
    expect(refusal(amended)).toEqual(INVALID);
    expect(refusal(await caller.put("cancel", cancellationOf(visit), "1"))).toEqual(INVALID);
    const slots = resourcesOf((await allSlots(caller)).json, "Slot");
    expect(slots.length).toBeGreaterThan(10);
    expect(JSON.stringify(slots)).not.toContain("Visit");
    expect(slots.map(({ id }) => `Slot/${id}`)).not.toContain(visit.slot[0].reference);
  });

  test("S-19: a booking as a home visit is refused", async () => {
    const { caller } = await visited();
    const channel = { url: `${STU3}/Extension-GPConnect-DeliveryChannel-2`, valueCode: "Visit" };
    const { booking } = await preparedBooking(caller, {}, "9990000905");
    const asVisit = { ...booking, extension: [...booking.extension, channel] };
    expect(refusal(await caller.book(asVisit))).toEqual(INVALID);
    expect((await caller.book(booking)).status).toBe(201);
  });

  test("S-19: there is always one ahead, also when the clock moves on", async () => {
    const { caller, patientId } = await visited();
    under.clock.ms += 40 * 86_400_000;
    const later = resourcesOf(
      (await caller.appointments(patientId, "2026-02-23", "2026-03-02")).json,
      "Appointment",
    );
    expect(later).toHaveLength(1);
  });
});

test("S-20: queries take less than three seconds and commands less than 250 milliseconds by default", async () => {
  const clock = new FakeClock(A_WEDNESDAY);
  const sandbox = await startSandbox({ clock });
  const caller = await Caller.of(sandbox, clock, "T81001");
  await allSlots(caller);
  const started = performance.now();
  const { booking } = await preparedBooking(caller);
  const searched = performance.now();
  await caller.book(booking);
  expect(searched - started).toBeLessThan(3000);
  expect(performance.now() - searched).toBeLessThan(250);
  await sandbox.close();
});
