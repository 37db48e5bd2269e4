import { until } from "../support/redis.js";
import { type RunningGraph, SUITE_PROFILE, startGraph } from "../support/start-graph.js";

/** Commands over real HTTP, against practices that fail in every way the fault board knows. */
let graph: RunningGraph;
beforeAll(async () => {
  graph = await startGraph({
    environment: {
      SSP_WRITE_TIMEOUT_MS: "400",
      SSP_TIMEOUT_MS: "2000",
      REQUEST_DEADLINE_MS: "8000",
      // Shorter than the deadline, so that a request waits for it.
      LATE_COMMIT_BOUND_MS: "1000",
    },
  });
});
afterEach(() => graph.sandbox.faults.clear());
afterAll(() => graph.close());

const PRACTICE = "T81001";
const PATIENT = "9000000009";
const APPOINTMENT = "appointment { id status version start description comment cancellationReason }";

interface Booked {
  bookAppointment: {
    __typename: string;
    recovered?: boolean;
    handle?: string;
    code?: string;
    appointment?: { id: string; version: string; status: string };
  };
}

const book = (slotIds: readonly string[], rest: object = {}) =>
  graph.query<Booked>(
    `mutation ($input: BookAppointmentInput!) { bookAppointment(input: $input) { __typename
       ... on AppointmentBooked { ${APPOINTMENT} recovered }
       ... on SpineProblem { code } ... on BookingOutcomeUnknown { handle } } }`,
    { input: { nhsNumber: PATIENT, slotIds, description: "Review", ...rest } },
  );

/** One slot with a practitioner that no other test has taken. */
async function freeSlot(): Promise<string> {
  const { data } = await graph.query<{
    practice: { freeSlots: { id: string; practitioner: object | null }[] };
  }>(`{ practice(odsCode: "${PRACTICE}") { freeSlots(first: 50) { id practitioner { name } } } }`);
  return data.practice.freeSlots.find(({ practitioner }) => practitioner !== null)?.id ?? "";
}

/** The texts as a practice of this profile keeps them. */
const kept = (description: string, comment: string) =>
  SUITE_PROFILE.comment === "separate"
    ? { description, comment }
    : { description: `${description} ${comment}`, comment: null };

const fault = (interaction: string, kind: object | string, times = 1) =>
  graph.sandbox.faults.add({
    service: "PRACTICE",
    odsCode: PRACTICE,
    interaction,
    kind: kind as never,
    times,
  });
const CREATE = "create:appointment-1";
const LIST = "search:patient_appointments-1";

/** Appointments that stand at the practice for the patient of these tests, in its own book. */
function standing(): number {
  const all = [...(graph.sandbox.practices.get(PRACTICE)?.appointments.values() ?? [])];
  return all.filter(({ resource }) => resource.status === "booked").length;
}

/** What one booking adds to the practice's book. */
async function bookedBy(work: () => Promise<unknown>): Promise<number> {
  const before = standing();
  await work();
  return standing() - before;
}

const sent = (interaction: string) =>
  graph.sandbox.requests.filter(
    (request) => request.service === "SSP" && request.interaction?.endsWith(`:${interaction}`),
  ).length;

/** Creates that the practices have worked on and answered, whether or not anybody was still listening. */
const answeredCreates = () =>
  graph.sandbox.requests.filter(
    ({ service, interaction, status }) =>
      service === "PRACTICE" && interaction?.endsWith(`:${CREATE}`) && status !== undefined,
  ).length;

// Proves HAZ-19-48, HAZ-FALSE-FAILURE.
test.each([
  ["done, then cut off", "reset-after-commit", true],
  ["cut off before it is done", "reset", false],
  ["never answered", "hang", false],
  ["502", { status: 502 }, false],
  ["503", { status: 503 }, false],
  ["504", { status: 504 }, false],
  ["500", { status: 500 }, false],
  ["HTML", { status: 200, body: "<html></html>", contentType: "text/html" }, false],
])("a create that is %s: booked, once", async (_case, kind, recovered) => {
  const slotId = await freeSlot();
  fault(CREATE, kind);

  const added = await bookedBy(async () => {
    const { data } = await book([slotId]);
    expect(data.bookAppointment).toMatchObject({ __typename: "AppointmentBooked", recovered });
  });

  expect(added).toBe(1);
});

test("a practice that commits after the time-out: the request waits for the bound, and finds the appointment", async () => {
  const slotId = await freeSlot();
  fault(CREATE, { delayMs: 700 });
  const answered = answeredCreates();

  const added = await bookedBy(async () => {
    const { data } = await book([slotId]);
    expect(data.bookAppointment).toMatchObject({ __typename: "AppointmentBooked", recovered: true });
    await until("the end of the late create", async () => answeredCreates() === answered + 1);
  });

  expect(added).toBe(1);
});

// Proves HAZ-FALSE-FAILURE.
test("unreadable after an unclear end: a handle, by which the truth is had later", async () => {
  const slotId = await freeSlot();
  fault(CREATE, "reset-after-commit");
  const readable = fault(LIST, { status: 500 }, 20);
  const creates = sent(CREATE);

  const { data } = await book([slotId]);
  const { handle, ...unknown } = data.bookAppointment;
  expect(unknown).toEqual({ __typename: "BookingOutcomeUnknown", code: "BOOKING_OUTCOME_UNKNOWN" });
  readable();

  const later = await book([slotId], { idempotencyKey: handle });
  expect(later.data.bookAppointment).toMatchObject({ __typename: "AppointmentBooked", recovered: true });
  expect(sent(CREATE)).toBe(creates + 1);
  expect(graph.calls(later)).not.toContain("SSP appointment-1 T81001");
});

// Proves HAZ-19-48.
test("ten concurrent requests with one key: one create, one appointment id", async () => {
  const slotId = await freeSlot();
  const creates = sent(CREATE);

  const answers = await Promise.all(
    Array.from({ length: 10 }, () => book([slotId], { idempotencyKey: "ten at once" })),
  );

  expect(new Set(answers.map(({ data }) => data.bookAppointment.appointment?.id)).size).toBe(1);
  expect(sent(CREATE)).toBe(creates + 1);
});

// Proves HAZ-FALSE-FAILURE.
test("at the deadline the outcome is unknown, and the booking goes on", async () => {
  const hasty = await startGraph({
    environment: { SSP_WRITE_TIMEOUT_MS: "10000", REQUEST_DEADLINE_MS: "3000" },
  });
  try {
    const slots = await hasty.query<{ practice: { freeSlots: { id: string }[] } }>(
      `{ practice(odsCode: "${PRACTICE}") { freeSlots(first: 1) { id } } }`,
    );
    const input = {
      nhsNumber: PATIENT,
      slotIds: slots.data.practice.freeSlots.map(({ id }) => id),
      description: "Review",
      idempotencyKey: "k",
    };
    const ask = () =>
      hasty.query<Booked>(
        `mutation ($input: BookAppointmentInput!) { bookAppointment(input: $input) { __typename
           ... on AppointmentBooked { recovered } ... on BookingOutcomeUnknown { handle } } }`,
        { input },
      );
    hasty.sandbox.faults.add({
      service: "PRACTICE",
      interaction: CREATE,
      kind: { delayMs: 4_500 },
      times: 1,
    });

    const first = await ask();
    expect(first.data.bookAppointment).toEqual({ __typename: "BookingOutcomeUnknown", handle: "k" });
    expect(first.errors).toBeUndefined();
    // Asked again while it is under way, it waits for the same create, as long as its own deadline allows.
    const second = await ask();
    expect(second.data.bookAppointment.__typename).toMatch(/AppointmentBooked|BookingOutcomeUnknown/);
    const third = await ask();
    expect(third.data.bookAppointment).toEqual({ __typename: "AppointmentBooked", recovered: false });
    expect(
      hasty.sandbox.requests.filter(
        ({ service, interaction }) => service === "SSP" && interaction?.endsWith(`:${CREATE}`),
      ),
    ).toHaveLength(1);
  } finally {
    await hasty.close();
  }
});

describe("an appointment of ours", () => {
  const CHANGE = `__typename ... on AppointmentAmended { ${APPOINTMENT} }
    ... on AppointmentCancelled { ${APPOINTMENT} warnings } ... on AppointmentChanged { ${APPOINTMENT} }
    ... on SpineProblem { code } ... on ChangeOutcomeUnknown { handle }`;
  const amend = (input: object) =>
    graph.query<{ amendAppointment: Record<string, unknown> }>(
      `mutation ($input: AmendAppointmentInput!) { amendAppointment(input: $input) { ${CHANGE.replace(/\.\.\. on AppointmentCancelled \{[^{]*\{[^}]*\} warnings \}/, "")} } }`,
      { input },
    );
  const cancel = (input: object) =>
    graph.query<{ cancelAppointment: Record<string, unknown> }>(
      `mutation ($input: CancelAppointmentInput!) { cancelAppointment(input: $input) { ${CHANGE.replace(/\.\.\. on AppointmentAmended \{[^{]*\{[^}]*\} \}/, "")} } }`,
      { input },
    );

  let id: string;
  let version: string;
  beforeEach(async () => {
    const { data } = await book([await freeSlot()]);
    ({ id, version } = data.bookAppointment.appointment ?? { id: "", version: "" });
  });

  // Proves GPC-APA-3, GPC-AMUS-MPA, GPC-AMUS-MPA-5, HAZ-OVERWRITE.
  test("an appointment is amended once; a request with the older version is refused", async () => {
    const first = await amend({ id, version, comment: "Bring a list" });
    expect(first.data.amendAppointment).toMatchObject({
      __typename: "AppointmentAmended",
      appointment: { id, ...kept("Review", "Bring a list") },
    });

    const second = await amend({ id, version, comment: "Something else" });
    expect(second.data.amendAppointment).toMatchObject({
      __typename: "AppointmentChanged",
      code: "APPOINTMENT_CHANGED",
      appointment: kept("Review", "Bring a list"),
    });
  });

  test("an appointment is cancelled although the response was lost, with the whole reason kept", async () => {
    fault("cancel:appointment-1", "reset-after-commit");

    const { data } = await cancel({ id, version, reason: "No longer needed", idempotencyKey: "c" });

    expect(data.cancelAppointment).toMatchObject({
      __typename: "AppointmentCancelled",
      appointment: { id, status: "cancelled", cancellationReason: "No longer needed" },
      warnings: [],
    });
    const again = await cancel({ id, version, reason: "No longer needed", idempotencyKey: "c" });
    expect(again.data).toEqual(data);
  });

  test("is changed once more when the first change never came to the practice", async () => {
    fault("update:appointment-1", "reset");

    const { data } = await amend({ id, version, description: "New words" });

    expect(data.amendAppointment).toMatchObject({
      appointment: { description: "New words", version: expect.not.stringMatching(`^${version}$`) },
    });
  });
});

test("a patient is registered once, with the time of the stay, and known afterwards", async () => {
  const register = () =>
    graph.query<{ registerPatient: Record<string, unknown> }>(
      `mutation ($input: RegisterPatientInput!) { registerPatient(input: $input) { __typename
         ... on PatientRegistered { practice { odsCode } registration { type start } differences { field } }
         ... on PatientAlreadyRegistered { code registration { type } } ... on SpineProblem { code } } }`,
      {
        input: {
          nhsNumber: "9990000131",
          odsCode: PRACTICE,
          temporaryAddress: { lines: ["2 Invented Lane"], postalCode: "ZZ99 3CZ" },
          temporaryPhone: "0300 000 0001",
        },
      },
    );
  fault("register-patient-1", "reset-after-commit");

  expect((await register()).data.registerPatient).toEqual({
    __typename: "PatientRegistered",
    practice: { odsCode: PRACTICE },
    registration: { type: "T", start: expect.any(String) },
    differences: [],
  });
  expect((await register()).data.registerPatient).toMatchObject({
    __typename: "PatientAlreadyRegistered",
    code: "PATIENT_ALREADY_REGISTERED",
  });
  const patients = [...(graph.sandbox.practices.get(PRACTICE)?.patients.values() ?? [])];
  const registered = patients.filter(({ person }) => person.nhsNumber === "9990000131");
  expect(registered).toHaveLength(1);
  expect(registered[0]?.sent?.telecom).toContainEqual(
    expect.objectContaining({ use: "temp", value: "0300 000 0001" }),
  );
});

// Proves 1.8/1, 1.8/2, 1.8/3, 1.8/4, 1.8/5, 1.8/6, 1.8/8, 1.8/9, 1.8/10, 1.8/11, 1.8/12, 1.8/13,
// GPC-STR-TST-GEN-20, HAZ-WRONG-PLACE, HAZ-99.
test("an appointment shows everything that the assurance notes ask for", async () => {
  await book([await freeSlot()], { comment: "Bring a list" });

  const { data, errors } = await graph.query<{
    patient: { appointmentSearch: { appointments: object[]; from: string; to: string } };
  }>(
    `query ($nhsNumber: ID!) { patient(nhsNumber: $nhsNumber) { appointmentSearch {
       from to fetchedAt practice { odsCode name }
       appointments { start end durationMinutes deliveryChannel type scheduleType
         location { name address telecom } practitioner { name gender role { display } }
         practitionerRole { code display } practice { odsCode name }
         status cancellationReason description comment createdAt fetchedAt version
         bookedBy { odsCode name phone }
         patient { nhsNumber name { display } dateOfBirth gender address { lines postalCode } } } } } }`,
    { nhsNumber: PATIENT },
  );

  expect(errors).toBeUndefined();
  const { appointments, ...search } = data.patient.appointmentSearch;
  expect(search).toEqual({
    from: "2026-11-23",
    to: "2027-11-23",
    fetchedAt: "2026-11-23T09:00:00.000Z",
    practice: { odsCode: PRACTICE, name: expect.any(String) },
  });
  expect(appointments.at(-1)).toEqual({
    start: expect.stringMatching(/[+]00:00$/),
    end: expect.any(String),
    durationMinutes: expect.any(Number),
    deliveryChannel: expect.any(String),
    type: SUITE_PROFILE.serviceTypes ? expect.any(String) : null,
    scheduleType: SUITE_PROFILE.serviceTypes ? expect.any(String) : null,
    location: { name: expect.any(String), address: expect.any(String), telecom: expect.any(String) },
    practitioner: expect.objectContaining({ name: expect.any(String), gender: expect.any(String) }),
    practitionerRole: { code: expect.any(String), display: expect.any(String) },
    practice: { odsCode: PRACTICE, name: expect.any(String) },
    status: "booked",
    cancellationReason: null,
    ...kept("Review", "Bring a list"),
    createdAt: "2026-11-23T09:00:00+00:00",
    fetchedAt: "2026-11-23T09:00:00.000Z",
    version: SUITE_PROFILE.putVersion === "as-stored" ? "1" : expect.any(String),
    bookedBy: { odsCode: "T82000", name: expect.any(String), phone: expect.any(String) },
    patient: {
      nhsNumber: PATIENT,
      name: { display: expect.any(String) },
      dateOfBirth: expect.any(String),
      gender: expect.any(String),
      address: { lines: expect.any(Array), postalCode: expect.any(String) },
    },
  });
});
