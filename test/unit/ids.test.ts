import { createHmac } from "node:crypto";
import type { NhsNumber } from "../../src/domain/nhs-number.js";
import type { OdsCode } from "../../src/domain/ods-code.js";
import { createKeyring, createKeyrings, type Keyrings } from "../../src/platform/crypto/keyring.js";
import { createAppointmentIds } from "../../src/platform/ids/appointment-id.js";
import { createSlotIds, type SlotReference } from "../../src/platform/ids/slot-id.js";

const [OLD, NEW, FOREIGN] = ["old-", "new-", "foreign-"].map((name) => name.repeat(10)) as [
  string,
  string,
  string,
];

const slot: SlotReference = {
  odsCode: "T81001" as OdsCode,
  slotId: "1584",
  scheduleId: "14",
  start: "2026-11-24T09:00:00+00:00",
  end: "2026-11-24T09:10:00+00:00",
  deliveryChannel: "In-person",
  serviceType: "General",
  locationId: "17",
  practitionerId: "2",
  organisationType: "gp-practice",
};
const bare: SlotReference = {
  ...slot,
  deliveryChannel: undefined,
  serviceType: undefined,
  practitionerId: undefined,
  organisationType: undefined,
};
const appointment = {
  odsCode: "T81001" as OdsCode,
  appointmentId: "9",
  nhsNumber: "9000000009" as NhsNumber,
};

const both = (keyrings: Keyrings) => ({
  slots: createSlotIds(...keyrings),
  appointments: createAppointmentIds(...keyrings),
});

/** A generator of numbers below a bound, the same for the same seed (mulberry32). */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const served: SlotReference = { ...slot, healthcareServiceId: "h1" };

// Proves GPC-STR-TST-GEN-24, GPC-SFS-1.4.
test.each([slot, bare, served])("a slot id contains everything that a booking needs", (reference) => {
  const ids = createSlotIds(createKeyring(OLD));

  expect(ids.decode(ids.encode(reference))).toEqual(reference);
});

test("a slot id without a service has the earlier form, which is still read", () => {
  const ids = createSlotIds(createKeyring(OLD));
  const partsOf = (id: string) => JSON.parse(Buffer.from(id.split(".")[1] ?? "", "base64url").toString());

  expect(partsOf(ids.encode(slot))).toEqual(Object.values(slot));
  expect(ids.encode({ ...slot, healthcareServiceId: undefined })).toBe(ids.encode(slot));
  expect(ids.decode(ids.encode(slot))).not.toHaveProperty("healthcareServiceId");
  expect(partsOf(ids.encode(served))).toEqual([...Object.values(slot), "h1"]);
});

test("an appointment id carries the patient's logical id, and one without it is still read", () => {
  const ids = createAppointmentIds(createKeyring(OLD));
  const known = { ...appointment, patientId: "patient-7" };

  expect(ids.decode(ids.encode(known))).toEqual(known);
  expect(ids.decode(ids.encode(appointment))).toEqual(appointment);
});

// Proves GPC-STR-TST-GEN-02, GPC-STR-TST-GEN-24.
test("an appointment id is the same for the same appointment, and shows nothing of the patient", () => {
  const [one, other] = [createAppointmentIds(createKeyring(OLD)), createAppointmentIds(createKeyring(OLD))];
  const id = one.encode(appointment);

  expect(other.encode(appointment)).toBe(id);
  expect(other.decode(id)).toEqual(appointment);
  expect(Buffer.from(id.slice(3), "base64url").toString("latin1")).not.toContain(appointment.nhsNumber);
  expect(one.encode({ ...appointment, appointmentId: "10" })).not.toBe(id);
});

describe("rotation of the signing key", () => {
  const before = both(createKeyrings([OLD]));
  const changing = both(createKeyrings([NEW, OLD]));

  test("slot ids are signed with the first key, and read with every key", () => {
    expect(changing.slots.decode(before.slots.encode(slot))).toEqual(slot);
    expect(createSlotIds(createKeyring(NEW)).decode(changing.slots.encode(slot))).toEqual(slot);
    expect(before.slots.decode(changing.slots.encode(slot))).toBeUndefined();
  });

  test("appointment ids are created with the last key, so they do not change, and read with every key", () => {
    expect(changing.appointments.encode(appointment)).toBe(before.appointments.encode(appointment));
    expect(changing.appointments.decode(before.appointments.encode(appointment))).toEqual(appointment);
    const byNew = createAppointmentIds(createKeyring(NEW)).encode(appointment);
    expect(changing.appointments.decode(byNew)).toEqual(appointment);
  });

  test("ids of a removed key are refused", () => {
    const after = both(createKeyrings([NEW]));

    expect(after.slots.decode(before.slots.encode(slot))).toBeUndefined();
    expect(after.appointments.decode(before.appointments.encode(appointment))).toBeUndefined();
  });
});

describe("ids that we did not create are refused", () => {
  const { slots, appointments } = both(createKeyrings([OLD]));
  const foreign = both(createKeyrings([FOREIGN]));
  const slotId = slots.encode(slot);
  const appointmentId = appointments.encode(appointment);
  const refused = (id: string) => {
    expect(slots.decode(id)).toBeUndefined();
    expect(appointments.decode(id)).toBeUndefined();
  };

  test("ids of another deployment", () => {
    refused(foreign.slots.encode(slot));
    refused(foreign.appointments.encode(appointment));
  });

  test("an id of one kind in place of the other", () => {
    expect(appointments.decode(slotId)).toBeUndefined();
    expect(slots.decode(appointmentId)).toBeUndefined();
    refused(slotId.replace(/^s1/, "a1"));
    refused(appointmentId.replace(/^a1/, "s1"));
  });

  test.each([
    "",
    " ",
    "s1",
    "s1.",
    "s1..",
    "a1",
    "a1.",
    "9000000009",
    "null",
    "undefined",
    "__proto__",
    "s1.e30.e30",
  ])("%p", refused);

  test("ids of an unknown version", () => {
    refused(slotId.replace(/^s1/, "s2"));
    refused(appointmentId.replace(/^a1/, "a2"));
  });

  test("ids with any character removed, added or doubled", () => {
    for (const id of [slotId, appointmentId]) {
      for (let length = 0; length < id.length; length += 1) {
        refused(id.slice(0, length));
        refused(id.slice(length + 1));
        refused(id.slice(0, length) + id.slice(length + 1));
        refused(`${id.slice(0, length)}A${id.slice(length)}`);
      }
      for (const end of ["=", "A", " ", "\n", ".", "\u0000"]) refused(id + end);
    }
  });

  test("ids with any single character changed", () => {
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
    for (const id of [slotId, appointmentId]) {
      for (let at = 0; at < id.length; at += 1) {
        for (const letter of alphabet) {
          if (letter !== id[at]) refused(id.slice(0, at) + letter + id.slice(at + 1));
        }
      }
    }
  });

  test("ten thousand mutations of a fixed seed", () => {
    const pick = seeded(20_261_123);
    const known = new Set([slotId, appointmentId]);
    const pieces = [
      slotId,
      appointmentId,
      foreign.slots.encode(slot),
      "s1.",
      "a1.",
      "\u{1f48a}",
      "%00",
      "../",
      "{}",
    ];
    for (let round = 0; round < 10_000; round += 1) {
      let id = pieces[pick(2)] ?? "";
      for (let edits = 1 + pick(4); edits > 0; edits -= 1) {
        const at = pick(id.length + 1);
        const other = pieces[pick(pieces.length)] ?? "";
        const from = pick(other.length);
        id = id.slice(0, at) + other.slice(from, from + 1 + pick(8)) + id.slice(at + pick(6));
      }
      if (!known.has(id)) refused(id);
    }
  });

  test("random ids of the right form", () => {
    const pick = seeded(7);
    const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const random = (length: number) => Array.from({ length }, () => letters[pick(64)]).join("");
    for (let round = 0; round < 2_000; round += 1) {
      refused(`s1.${random(1 + pick(300))}.${random(22)}`);
      refused(`a1.${random(24 + pick(100))}`);
    }
  });
});

test("a slot id is signed with the first 16 bytes of an HMAC-SHA-256", () => {
  const ids = createSlotIds(createKeyring(OLD));
  const key = createKeyring(OLD).derive("slot ids");

  for (let number = 0; number < 200; number += 1) {
    const [version, content, signature] = ids.encode({ ...slot, slotId: `slot "${number}" é` }).split(".");
    const expected = createHmac("sha256", key).update(`${version}.${content}`).digest().subarray(0, 16);
    expect(signature).toBe(expected.toString("base64url"));
  }
});
