import { CommandHarness, PATIENT } from "./command-harness.js";

/** What the practice's own record says, which PDS may not know. */
function harnessWith(...records: object[]): CommandHarness {
  const harness = new CommandHarness();
  harness.practice.patients.clear();
  for (const [index, record] of records.entries()) {
    harness.practice.addPatient(PATIENT, { id: `patient-${index}`, ...record });
  }
  return harness;
}

const sent = (harness: CommandHarness) => harness.practice.writes;

describe("a patient whose record at the practice", () => {
  test.each([
    [{ deceased: true }],
    [{ deceased: true, deceasedAt: "2026-10-01" }],
    [{ deceased: true, active: false }],
  ])("says %j is not booked, and the attempt is audited", async (record) => {
    const harness = harnessWith(record);
    expect(await harness.book({ registerIfAbsent: true })).toMatchObject({
      kind: "patient-not-eligible",
      code: "DECEASED",
    });
    expect(sent(harness)).toEqual([]);
    expect(harness.events).toContainEqual(
      expect.objectContaining({ gate: "G8", reason: "DECEASED_AT_PRACTICE", nhsNumber: PATIENT }),
    );
  });

  test("is inactive counts as absent", async () => {
    const harness = harnessWith({ active: false });
    expect(await harness.book()).toMatchObject({ kind: "patient-not-at-practice" });
    expect(sent(harness)).toEqual([]);
  });

  test("is inactive beside an active one is booked with the active one", async () => {
    const harness = harnessWith({ active: false }, {});
    expect(await harness.book()).toMatchObject({
      kind: "booked",
      appointment: { record: { patientId: "patient-1" } },
    });
  });

  test("says deceased in one of two records is not booked", async () => {
    const harness = harnessWith({}, { active: false, deceased: true });
    expect(await harness.book()).toMatchObject({ kind: "patient-not-eligible", code: "DECEASED" });
  });

  test("is active twice is not booked", async () => {
    expect(await harnessWith({}, {}).book()).toMatchObject({ code: "SEVERAL_RECORDS_AT_PRACTICE" });
  });
});
