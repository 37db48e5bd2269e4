import { amendAppointment } from "../../src/journeys/amend/amend-appointment.js";
import { cancelAppointment } from "../../src/journeys/cancel/cancel-appointment.js";
import { findAppointment } from "../../src/journeys/find-appointment.js";
import { upstreamError } from "../../src/upstreams/upstream-errors.js";
import { harnessWithAppointment } from "./change-harness.js";
import { type CommandHarness, PATIENT, PRACTICE } from "./command-harness.js";

const WRONG_PATIENT = { code: "UPSTREAM_BAD_RESPONSE", reason: "WRONG_PATIENT", retryable: false } as const;

/** What the client throws when an appointment is about another patient. */
const wrongPatient = () => upstreamError({ ...WRONG_PATIENT, service: "PROVIDER" });

function expectedPatients(harness: CommandHarness): string[] {
  return harness.practice.readFor;
}

describe("an appointment that the practice gives as another patient's", () => {
  test("is neither shown nor changed", async () => {
    const { harness, id } = await harnessWithAppointment();
    harness.practice.next("readAppointment", wrongPatient(), wrongPatient(), wrongPatient());
    const calls = [
      findAppointment(id, "id", harness.context()),
      cancelAppointment({ id, version: "1", reason: "Better" }, harness.context()),
      amendAppointment({ id, version: "1", comment: "More" }, harness.context()),
    ];
    for (const call of calls) await expect(call).rejects.toMatchObject(WRONG_PATIENT);
    expect(harness.practice.writes).toEqual([]);
  });

  test("is compared with the patient id that the appointment id carries, without a find", async () => {
    const { harness, id } = await harnessWithAppointment();
    await findAppointment(id, "id", harness.context());
    expect(harness.calls).toEqual(["PDS", "SDS", "readAppointment"]);
    expect(expectedPatients(harness)).toEqual([`patient-${PATIENT}`]);
  });

  test("is compared with a patient id from a find when the appointment id carries none", async () => {
    const { harness, appointmentId } = await harnessWithAppointment();
    const older = harness.appointmentIds.encode({ odsCode: PRACTICE, appointmentId, nhsNumber: PATIENT });
    await findAppointment(older, "id", harness.context());
    expect(harness.calls).toEqual(["PDS", "SDS", "findPatient", "readAppointment"]);
    expect(expectedPatients(harness)).toEqual([`patient-${PATIENT}`]);
  });

  test("is shown when the practice has given the patient another id since", async () => {
    const { harness, id, appointmentId } = await harnessWithAppointment();
    harness.practice.patients.clear();
    harness.practice.addPatient(PATIENT, { id: "patient-merged" });
    harness.practice.next("readAppointment", wrongPatient());
    expect(await findAppointment(id, "id", harness.context())).toMatchObject({
      record: { id: appointmentId },
    });
    expect(expectedPatients(harness)).toEqual([`patient-${PATIENT}`, "patient-merged"]);
  });

  test("is not found when the practice does not know the patient and the id carries none", async () => {
    const { harness, appointmentId } = await harnessWithAppointment();
    const older = harness.appointmentIds.encode({ odsCode: PRACTICE, appointmentId, nhsNumber: PATIENT });
    harness.practice.patients.clear();
    expect(await findAppointment(older, "id", harness.context())).toBeUndefined();
    expect(expectedPatients(harness)).toEqual([]);
  });
});
