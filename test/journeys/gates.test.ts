import { registerPatient } from "../../src/journeys/register/register-patient.js";
import { upstreamError } from "../../src/upstreams/upstream-errors.js";
import {
  type HarnessOptions,
  OTHER_PATIENT,
  PATIENT,
  PRACTICE,
  patient,
  testCaller,
} from "./command-harness.js";
import { PATIENT_GATES } from "./gate-cases.js";
import { ALL, ASK, answerOf, BY_NUMBER, benchWith, HOUR_MS, withRecord } from "./gate-kit.js";

/**
 * The gates of the assurance notes, section 2.1, for every operation: the answer, the one audit record, and that no
 * later call left. G1 is the server's: see test/server/auth-operations.test.ts.
 */

// Proves GPC-FOU-FPA-01/5, GPC-FOU-FPA-01/6, GPC-STR-TST-GEN-05, GPC-STR-TST-GEN-09, GPC-STR-TST-GEN-10,
// GPC-CORE02(1), GPC-CORE03, GPC-CORE04, GPC-CORE06, GPC-CORE07, GPC-CORE08, GPC-IG10, GPC-CC-1,
// GPC-AMUS-IG-1, GPC-AMUS-PRE-1, HAZ-STALE, HAZ-REVEALED, GPC-STR-TST-GEN-02.
describe.each(PATIENT_GATES)("$gate is closed: $what", ({ gate, operations, options, ...expected }) => {
  test.each(operations.map((operation) => ({ operation })))("$operation", async ({ operation }) => {
    const harness = benchWith(options);

    const answer = await answerOf(ASK[operation](harness, expected.verify));

    expect(answer).toBe(typeof expected.answer === "string" ? expected.answer : expected.answer[operation]);
    expect(harness.calls).toEqual(expected.calls);
    expect(harness.events).toEqual([
      {
        operation: "gate",
        outcome: "BLOCKED",
        gate,
        reason: expected.audited,
        nhsNumber: PATIENT,
        odsCode: undefined,
      },
    ]);
    expect(harness.practice.writes).toEqual([]);
  });
});

// Proves GPC-IG2, GPC-STR-TST-GEN-05.
describe("G2: the caller may ask about others only", () => {
  test.each(ALL)("%s: refused before any call, with one record", async (operation) => {
    const harness = benchWith();
    const { context } = harness;
    const caller = { ...testCaller, patients: [OTHER_PATIENT] };
    harness.context = (call) => context.call(harness, { caller, ...call });

    expect(await answerOf(ASK[operation](harness))).toBe("NO_RELATIONSHIP");
    expect(harness.calls).toEqual([]);
    expect(harness.events).toMatchObject([
      { outcome: "BLOCKED", gate: "G2", reason: "NO_RELATIONSHIP", nhsNumber: PATIENT },
    ]);
  });
});

// Proves GPC-FOU-FPA-01/8, GPC-FOU-REG-01/5, GPC-STR-TST-GEN-05, GPC-CC-1, GPC-AMUS-PRE.
describe("G3: the form of the number", () => {
  test.each(BY_NUMBER)(
    "%s: refused before any call, and the mistyped number is not recorded",
    async (operation) => {
      const harness = benchWith();
      const ask = {
        book: () => harness.book({ nhsNumber: "9000000008" }),
        register: () => registerPatient({ nhsNumber: "9000000008", odsCode: PRACTICE }, harness.context()),
      }[operation as "book" | "register"];

      expect(await answerOf(ask())).toBe("BAD_USER_INPUT input.nhsNumber");
      expect(harness.calls).toEqual([]);
      expect(harness.events).toMatchObject([
        { gate: "G3", reason: "NHS_NUMBER_MALFORMED", nhsNumber: undefined },
      ]);
    },
  );
});

describe("G4: PDS cannot be asked", () => {
  test.each(ALL)("%s: the gate fails closed, as an error", async (operation) => {
    const down = upstreamError({ service: "PDS", code: "UPSTREAM_UNAVAILABLE", retryable: true });
    const harness = benchWith({ pds: () => Promise.reject(down) });

    expect(await answerOf(ASK[operation](harness))).toBe("UPSTREAM_UNAVAILABLE");
    expect(harness.calls).toEqual(["PDS"]);
  });
});

// Proves GPC-CORE05.
test("G5: a superseded number goes on with the current one, which alone is sent", async () => {
  const harness = benchWith({
    pds: (asked, clock) => ({
      kind: "found",
      record: patient(PATIENT, clock, { requestedNhsNumber: asked }),
    }),
  });

  const outcome = await harness.book({ nhsNumber: "9990000034" });

  expect(outcome).toMatchObject({ kind: "booked", appointment: { nhsNumber: PATIENT } });
});

// Proves GPC-STR-TST-GEN-06, GPC-CORE01, GPC-AMUS-IG-1, HAZ-STALE.
describe("G7: the age of the trace", () => {
  const tracedOnce = (ms: number): HarnessOptions => {
    let asked = 0;
    return {
      pds: (nhsNumber, clock) => {
        asked += 1;
        const facts = asked === 1 ? { tracedAt: clock.now() - ms } : {};
        return { kind: "found", record: patient(nhsNumber, clock, facts) };
      },
    };
  };

  test("23 hours and 59 minutes are young enough", async () => {
    const harness = benchWith(tracedOnce(24 * HOUR_MS - 60_000));

    expect(await harness.book()).toMatchObject({ kind: "booked" });
    expect(harness.calls.filter((call) => call === "PDS")).toHaveLength(1);
  });

  test("24 hours and a minute are traced again, silently", async () => {
    const harness = benchWith(tracedOnce(24 * HOUR_MS + 60_000));

    expect(await harness.book()).toMatchObject({ kind: "booked" });
    expect(harness.calls.filter((call) => call === "PDS")).toHaveLength(2);
    expect(harness.events).toEqual([]);
  });

  test("a trace of 24 hours and a minute, and PDS is down: the gate is closed", async () => {
    let asked = 0;
    const harness = benchWith({
      pds: (nhsNumber, clock) => {
        asked += 1;
        if (asked > 1) throw upstreamError({ service: "PDS", code: "UPSTREAM_TIMEOUT", retryable: true });
        return { kind: "found", record: patient(nhsNumber, clock, { tracedAt: clock.now() - 25 * HOUR_MS }) };
      },
    });

    expect(await harness.book()).toMatchObject({ kind: "patient-not-eligible", code: "TRACE_TOO_OLD" });
    expect(harness.calls).toEqual(["PDS", "PDS"]);
    expect(harness.events).toMatchObject([{ gate: "G7", reason: "TRACE_TOO_OLD" }]);
  });
});

describe("G10: a patient without a practice, where that is allowed", () => {
  const rules = { allowBookingWithoutPractice: true };

  test("is booked and registered elsewhere", async () => {
    const harness = benchWith({ ...withRecord({ registeredPractice: undefined }), rules });

    expect(await ASK.book(harness)).toMatchObject({ kind: "booked" });
    expect(await ASK.register(harness)).toMatchObject({ kind: "already-registered" });
  });

  test("a sensitive one is not", async () => {
    const facts = { registeredPractice: undefined, confidentiality: "R" };
    const harness = benchWith({ ...withRecord(facts), rules });

    expect(await answerOf(ASK.book(harness))).toBe("ACCESS_NOT_AVAILABLE");
    expect(harness.calls).toEqual(["PDS"]);
  });
});

test("a withdrawn death notification, dissent and a practice elsewhere close nothing", async () => {
  const elsewhere = { odsCode: "T81002" as typeof PRACTICE };
  const harness = benchWith(withRecord({ deathNotification: "U", registeredPractice: elsewhere }));

  expect(await harness.book()).toMatchObject({ kind: "booked" });
});
