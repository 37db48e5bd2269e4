import type { NhsNumber } from "../../src/domain/nhs-number.js";
import type { PatientRecord } from "../../src/domain/patient.js";
import {
  currentPractice,
  isDeceased,
  isSensitive,
  isTraceTooOld,
  livenessGate,
  registrationGate,
  sensitivityGate,
} from "../../src/domain/patient-gates.js";

const HOUR_MS = 3_600_000;
const NOW = Date.parse("2026-11-23T09:00:00Z");
const record = (facts: object = {}) =>
  ({
    nhsNumber: "9990000018" as NhsNumber,
    confidentiality: "U",
    tracedAt: NOW,
    ...facts,
  }) as unknown as PatientRecord;

describe("the patient is dead", () => {
  test.each<[object, boolean]>([
    [{}, false],
    [{ deceased: false }, false],
    [{ deceased: true }, true],
    [{ deceasedAt: "2026-01-01" }, true],
    [{ deceasedAt: "2026-01-01", deceased: false }, true],
    [{ deathNotification: "1" }, true],
    [{ deathNotification: "2" }, true],
    [{ deathNotification: "U" }, false],
  ])("by %j: %s", (facts, expected) => {
    expect(isDeceased(record(facts))).toBe(expected);
    expect(livenessGate(record(facts), NOW)).toEqual(
      expected ? { gate: "G8", publicReason: "DECEASED", auditReason: "DECEASED" } : undefined,
    );
  });
});

test.each(["R", "V", "REDACTED", "N", "", "u", undefined])(
  "the confidentiality %j closes the gate",
  (confidentiality) => {
    expect(isSensitive(record({ confidentiality }))).toBe(true);
    expect(sensitivityGate(record({ confidentiality }))).toEqual({
      gate: "G9",
      publicReason: "ACCESS_NOT_AVAILABLE",
      auditReason: "SENSITIVE",
    });
  },
);

test("an unrestricted patient passes the gate of sensitive patients", () => {
  expect(sensitivityGate(record())).toBeUndefined();
});

describe("the age of a trace", () => {
  test("exactly 24 hours are allowed, and not a millisecond more", () => {
    expect(isTraceTooOld(record(), NOW + 24 * HOUR_MS)).toBe(false);
    expect(isTraceTooOld(record(), NOW + 24 * HOUR_MS + 1)).toBe(true);
  });

  test("is told before a death, which an old trace may not know", () => {
    expect(livenessGate(record({ deceased: true }), NOW + 25 * HOUR_MS)).toEqual({
      gate: "G7",
      publicReason: "TRACE_TOO_OLD",
      auditReason: "TRACE_TOO_OLD",
    });
  });
});

describe("the registered practice", () => {
  test.each<[string, object | undefined, string | undefined]>([
    ["none", undefined, undefined],
    ["one without a period", { odsCode: "T81001" }, "T81001"],
    ["one that has ended", { odsCode: "T81001", period: { end: "2026-11-22" } }, undefined],
    ["one that has not begun", { odsCode: "T81001", period: { start: "2026-11-24" } }, undefined],
    ["one in force", { odsCode: "T81001", period: { start: "2020-01-01", end: "2026-11-23" } }, "T81001"],
  ])("%s", (_what, registeredPractice, expected) => {
    expect(currentPractice(record({ registeredPractice }), "2026-11-23")).toBe(expected);
    expect(registrationGate(record({ registeredPractice }), "2026-11-23")).toEqual(
      expected === undefined
        ? { gate: "G10", publicReason: "ACCESS_NOT_AVAILABLE", auditReason: "NO_PRACTICE" }
        : undefined,
    );
  });
});
