import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createKeyrings } from "../../src/platform/crypto/keyring.js";
import { type AppointmentReference, createAppointmentIds } from "../../src/platform/ids/appointment-id.js";
import { createSlotIds, type SlotReference } from "../../src/platform/ids/slot-id.js";

/** Ids as the version in the file's name wrote them. Never change one; add a file for each released format. */
const { secret, slots, appointments } = JSON.parse(
  readFileSync(join(__dirname, "ids-0.1.0.json"), "utf8"),
) as {
  secret: string;
  slots: { id: string; reference: SlotReference }[];
  appointments: { id: string; reference: AppointmentReference }[];
};
const keyrings = createKeyrings([secret]);
const slotIds = createSlotIds(...keyrings);
const appointmentIds = createAppointmentIds(...keyrings);

test("slot ids of the version before mean the same slots", () => {
  expect(slots.length).toBeGreaterThan(0);
  for (const { id, reference } of slots) expect(slotIds.decode(id)).toEqual(reference);
});

test("appointment ids of the version before mean the same appointments, and are still the ids that we create", () => {
  expect(appointments.length).toBeGreaterThan(0);
  for (const { id, reference } of appointments) {
    expect(appointmentIds.decode(id)).toEqual(reference);
    expect(appointmentIds.encode(reference)).toBe(id);
  }
});

test("the content of an id under another version mark is refused, not misread", () => {
  for (const { id } of slots) expect(slotIds.decode(id.replace(/^s1/, "s2"))).toBeUndefined();
  for (const { id } of appointments) expect(appointmentIds.decode(id.replace(/^a1/, "a2"))).toBeUndefined();
  for (const { id } of slots) expect(appointmentIds.decode(id.replace(/^s1/, "a1"))).toBeUndefined();
});
