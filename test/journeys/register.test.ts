import type { PatientRecord } from "../../src/domain/patient.js";
import { type RegisterRequest, registerPatient } from "../../src/journeys/register/register-patient.js";
import { CommandHarness, OTHER_PATIENT, PATIENT, patient } from "./command-harness.js";
import { proxyRefusal, refusal, silence } from "./fake-practice.js";

let harness: CommandHarness;
beforeEach(() => {
  harness = new CommandHarness();
  harness.practice.patients.clear();
});

const register = (request: Partial<RegisterRequest> = {}) =>
  registerPatient({ nhsNumber: PATIENT, odsCode: "T81001", ...request }, harness.context());
const temporaryContacts = {
  temporaryAddress: { lines: ["2 Invented Lane", "Averdale"], postalCode: "ZZ99 3CZ" },
  temporaryPhone: "0300 000 0001",
};

// Proves GPC-FOU-REG-01/2, GPC-BPA-4, GPC-FOU-FPA-01/7, CONS-FoundationAPITest6.
test("finds first, and registers whom the practice does not know", async () => {
  expect(await register()).toMatchObject({
    kind: "registered",
    odsCode: "T81001",
    patient: { nhsNumber: PATIENT, registrationType: "T" },
  });
  expect(harness.calls).toEqual(["PDS", "SDS", "findPatient", "registerPatient"]);
});

// Proves GPC-FOU-REG-01/2.
test("never registers twice: whom the practice knows has an outcome of their own", async () => {
  await register();
  harness.calls.length = 0;

  expect(await register()).toMatchObject({ kind: "already-registered", patient: { nhsNumber: PATIENT } });
  expect(harness.calls).toEqual(["PDS", "SDS", "findPatient"]);
});

test("a refusal by the proxy itself that may pass is sent again at once, once", async () => {
  harness.practice.next("registerPatient", proxyRefusal(429));

  expect(await register()).toMatchObject({ kind: "registered" });
  expect(harness.count("registerPatient")).toBe(2);
  expect(harness.practice.writes).toEqual(["register"]);
});

test("asks at the same time register once", async () => {
  const outcomes = await Promise.all([register(), register(), register()]);

  // All share the one registration.
  expect(outcomes.map(({ kind }) => kind)).toEqual(["registered", "registered", "registered"]);
  expect(harness.practice.writes).toEqual(["register"]);
});

test.each([409, 422])("a duplicate under %p is looked up, and told as one that was there", async (status) => {
  await register();
  const [known] = harness.practice.patients.values();
  if (!known) throw new Error("nobody was registered");
  harness.practice.patients.clear();
  harness.calls.length = 0;
  harness.practice.next("registerPatient", {
    before: () => {
      harness.practice.patients.set(PATIENT, known);
      throw refusal(status, "DUPLICATE_REJECTED");
    },
  });

  expect(await register()).toMatchObject({ kind: "already-registered", patient: { nhsNumber: PATIENT } });
  expect(harness.calls.filter((call) => call.endsWith("Patient"))).toEqual([
    "findPatient",
    "registerPatient",
    "findPatient",
  ]);
});

test("an unclear end is reconciled by one more find, and never by an early second registration", async () => {
  harness.practice.next("registerPatient", "lost-after");
  expect(await register()).toMatchObject({ kind: "registered" });

  harness.practice.patients.clear();
  harness.practice.next("registerPatient", "lost-before");
  const sentAt = harness.clock.now();
  const first = await register();
  expect(first).toEqual({ kind: "outcome-unknown", handle: expect.any(String), settlesAt: sentAt + 30_001 });
  // The same registration again, by another organisation too, before the bound: nothing is sent.
  expect(await register()).toEqual(first);
  expect(harness.count("registerPatient")).toBe(2);
  harness.advance(30_002);
  expect(await register()).toMatchObject({ kind: "registered" });
  expect(harness.count("registerPatient")).toBe(3);

  harness.practice.patients.clear();
  harness.practice.next("registerPatient", "lost-after");
  harness.practice.next("findPatient", { before: () => {} }, silence());
  expect(await register()).toMatchObject({ kind: "outcome-unknown" });
  // The next request finds the patient first.
  expect(await register()).toMatchObject({ kind: "already-registered" });
  expect(harness.count("registerPatient")).toBe(4);
});

// Proves GPC-FOU-FPA-01/8, GPC-FOU-REG-01/11, GPC-FOU-REG-01/12, GPC-STR-TST-GEN-14,
// CONS-FoundationAPITest51, CONS-FoundationAPITest52.
test.each([
  [refusal(409, "DUPLICATE_REJECTED"), { kind: "patient-not-at-practice", isRegistrationRefused: true }],
  [refusal(422, "DUPLICATE_REJECTED"), { kind: "patient-not-at-practice", isRegistrationRefused: true }],
  [refusal(400, "INVALID_NHS_NUMBER"), { kind: "patient-not-eligible", code: "NHS_NUMBER_NOT_ACCEPTED" }],
  [
    refusal(400, "INVALID_PATIENT_DEMOGRAPHICS"),
    { kind: "patient-not-eligible", code: "DEMOGRAPHICS_REJECTED" },
  ],
  [refusal(400, "BAD_REQUEST"), { kind: "patient-not-eligible", code: "DEMOGRAPHICS_REJECTED" }],
  [refusal(403, "NOT_ENABLED"), { kind: "practice-refused", code: "NOT_ENABLED" }],
])("a practice that refuses has its say: %p", async (error, outcome) => {
  harness.practice.next("registerPatient", error);

  expect(await register()).toMatchObject(outcome);
  expect(harness.count("registerPatient")).toBe(1);
});

// Proves GPC-FOU-FPA-01/2.
test("several records of one number: never the first of them", async () => {
  harness.practice.addPatient(PATIENT, { id: "one" });
  harness.practice.addPatient(PATIENT, { id: "two" });

  expect(await register()).toMatchObject({
    kind: "patient-not-eligible",
    code: "SEVERAL_RECORDS_AT_PRACTICE",
  });
});

test("differences to PDS are shown, and nothing follows from them by itself", async () => {
  harness.practice.addPatient(PATIENT, { birthDate: "1952-05-30" });

  expect(await register()).toMatchObject({
    kind: "already-registered",
    differences: [{ field: "birthDate", ours: "1952-05-31", theirs: "1952-05-30" }],
  });
});

// Proves GPC-FOU-REG-01/4.
test("the caller's temporary contact details travel with the registration, in booking too", async () => {
  const sent: unknown[] = [];
  const { registerPatient: real } = harness.practice.client;
  harness.practice.client.registerPatient = async (practice, registration, context) => {
    sent.push(registration);
    if (!real) throw new Error("no registration");
    return real(practice, registration, context);
  };
  await register({ temporaryContacts });
  await harness.book({ nhsNumber: OTHER_PATIENT, registerIfAbsent: true, temporaryContacts });

  expect(sent).toEqual([
    expect.objectContaining({ nhsNumber: PATIENT, ...temporaryContacts }),
    expect.objectContaining({ nhsNumber: OTHER_PATIENT, ...temporaryContacts }),
  ]);
});

test("in a booking they are used only when a registration is made", async () => {
  harness.practice.addPatient(PATIENT);

  expect(await harness.book({ registerIfAbsent: true, temporaryContacts })).toMatchObject({
    kind: "booked",
    registration: undefined,
  });
  expect(harness.count("registerPatient")).toBe(0);
});

// Proves GPC-FOU-REG-01/1.
test("a booking that registered the patient says so, and says so again when replayed", async () => {
  const ask = () => harness.book({ registerIfAbsent: true, idempotencyKey: "k" });
  harness.practice.next("createAppointment", "lost-after");
  harness.practice.next("fetchAppointments", silence());
  expect(await ask()).toMatchObject({ kind: "outcome-unknown" });

  expect(await ask()).toMatchObject({ kind: "booked", registration: { registrationType: "T" } });
});

// Proves GPC-FOU-REG-01/3, GPC-FOU-REG-01/6.
test.each<[string, Partial<PatientRecord>]>([
  ["no birth date", { birthDate: undefined }],
  ["a birth date without its day", { birthDate: "1952-05" }],
  ["no name", { names: [] }],
  ["no family name", { names: [{ use: "usual", given: ["Ida"], prefix: [], suffix: [] }] }],
  ["no given name", { names: [{ use: "usual", family: "Testperson", given: [], prefix: [], suffix: [] }] }],
])("a gap on PDS is found before the practice is asked to register: %s", async (_gap, facts) => {
  harness = new CommandHarness({
    pds: (nhsNumber, clock) => ({ kind: "found", record: patient(nhsNumber, clock, facts) }),
  });
  harness.practice.patients.clear();

  expect(await register()).toMatchObject({ code: "INSUFFICIENT_DEMOGRAPHICS" });
  expect(harness.count("registerPatient")).toBe(0);
});

// Proves GPC-FOU-REG-01/5.
test.each([
  [{ odsCode: "no code" }, "input.odsCode"],
  [{ nhsNumber: "9000000008" }, "input.nhsNumber"],
  [{ temporaryContacts: { temporaryPhone: "ring me" } }, "input.temporaryPhone"],
  [{ temporaryContacts: { temporaryAddress: { lines: [] } } }, "input.temporaryAddress.lines"],
  [{ temporaryContacts: { temporaryAddress: { lines: [" "] } } }, "input.temporaryAddress.lines"],
  [
    { temporaryContacts: { temporaryAddress: { lines: ["1 Lane"], postalCode: "<script>" } } },
    "input.temporaryAddress.postalCode",
  ],
])("%p is refused before any call", async (request, field) => {
  await expect(register(request)).rejects.toMatchObject({ code: "BAD_USER_INPUT", field });
  expect(harness.calls).toEqual([]);
});
