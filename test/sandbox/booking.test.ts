import { adjacentPair, bookingOf, resourcesOf } from "./support/bundles.js";
import type { Caller } from "./support/caller.js";
import { isFree, useSandbox } from "./support/use-sandbox.js";
import { codeOf, type Json } from "./support/wire.js";

const FROM = "2026-01-15";
const TO = "2026-01-27";

async function offer(caller: Caller): Promise<Json> {
  return (await caller.slots(FROM, TO)).json;
}

/** Slots whose schedule has a practitioner, so that all kinds of participant occur. */
function staffed(response: Json): Json[] {
  const staffedSchedules = resourcesOf(response, "Schedule").filter((one) => one.actor.length === 2);
  const references = new Set(staffedSchedules.map((one) => `Schedule/${one.id}`));
  return resourcesOf(response, "Slot").filter((slot) => references.has(slot.schedule.reference));
}

describe("book an appointment", () => {
  const under = useSandbox();

  // Proves GPC-BPA-7, GPC-BPA-8.
  it("books a slot, which is then no longer offered and is refused a second time", async () => {
    const caller = await under.caller();
    const response = await offer(caller);
    const [slot] = staffed(response);
    const patientId = await caller.patientId("9000000009");
    const booking = bookingOf(response, [slot], patientId, { comment: "Rings first" });
    const booked = await caller.book(booking);
    expect(booked.status).toBe(201);
    expect(booked.json).toMatchObject({
      status: "booked",
      description: "Sore knee",
      comment: "Rings first",
      start: slot.start,
      end: slot.end,
      contained: booking.contained,
      participant: booking.participant,
      serviceType: slot.serviceType,
    });
    expect(booked.headers.etag).toBe('W/"1"');
    expect(booked.headers.location).toBe(`${caller.root}/Appointment/${booked.json.id}/_history/1`);
    expect(resourcesOf(await offer(caller), "Slot").map(({ id }) => id)).not.toContain(slot.id);
    const again = await caller.book(booking);
    expect([again.status, codeOf(again)]).toEqual([409, "DUPLICATE_REJECTED"]);
    const state = under.sandbox.practices.get("T81001");
    expect(state?.appointments.get(booked.json.id)?.patientId).toBe(patientId);
    expect(isFree(under.sandbox, slot.id)).toBe(false);
  });

  it("gives a slot to only one of many concurrent callers", async () => {
    const caller = await under.caller();
    const response = await offer(caller);
    const booking = bookingOf(response, [staffed(response)[0]], await caller.patientId("9990000018"));
    const replies = await Promise.all(Array.from({ length: 8 }, () => caller.book(booking)));
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409, 409, 409]);
  });

  it("books adjacent slots together", async () => {
    const caller = await under.caller();
    const response = await offer(caller);
    const pair = adjacentPair(response);
    const booked = await caller.book(bookingOf(response, pair, await caller.patientId("9000000009")));
    expect([booked.status, booked.json.start, booked.json.end]).toEqual([201, pair[0].start, pair[1].end]);
    const left = resourcesOf(await offer(caller), "Slot").map(({ id }) => id);
    expect(left).not.toContain(pair[0].id);
    expect(left).not.toContain(pair[1].id);
  });

  // Proves GPC-BPA-7.
  it("takes no slot of a multi-slot booking when one is already taken", async () => {
    const caller = await under.caller();
    const response = await offer(caller);
    const pair = adjacentPair(response);
    const patientId = await caller.patientId("9000000009");
    expect((await caller.book(bookingOf(response, [pair[1]], patientId))).status).toBe(201);
    expect((await caller.book(bookingOf(response, pair, patientId))).status).toBe(409);
    expect(isFree(under.sandbox, pair[0].id)).toBe(true);
  });

  it("sends an empty body for Prefer return=minimal", async () => {
    const caller = await under.caller();
    const response = await offer(caller);
    const booking = bookingOf(response, [staffed(response)[0]], await caller.patientId("9000000009"));
    const reply = await caller.book(booking, { headers: { prefer: "return=minimal" } });
    expect([reply.status, reply.text]).toEqual([201, ""]);
    expect(reply.headers.location).toMatch(/\/Appointment\/\d+\/_history\/1$/);
  });

  // Proves GPC-BPA-9.
  it.each([
    ["an id", { id: "7" }],
    ["another status", { status: "proposed" }],
    ["no profile", { meta: {} }],
    ["no description", { description: undefined }],
    ["a description of 101 characters", { description: "x".repeat(101) }],
    ["a comment of 501 characters", { comment: "x".repeat(501) }],
    ["a reason", { reason: [{ text: "x" }] }],
    ["a specialty", { specialty: [{ text: "x" }] }],
    ["created in UTC", { created: "2026-01-14T09:41:00Z" }],
    ["no created", { created: undefined }],
    ["no slot", { slot: [] }],
    ["an absolute slot", { slot: [{ reference: "http://127.0.0.1/Slot/1" }] }],
    ["a start printed anew", { start: "2026-01-15T08:30:00.000+00:00" }],
    ["no booking organisation", { contained: [] }],
    ["an unknown extension", { extension: [{ url: "urn:x", valueString: "x" }] }],
    ["nobody taking part", { participant: [] }],
  ])("refuses %s", async (_case, changes) => {
    const caller = await under.caller();
    const response = await offer(caller);
    const booking = bookingOf(
      response,
      [staffed(response)[0]],
      await caller.patientId("9000000009"),
      changes,
    );
    const reply = await caller.book(booking);
    expect([reply.status, codeOf(reply)]).toEqual([422, "INVALID_RESOURCE"]);
  });

  it.each(["identifier", "name", "telecom"])("requires the booking organisation's %s", async (element) => {
    const caller = await under.caller();
    const response = await offer(caller);
    const booking = bookingOf(response, [staffed(response)[0]], await caller.patientId("9000000009"));
    const contained = [{ ...booking.contained[0], [element]: undefined }];
    expect(codeOf(await caller.book({ ...booking, contained }))).toBe("INVALID_RESOURCE");
  });

  it("refuses participants of another schedule, with another code for unknown ones", async () => {
    const caller = await under.caller();
    const response = await offer(caller);
    const [slot] = staffed(response);
    const booking = bookingOf(response, [slot], await caller.patientId("9000000009"));
    const withActor = (type: string, reference: string) => ({
      ...booking,
      participant: booking.participant.map((one: Json) =>
        one.actor.reference.startsWith(type) ? { ...one, actor: { reference } } : one,
      ),
    });
    expect(codeOf(await caller.book(withActor("Location", "Location/999")))).toBe("INVALID_RESOURCE");
    expect(codeOf(await caller.book(withActor("Practitioner", "Practitioner/999")))).toBe("INVALID_RESOURCE");
    expect(codeOf(await caller.book(withActor("Patient", "Patient/999")))).toBe("REFERENCE_NOT_FOUND");
    expect(codeOf(await caller.book(withActor("Patient", "https://x.example/Patient/1")))).toBe(
      "INVALID_RESOURCE",
    );
    expect(codeOf(await caller.book({ ...booking, slot: [{ reference: "Slot/999999" }] }))).toBe(
      "REFERENCE_NOT_FOUND",
    );
  });

  it("refuses slots that are not adjacent", async () => {
    const caller = await under.caller();
    const response = await offer(caller);
    const patientId = await caller.patientId("9000000009");
    const [first, second] = adjacentPair(response);
    const slots = resourcesOf(response, "Slot");
    const gap = slots.find(
      (one) => one.schedule.reference === first.schedule.reference && one.start > second.start,
    );
    const elsewhere = slots.find(
      (one) => one.start === first.end && one.schedule.reference !== first.schedule.reference,
    );
    const pairs = [
      [first, gap],
      [first, elsewhere],
      [second, first],
    ].filter(([, other]) => other !== undefined);
    expect(pairs.length).toBeGreaterThan(1);
    for (const pair of pairs)
      expect(codeOf(await caller.book(bookingOf(response, pair, patientId)))).toBe("INVALID_RESOURCE");
  });

  it("refuses adjacent slots of different types or delivery channels", async () => {
    const caller = await under.caller();
    const response = await offer(caller);
    const slots = resourcesOf(response, "Slot");
    const unlike = (name: "serviceType" | "extension") =>
      slots
        .map((one) => [
          one,
          slots.find((next) => next.start === one.end && next.schedule.reference === one.schedule.reference),
        ])
        .find(
          ([one, next]) => next && JSON.stringify(one[name].at(-1)) !== JSON.stringify(next[name].at(-1)),
        );
    for (const pair of [unlike("serviceType"), unlike("extension")]) {
      const reply = await caller.book(bookingOf(response, pair ?? [], await caller.patientId("9000000009")));
      expect(codeOf(reply)).toBe("INVALID_RESOURCE");
    }
  });

  it("refuses a slot that has begun", async () => {
    const caller = await under.caller();
    const { json } = await caller.slots("2026-01-14", "2026-01-14");
    const past = resourcesOf(json, "Slot").find((slot) => slot.start === "2026-01-14T00:00:00+00:00");
    const reply = await caller.book(bookingOf(json, [past], await caller.patientId("9000000009")));
    expect([reply.status, codeOf(reply)]).toEqual([422, "INVALID_RESOURCE"]);
  });

  it("refuses a body that is not JSON or has no FHIR media type", async () => {
    const caller = await under.caller();
    const malformed = await caller.book("{");
    expect([malformed.status, codeOf(malformed)]).toEqual([400, "BAD_REQUEST"]);
    const mistyped = await caller.book("{}", { headers: { "content-type": "application/json" } });
    expect([mistyped.status, codeOf(mistyped)]).toEqual([415, "UNSUPPORTED_MEDIA_TYPE"]);
  });
});
