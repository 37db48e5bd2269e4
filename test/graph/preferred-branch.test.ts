import type { PatientRecord, PracticePatient } from "../../src/domain/patient.js";
import { TestClock } from "../support/call-context.js";
import { createGraphHarness, harnessPatient } from "../support/graph-harness.js";

const NUMBER = "9000000009";
const known = { id: "patient-1", nhsNumber: NUMBER as never };
const ask = (fields: string) => `{ patient(nhsNumber: "${NUMBER}") { ${fields} } }`;

const practiceWith = (...patients: PracticePatient[]) =>
  createGraphHarness({ gpConnect: { findPatient: async () => patients } });

// Proves GPC-AMUS-BPA-1-7, GPC-AMUS-BPA-2-3.
test("the branch that the patient prefers at a practice costs one call, which appointments share", async () => {
  const graph = practiceWith({ ...known, preferredBranchLocationId: "17" });

  const { data, errors } = await graph.run(ask("preferredBranchId appointments { id }"));

  expect(errors).toEqual([]);
  expect(data).toEqual({ patient: { preferredBranchId: "17", appointments: [] } });
  expect(graph.counts()).toEqual({
    "pds.readPatient": 1,
    "directory.lookUp": 1,
    "gpConnect.findPatient": 1,
    "gpConnect.fetchAppointments": 1,
  });
});

test.each<[string, PracticePatient[]]>([
  ["the practice does not know the patient", []],
  ["its system names no branch", [known]],
])("it is null and no error where %s", async (_case, patients) => {
  const { data, errors } = await practiceWith(...patients).run(ask("preferredBranchId"));

  expect(errors).toEqual([]);
  expect(data).toEqual({ patient: { preferredBranchId: null } });
});

test("an appointment search calls the requested practice", async () => {
  const asked: string[] = [];
  const graph = createGraphHarness({
    gpConnect: {
      findPatient: async ({ odsCode }) => {
        asked.push(odsCode);
        return [known];
      },
    },
  });

  await graph.run(ask('preferredBranchId(odsCode: "T81002")'));

  expect(asked).toEqual(["T81002"]);
});

test("several records of one number are an error", async () => {
  const { errors } = await practiceWith(known, { ...known, id: "2" }).run(ask("preferredBranchId"));

  expect(errors).toMatchObject([{ extensions: { reason: "SEVERAL_RECORDS_AT_PRACTICE" } }]);
});

test.each<[string, Partial<PatientRecord>, string, string]>([
  ["sensitive", { confidentiality: "R" }, "", "ACCESS_NOT_AVAILABLE"],
  ["sensitive, at a named practice", { confidentiality: "R" }, '(odsCode: "T81002")', "ACCESS_NOT_AVAILABLE"],
  ["without a practice", { registeredPractice: undefined }, "", "ACCESS_NOT_AVAILABLE"],
  ["dead", { deathNotification: "1" }, "", "DECEASED"],
])("no practice is asked about a patient who is %s", async (_who, facts, args, reason) => {
  const clock = new TestClock();
  const graph = createGraphHarness({
    clock,
    pds: {
      readPatient: async (nhsNumber) => ({
        kind: "found",
        record: harnessPatient(nhsNumber, clock.now(), facts),
      }),
    },
  });

  const { errors } = await graph.run(ask(`preferredBranchId${args}`));

  expect(errors).toMatchObject([{ extensions: { code: "FORBIDDEN", reason } }]);
  expect(graph.counts()).toEqual({ "pds.readPatient": 1 });
});
