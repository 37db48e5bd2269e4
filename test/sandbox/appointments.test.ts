import { bookingOf, resourcesOf } from "./support/bundles.js";
import type { Caller } from "./support/caller.js";
import { useSandbox } from "./support/use-sandbox.js";
import { codeOf, type Json, type WireResponse } from "./support/wire.js";

const REASON =
  "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-GPConnect-AppointmentCancellationReason-1";

function cancelled(appointment: Json, valueString = "Feels better"): Json {
  return {
    ...appointment,
    status: "cancelled",
    extension: [...appointment.extension, { url: REASON, valueString }],
  };
}

describe("a patient's appointments", () => {
  const under = useSandbox();

  async function booked(): Promise<{ caller: Caller; appointment: Json; patientId: string }> {
    const caller = await under.caller();
    const { json } = await caller.slots("2026-01-15", "2026-01-27");
    const patientId = await caller.patientId("9000000009");
    const reply = await caller.book(bookingOf(json, [resourcesOf(json, "Slot")[0]], patientId));
    return { caller, appointment: reply.json, patientId };
  }

  function read(caller: Caller, id: string): Promise<WireResponse> {
    return caller.call({
      interaction: "rest:read:appointment-1",
      scope: "patient/*.read",
      path: `Appointment/${id}`,
    });
  }

  it("are listed within the range, including cancelled ones", async () => {
    const { caller, appointment, patientId } = await booked();
    const listed = await caller.appointments(patientId, "2026-01-14", "2026-02-14");
    expect(resourcesOf(listed.json, "Appointment")).toContainEqual(appointment);
    await caller.put("cancel", cancelled(appointment), "1");
    const after = await caller.appointments(patientId, "2026-01-14", "2026-02-14");
    expect(resourcesOf(after.json, "Appointment").find(({ id }) => id === appointment.id).status).toBe(
      "cancelled",
    );
    const other = await caller.patientId("9990000018");
    expect(
      resourcesOf((await caller.appointments(other, "2026-01-14", "2026-02-14")).json, "Appointment"),
    ).toEqual([]);
    const later = await caller.appointments(patientId, "2026-02-01", "2026-02-14");
    expect(resourcesOf(later.json, "Appointment")).toEqual([]);
  });

  // Proves GPC-RPAS-2.
  it.each([
    ["yesterday", "start=ge2026-01-13&start=le2026-02-01"],
    ["an end before the start", "start=ge2026-01-20&start=le2026-01-19"],
    ["a time", "start=ge2026-01-14T00:00:00%2B00:00&start=le2026-02-01"],
    ["one start", "start=ge2026-01-14"],
    ["three starts", "start=ge2026-01-14&start=le2026-02-01&start=le2026-02-02"],
    ["a wrong prefix", "start=ge2026-01-14&start=lt2026-02-01"],
  ])("refuse a range with %s", async (_case, query) => {
    const caller = await under.caller();
    const path = `Patient/${await caller.patientId("9000000009")}/Appointment?${query}`;
    const reply = await caller.appointments("", "", "", { path });
    expect([reply.status, codeOf(reply)]).toEqual([422, "INVALID_PARAMETER"]);
  });

  it("are refused for an unknown patient", async () => {
    const caller = await under.caller();
    expect(codeOf(await caller.appointments("999999", "2026-01-14", "2026-02-01"))).toBe("PATIENT_NOT_FOUND");
  });

  it("can be read until they begin", async () => {
    const { caller, appointment } = await booked();
    const reply = await read(caller, appointment.id);
    expect([reply.status, reply.json, reply.headers.etag]).toEqual([200, appointment, 'W/"1"']);
    expect(codeOf(await read(caller, "999999"))).toBe("NO_RECORD_FOUND");
    under.clock.ms = Date.parse(appointment.start);
    expect((await read(caller, appointment.id)).status).toBe(422);
  });

  // Proves GPC-CPA-3, GPC-CPA-4, GPC-CPA-6.
  it("are cancelled with a reason, which frees the slot", async () => {
    const { caller, appointment } = await booked();
    const reply = await caller.put("cancel", cancelled(appointment), "1");
    expect([reply.status, reply.json.status, reply.headers.etag]).toEqual([200, "cancelled", 'W/"2"']);
    expect(reply.json.meta.versionId).toBe("2");
    const slotId = appointment.slot[0].reference.replace("Slot/", "");
    const { json } = await caller.slots("2026-01-15", "2026-01-27");
    expect(resourcesOf(json, "Slot").map(({ id }) => id)).toContain(slotId);
    const again = await caller.put("cancel", cancelled(appointment), "2");
    expect([again.status, codeOf(again)]).toEqual([422, "INVALID_RESOURCE"]);
  });

  // Proves GPC-APA-4, GPC-APA-5.
  it("are amended in description and comment only", async () => {
    const { caller, appointment } = await booked();
    const amended = { ...appointment, description: "Sore elbow", comment: "Left one" };
    const reply = await caller.put("update", amended, "1");
    expect(reply.status).toBe(200);
    expect(reply.json).toMatchObject({
      description: "Sore elbow",
      comment: "Left one",
      meta: { versionId: "2" },
    });
    const reread = await read(caller, appointment.id);
    expect(reread.json).toEqual(reply.json);
  });

  // Proves GPC-APA-6, GPC-CPA-8.
  it.each([
    ["update", "another end", (one: Json) => ({ ...one, end: "2026-01-15T18:00:00+00:00" })],
    ["update", "a participant missing", (one: Json) => ({ ...one, participant: one.participant.slice(1) })],
    ["update", "the booking organisation changed", (one: Json) => ({ ...one, contained: [] })],
    ["update", "a long description", (one: Json) => ({ ...one, description: "x".repeat(101) })],
    ["update", "the cancelled status", (one: Json) => cancelled(one)],
    ["cancel", "the booked status", (one: Json) => one],
    ["cancel", "no reason", (one: Json) => ({ ...one, status: "cancelled" })],
    ["cancel", "the description changed", (one: Json) => ({ ...cancelled(one), description: "Other" })],
  ] as const)("refuse to %s with %s", async (kind, _case, change) => {
    const { caller, appointment } = await booked();
    const reply = await caller.put(kind, change(appointment), "1");
    expect([reply.status, codeOf(reply)]).toEqual([422, "INVALID_RESOURCE"]);
  });

  it("cannot be cancelled with an empty reason", async () => {
    const { caller, appointment } = await booked();
    const reply = await caller.put("cancel", cancelled(appointment, ""), "1");
    expect([reply.status, codeOf(reply)]).toEqual([422, "INVALID_PARAMETER"]);
  });

  it("can be changed only with the current version", async () => {
    const { caller, appointment } = await booked();
    const amended = { ...appointment, description: "Sore elbow" };
    expect((await caller.put("update", amended, undefined)).status).toBe(400);
    expect((await caller.put("update", amended, undefined, { headers: { "if-match": "1" } })).status).toBe(
      409,
    );
    expect((await caller.put("update", amended, "1")).status).toBe(200);
    const stale = await caller.put("update", amended, "1");
    expect([stale.status, codeOf(stale)]).toEqual([409, "FHIR_CONSTRAINT_VIOLATION"]);
  });

  // Proves GPC-CPA-8.
  it("cannot be changed after they have begun", async () => {
    const { caller, appointment } = await booked();
    under.clock.ms = Date.parse(appointment.start);
    const reply = await caller.put("cancel", cancelled(appointment), "1");
    expect([reply.status, codeOf(reply)]).toEqual([422, "INVALID_RESOURCE"]);
  });

  it("cannot be changed with the body of another id", async () => {
    const { caller, appointment } = await booked();
    const reply = await caller.put("update", { ...appointment, id: "1" }, "1", {
      path: `Appointment/${appointment.id}`,
    });
    expect([reply.status, codeOf(reply)]).toEqual([422, "INVALID_RESOURCE"]);
  });
});
