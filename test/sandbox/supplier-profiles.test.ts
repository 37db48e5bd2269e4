import { SUPPLIER_PROFILES } from "../../src/sandbox/index.js";
import { bookingOf, resourcesOf } from "./support/bundles.js";
import type { Caller } from "./support/caller.js";
import { isFree, useSandbox } from "./support/use-sandbox.js";
import { ALL_INCLUDES, codeOf, type Json } from "./support/wire.js";

const FROM = "2026-01-15";
const TO = "2026-01-27";
const REASON_URL =
  "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-GPConnect-AppointmentCancellationReason-1";
const CREATE = "rest:create:appointment-1";

async function preparedBooking(caller: Caller, nhsNumber: string, changes: Record<string, unknown> = {}) {
  const { json } = await caller.slots(FROM, TO);
  const [slot] = resourcesOf(json, "Slot");
  if (!slot) throw new Error("no free slot");
  return { slot, booking: bookingOf(json, [slot], await caller.patientId(nhsNumber), changes) };
}

function readAppointment(caller: Caller, id: string) {
  const path = `Appointment/${id}`;
  return caller.call({ interaction: "rest:read:appointment-1", scope: "patient/*.read", path });
}

describe("supplier profiles", () => {
  const under = useSandbox({ practiceProfiles: { T81101: "demonstrator-like" } });

  it("belong to single practices by ODS code, else to the persona, else to the sandbox", () => {
    const nameAt = (odsCode: string) => under.sandbox.practices.get(odsCode)?.profile.name;
    expect(nameAt("T81101")).toBe("demonstrator-like");
    expect(nameAt("T81008")).toBe("older-without-service-types");
    expect(nameAt("T81001")).toBe("strict-1.2.7");
  });

  it("have a name equal to their key", () => {
    for (const [name, profile] of Object.entries(SUPPLIER_PROFILES)) expect(profile.name).toBe(name);
  });
});

describe("a demonstrator-like practice", () => {
  const PATIENT = "9990000239";
  const under = useSandbox({ saveDelayMs: 0 });
  beforeEach(() => under.sandbox.reset());
  const practice = () => under.caller("T81010");

  it("saves two concurrent bookings of one slot, because the save does not check again", async () => {
    const caller = await practice();
    const { slot, booking } = await preparedBooking(caller, PATIENT);
    const saves = under.sandbox.hold({ service: "PRACTICE", odsCode: "T81010", interaction: CREATE }, "save");
    const both = [caller.book(booking), caller.book(booking)];
    await saves.waiting(2);
    expect(under.sandbox.practices.get("T81010")?.appointments.size).toBe(0);
    saves.release();
    const replies = await Promise.all(both);
    expect(replies.map(({ status }) => status)).toEqual([201, 201]);
    expect(new Set(replies.map(({ json }) => json.id)).size).toBe(2);
    const stored = [...(under.sandbox.practices.get("T81010")?.appointments.values() ?? [])];
    expect(stored.map(({ slots }) => slots.map(({ id }) => id))).toEqual([[slot.id], [slot.id]]);
    expect((await caller.book(booking)).status).toBe(409);
  });

  it("returns a version from a PUT that no later read has and that If-Match refuses", async () => {
    const caller = await practice();
    const { booking } = await preparedBooking(caller, PATIENT);
    const booked = await caller.book(booking);
    const amended = { ...booked.json, description: "Sore elbow" };
    const reply = await caller.put("update", amended, booked.json.meta.versionId);
    expect(reply.status).toBe(200);
    const reread = await readAppointment(caller, booked.json.id);
    expect(reread.json.description).toBe("Sore elbow");
    expect(reread.json.meta.versionId).not.toBe(reply.json.meta.versionId);
    const again = { ...amended, description: "Sore wrist" };
    expect((await caller.put("update", again, reply.json.meta.versionId)).status).toBe(409);
    expect((await caller.put("update", again, reread.json.meta.versionId)).status).toBe(200);
  });

  it("changes an appointment without If-Match", async () => {
    const caller = await practice();
    const { booking } = await preparedBooking(caller, PATIENT);
    const booked = await caller.book(booking);
    expect((await caller.put("update", booked.json, undefined)).status).toBe(200);
  });

  it("refuses an unknown include with 400", async () => {
    const caller = await practice();
    const range = `status=free&start=ge${FROM}&end=le${TO}&${ALL_INCLUDES}`;
    expect((await caller.slotQuery(range)).status).toBe(200);
    const reply = await caller.slotQuery(
      `${range}&_include:recurse=Schedule:actor:HealthcareService&service.identifier=x`,
    );
    expect([reply.status, codeOf(reply)]).toEqual([400, "BAD_REQUEST"]);
  });

  it("keeps the comment separate and accepts a booking without description", async () => {
    const caller = await practice();
    const { booking } = await preparedBooking(caller, PATIENT, {
      description: undefined,
      comment: "Uses a wheelchair",
    });
    const reply = await caller.book(booking);
    expect(reply.status).toBe(201);
    expect(reply.json.comment).toBe("Uses a wheelchair");
    expect(reply.json).not.toHaveProperty("description");
  });

  it("reads a booked appointment with an empty cancellation reason and refuses it in a PUT with 400", async () => {
    const caller = await practice();
    const { booking } = await preparedBooking(caller, PATIENT);
    const { json: booked } = await caller.book(booking);
    const { json: reread } = await readAppointment(caller, booked.id);
    expect(reread.extension).toContainEqual({ url: REASON_URL });
    const reply = await caller.put("update", reread, reread.meta.versionId);
    expect([reply.status, codeOf(reply)]).toEqual([400, "BAD_REQUEST"]);
  });

  it("cancels a cancelled appointment again with another reason", async () => {
    const caller = await practice();
    const { booking } = await preparedBooking(caller, PATIENT);
    const { json: booked } = await caller.book(booking);
    const cancelled = (reason: string) => ({
      ...booked,
      status: "cancelled",
      extension: [...booked.extension, { url: REASON_URL, valueString: reason }],
    });
    expect((await caller.put("cancel", cancelled("Too far"), undefined)).status).toBe(200);
    const again = await caller.put("cancel", cancelled("Feels better"), undefined);
    expect(again.status).toBe(200);
    expect(again.json.extension).toContainEqual({ url: REASON_URL, valueString: "Feels better" });
  });

  it("reports errors with the code as display, another issue code and another code for an unknown slot", async () => {
    const caller = await practice();
    const { booking } = await preparedBooking(caller, PATIENT);
    const unknown = await caller.book({ ...booking, slot: [{ reference: "Slot/999999" }] });
    expect([unknown.status, codeOf(unknown)]).toEqual([422, "INVALID_RESOURCE"]);
    expect(unknown.json.issue[0].details.coding[0].display).toBe("INVALID_RESOURCE");
    const missing = await readAppointment(caller, "999999");
    expect([missing.status, missing.json.issue[0].code]).toEqual([404, "invalid"]);
    await caller.book(booking);
    const taken = await caller.book(booking);
    expect([taken.status, taken.json.issue[0].code]).toEqual([409, "conflict"]);
    const malformed = await caller.book("{");
    expect([malformed.status, codeOf(malformed)]).toEqual([422, "INVALID_RESOURCE"]);
  });

  it("excludes the last day of an end date without a time", async () => {
    const caller = await practice();
    const days = async (to: string) =>
      new Set(
        resourcesOf((await caller.slots("2026-01-15", to)).json, "Slot").map(({ start }) =>
          start.slice(0, 10),
        ),
      );
    expect(await days("2026-01-16")).toEqual(new Set(["2026-01-15"]));
  });

  it("books slots with a gap between them, because only channel and type are compared", async () => {
    const caller = await practice();
    const { json } = await caller.slots(FROM, TO);
    const slots = resourcesOf(json, "Slot");
    const kind = (slot: Json) => JSON.stringify([slot.serviceType, slot.extension.at(-1)]);
    const pair = slots.flatMap((one) =>
      slots
        .filter((other) => other.start > one.end && kind(other) === kind(one))
        .map((other) => [one, other]),
    )[0];
    const booking = bookingOf(json, pair as Json[], await caller.patientId(PATIENT));
    expect((await caller.book(booking)).status).toBe(201);
  });

  it("books and reads an appointment that has begun", async () => {
    const caller = await practice();
    const { booking } = await preparedBooking(caller, PATIENT);
    under.clock.ms = Date.parse(booking.start) + 1000;
    const reply = await caller.book(booking);
    expect(reply.status).toBe(201);
    expect((await readAppointment(caller, reply.json.id)).status).toBe(200);
  });

  it("does not store the organisation type of the booking organisation", async () => {
    const caller = await practice();
    const { booking } = await preparedBooking(caller, PATIENT);
    const type = [{ coding: [{ code: "gp-practice" }] }];
    const reply = await caller.book({ ...booking, contained: [{ ...booking.contained[0], type }] });
    expect(reply.status).toBe(201);
    expect(reply.json.contained[0]).not.toHaveProperty("type");
  });

  it("returns an Organization without slots when all slots of the range are taken", async () => {
    const caller = await practice();
    const { slot } = await preparedBooking(caller, PATIENT);
    const slots = under.sandbox.practices.get("T81010")?.slots;
    slots?.take(slots.ofDate(slot.start.slice(0, 10)));
    const day = slot.start.slice(0, 10);
    const { json } = await caller.slots(`${day}T08:00:00+00:00`, `${day}T18:00:00+00:00`);
    expect(json.entry.map(({ resource }: Json) => resource.resourceType)).toEqual(["Organization"]);
  });

  it("lists the practitioner before the location and uses the value set as role system", async () => {
    const { json } = await (await practice()).slots(FROM, TO);
    for (const schedule of resourcesOf(json, "Schedule")) {
      expect(schedule.actor[0].reference).toMatch(/^Practitioner\//);
      const [{ system }] = schedule.extension[0].valueCodeableConcept.coding;
      expect(system).toBe("https://fhir.nhs.uk/STU3/ValueSet/GPConnect-PractitionerRole-1");
    }
  });

  it("returns 200 with an OperationOutcome for a PUT whose body has another id", async () => {
    const caller = await practice();
    const { booking } = await preparedBooking(caller, PATIENT);
    const { json: booked } = await caller.book(booking);
    const reply = await caller.put("update", { ...booked, id: "999999" }, booked.meta.versionId, {
      path: `Appointment/${booked.id}`,
    });
    expect([reply.status, reply.json.resourceType]).toEqual([200, "OperationOutcome"]);
  });

  it("refuses a request without any media type with 415", async () => {
    const caller = await practice();
    expect((await caller.metadata({ withoutHeaders: ["accept"] })).status).toBe(415);
    const strict = await under.caller("T81001");
    expect((await strict.metadata({ withoutHeaders: ["accept"] })).status).toBe(200);
  });
});

describe("a practice that appends the comment to the description", () => {
  const under = useSandbox();

  it("stores one text and returns it without a comment", async () => {
    const caller = await under.caller("T81011");
    const { booking } = await preparedBooking(caller, "9990000247", { comment: "Left one" });
    const { json: booked } = await caller.book(booking);
    expect(booked.description).toBe("Sore knee Left one");
    expect(booked).not.toHaveProperty("comment");
    const { json: reread } = await readAppointment(caller, booked.id);
    expect(reread.description).toBe("Sore knee Left one");
  });

  it("appends the comment of an amendment as well", async () => {
    const caller = await under.caller("T81011");
    const { booking } = await preparedBooking(caller, "9990000247");
    const { json: booked } = await caller.book(booking);
    const reply = await caller.put("update", { ...booked, description: "Sore elbow", comment: "Right" }, "1");
    expect(reply.json.description).toBe("Sore elbow Right");
    expect(reply.json).not.toHaveProperty("comment");
  });
});

describe("a 1.2.8 practice with service filtering", () => {
  const DOS_SYSTEM = "https://fhir.nhs.uk/Id/uec-dos-service-id";
  const under = useSandbox({ practiceProfiles: { T81001: "service-filtering-1.2.8" } });
  const WITH_SERVICES = "&_include:recurse=Schedule:actor:HealthcareService";
  const services = (caller: Caller, path: string, kind = "search") =>
    caller.call({ interaction: `rest:${kind}:healthcareservice-1`, scope: "organization/*.read", path });

  it("states version, HealthcareService and the filtering status in its capability statement", async () => {
    const { json } = await (await under.caller("T81012")).metadata();
    expect(json.version).toBe("1.2.8");
    expect(json.extension).toEqual([
      { url: expect.stringContaining("Extension-GPConnect-ServiceFilteringStatus-1"), valueCode: "enabled" },
    ]);
    const types = json.rest[0].resource.map(({ type }: Json) => type);
    expect(types).toContain("HealthcareService");
    const { json: strict } = await (await under.caller("T81102")).metadata();
    expect(strict.rest[0].resource.map(({ type }: Json) => type)).not.toContain("HealthcareService");
  });

  it("returns only the slots of the requested service, and the filtering status", async () => {
    const caller = await under.caller();
    const filter = `${WITH_SERVICES}&service.identifier=${encodeURIComponent(`${DOS_SYSTEM}|2000099999`)}`;
    const { json } = await caller.slots(FROM, TO, filter);
    expect(json.meta.extension[0].valueCode).toBe("enabled");
    const slots = resourcesOf(json, "Slot");
    expect(slots.length).toBeGreaterThan(0);
    for (const slot of slots) expect(slot.serviceType).toEqual([{ text: "Medication Review" }]);
    expect(resourcesOf(json, "HealthcareService")).toHaveLength(1);
    const all = await caller.slots(FROM, TO);
    expect(all.json.meta).not.toHaveProperty("extension");
    expect(resourcesOf(all.json, "Slot").length).toBeGreaterThan(slots.length);
  });

  it("refuses a search for an unknown service with 404", async () => {
    const caller = await under.caller();
    const filter = `&service.identifier=${encodeURIComponent(`${DOS_SYSTEM}|1`)}`;
    const reply = await caller.slots(FROM, TO, filter);
    expect([reply.status, codeOf(reply)]).toEqual([404, "NO_RECORD_FOUND"]);
  });

  it("finds one, no and all healthcare services, and reads them by id", async () => {
    const caller = await under.caller();
    const found = async (query: string) =>
      resourcesOf((await services(caller, `HealthcareService${query}`)).json, "HealthcareService");
    const [service] = await found("");
    expect(await found(`?identifier=${DOS_SYSTEM}%7C2000099999`)).toEqual([service]);
    expect(await found(`?identifier=${DOS_SYSTEM}%7C1`)).toEqual([]);
    expect((await services(caller, "HealthcareService/service-1", "read")).json).toEqual(service);
    expect((await services(caller, "HealthcareService/nothing", "read")).status).toBe(404);
    expect((await services(caller, "HealthcareService/", "read")).status).toBe(400);
  });

  it("accepts the service of the schedule as a participant and refuses another", async () => {
    const caller = await under.caller();
    const response = (await caller.slots(FROM, TO)).json;
    const ofService = (one: Json) => one.reference.startsWith("HealthcareService/");
    const schedule = resourcesOf(response, "Schedule").find((one) => one.actor.some(ofService));
    const isItsOwn = (slot: Json) => slot.schedule.reference === `Schedule/${schedule?.id}`;
    const slot = resourcesOf(response, "Slot").find(isItsOwn);
    const plain = bookingOf(response, [slot as Json], await caller.patientId("9000000009"));
    const others = plain.participant.filter(({ actor }: Json) => !ofService(actor));
    const withServices = (...ids: string[]) => ({
      ...plain,
      participant: [
        ...others,
        ...ids.map((id) => ({ actor: { reference: `HealthcareService/${id}` }, status: "accepted" })),
      ],
    });
    const refused = async (...ids: string[]) => codeOf(await caller.book(withServices(...ids)));
    expect(await refused("service-2")).toBe("INVALID_RESOURCE");
    expect(await refused("service-1", "service-1")).toBe("INVALID_RESOURCE");
    const booked = await caller.book(withServices("service-1"));
    expect(booked.status).toBe(201);
    expect(booked.json.participant).toEqual(withServices("service-1").participant);
  });

  it("exists in the directory with the interactions of HealthcareService, which a 1.2.7 practice lacks", async () => {
    const caller = await under.caller("T81102");
    // The proxy knows no such registration, so the request does not reach the practice.
    expect((await services(caller, "HealthcareService")).status).toBe(403);
  });
});

describe("faults around the commit", () => {
  const under = useSandbox();
  const subject = { service: "PRACTICE", odsCode: "T81001", interaction: CREATE } as const;
  const appointments = () => under.sandbox.practices.get("T81001")?.appointments.size;

  it("commit late: the caller gets the response at once and the booking takes effect when released", async () => {
    const caller = await under.caller();
    const { booking } = await preparedBooking(caller, "9000000009");
    const before = Number(appointments());
    const hold = under.sandbox.hold(subject);
    under.sandbox.faults.add({ ...subject, times: 1, kind: { lateCommit: { response: { status: 504 } } } });
    expect((await caller.book(booking)).status).toBe(504);
    await hold.waiting();
    expect(appointments()).toBe(before);
    hold.release();
    while (appointments() === before) await new Promise(setImmediate);
    expect(appointments()).toBe(before + 1);
  });

  it("respond after the commit with an error although the booking stands", async () => {
    const caller = await under.caller();
    const { slot, booking } = await preparedBooking(caller, "9000000009");
    under.sandbox.faults.add({ ...subject, times: 1, kind: { afterCommit: { status: 500 } } });
    expect((await caller.book(booking)).status).toBe(500);
    expect(isFree(under.sandbox, slot.id)).toBe(false);
  });

  it("cannot commit late at a service without commits", () => {
    const kind = { lateCommit: { response: "reset" } } as const;
    expect(() => under.sandbox.faults.add({ service: "PDS", kind })).toThrow(RangeError);
  });

  it("are listed with their remaining uses", () => {
    under.sandbox.faults.add({ ...subject, kind: "reset", times: 2 });
    expect(under.sandbox.faults.list()).toEqual([
      { id: expect.any(String), ...subject, kind: "reset", times: 2, remaining: 2 },
    ]);
  });
});
