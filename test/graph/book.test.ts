import type { PracticeAppointment } from "../../src/domain/appointment.js";
import { toLondonDateTime } from "../../src/domain/london-time.js";
import { createKeyring } from "../../src/platform/crypto/keyring.js";
import { createSlotIds } from "../../src/platform/ids/slot-id.js";
import type { NewAppointment } from "../../src/upstreams/ssp/index.js";
import { upstreamError } from "../../src/upstreams/upstream-errors.js";
import { testCaller } from "../support/call-context.js";
import {
  createGraphHarness,
  HARNESS_PRACTICE,
  type HarnessFakes,
  harnessPatient,
} from "../support/graph-harness.js";

const BOOK = `mutation ($input: BookAppointmentInput!) {
  bookAppointment(input: $input) {
    __typename
    ... on AppointmentBooked { appointment { id status start description } recovered registration { type } warnings }
    ... on SpineProblem { code message }
    ... on BookingOutcomeUnknown { handle settlesAt }
    ... on DemographicsMismatch { differences { field ours theirs } }
  }
}`;

interface Answer {
  bookAppointment: Record<string, unknown> & { __typename: string };
}

const START = Date.parse("2026-11-24T10:00:00Z");
const slotId = createSlotIds(createKeyring("a secret that only tests know, of 32 characters or more")).encode(
  {
    odsCode: HARNESS_PRACTICE,
    slotId: "slot-1",
    scheduleId: "schedule-1",
    start: toLondonDateTime(START),
    end: toLondonDateTime(START + 600_000),
    locationId: "location-1",
  },
);
const input = { nhsNumber: "9000000009", slotIds: [slotId], description: "Review" };

const patientThere = { ...harnessPatient("9000000009" as never, 0), id: "patient-1" };
const found = {
  findPatient: async () => [
    {
      id: "patient-1",
      nhsNumber: patientThere.nhsNumber,
      name: patientThere.names[0],
      gender: "female",
      birthDate: "1952-05-31",
    },
  ],
};

function made(booking: NewAppointment): PracticeAppointment {
  const [first] = booking.slots;
  return {
    id: "77",
    versionId: "1",
    status: "booked",
    start: first?.start ?? "",
    end: first?.end ?? "",
    description: booking.description,
    slotIds: booking.slots.map(({ id }) => id),
    patientId: booking.patientId,
    bookingOrganisation: { odsCode: testCaller.organisation.odsCode },
  };
}

const harness = (gpConnect: HarnessFakes["gpConnect"]) =>
  createGraphHarness({
    gpConnect: { ...found, createAppointment: async (_practice, booking) => made(booking), ...gpConnect },
  });
const unclear = () =>
  Promise.reject(
    upstreamError({
      service: "PROVIDER",
      code: "UPSTREAM_TIMEOUT",
      retryable: true,
      outcomeUnknown: true,
    }),
  );

test("a booking: the appointment as the practice confirmed it", async () => {
  const graph = harness({});

  const { data, errors } = await graph.run<Answer>(BOOK, { input });

  expect(errors).toEqual([]);
  expect(data.bookAppointment).toEqual({
    __typename: "AppointmentBooked",
    appointment: {
      id: expect.stringMatching(/^a1\./),
      status: "booked",
      start: "2026-11-24T10:00:00+00:00",
      description: "Review",
    },
    recovered: false,
    registration: null,
    warnings: [],
  });
});

test("the same key again: the same appointment id", async () => {
  let create: NewAppointment | undefined;
  const graph = harness({
    createAppointment: async (_practice, booking) => {
      create = booking;
      return made(booking);
    },
    readAppointment: async () => {
      if (!create) throw new Error("nothing was created");
      return { appointment: made(create), resource: {} };
    },
  });
  const ask = () => graph.run<Answer>(BOOK, { input: { ...input, idempotencyKey: "k" } });

  const [first, second] = [await ask(), await ask()];

  expect(second.data).toEqual(first.data);
  expect(graph.counts()["gpConnect.createAppointment"]).toBe(1);
});

test("the same key for something else: BAD_USER_INPUT, naming the field", async () => {
  const graph = harness({});
  await graph.run(BOOK, { input: { ...input, idempotencyKey: "k" } });

  const { data, errors } = await graph.run<Answer>(BOOK, {
    input: { ...input, idempotencyKey: "k", description: "Other" },
  });

  expect(data.bookAppointment).toBeNull();
  expect(errors).toEqual([
    expect.objectContaining({
      extensions: expect.objectContaining({ code: "BAD_USER_INPUT", field: "input.idempotencyKey" }),
    }),
  ]);
});

test("an unknown outcome has the key to send again, made by us if none was given, and when it settles", async () => {
  const graph = harness({ createAppointment: unclear, fetchAppointments: unclear });

  const without = await graph.run<Answer>(BOOK, { input });
  const another = harness({ createAppointment: unclear, fetchAppointments: unclear });
  const withKey = await another.run<Answer>(BOOK, { input: { ...input, idempotencyKey: "mine" } });

  expect(without.data.bookAppointment).toEqual({
    __typename: "BookingOutcomeUnknown",
    code: "BOOKING_OUTCOME_UNKNOWN",
    message: expect.stringContaining("not known yet"),
    handle: "made-1",
    settlesAt: expect.stringMatching(/^2026-11-23T09:/),
  });
  expect(withKey.data.bookAppointment).toMatchObject({ handle: "mine" });
  expect(without.errors).toEqual([]);
});

// Proves GPC-FOU-FPA-01/2.
test("several records of one number are an outcome with a code of its own", async () => {
  const [one] = await found.findPatient();
  const graph = harness({ findPatient: async () => (one ? [one, { ...one, id: "another" }] : []) });

  const { data } = await graph.run<Answer>(BOOK, { input });

  expect(data.bookAppointment).toMatchObject({
    __typename: "PatientNotEligible",
    code: "SEVERAL_RECORDS_AT_PRACTICE",
  });
});

test("temporary contact details are checked before any call", async () => {
  const graph = harness({});

  const { errors } = await graph.run<Answer>(BOOK, {
    input: { ...input, temporaryAddress: { lines: ["", "Averdale"] }, temporaryPhone: "0300" },
  });

  expect(errors).toMatchObject([
    { extensions: { code: "BAD_USER_INPUT", field: "input.temporaryAddress.lines" } },
  ]);
  expect(graph.calls).toEqual([]);
});

test("optional arguments that are null count as left out", async () => {
  const nothing = {
    comment: null,
    verify: null,
    idempotencyKey: null,
    registerIfAbsent: null,
    temporaryAddress: null,
    temporaryPhone: null,
    acknowledgeDiscrepancies: null,
  };

  const { data } = await harness({}).run<Answer>(BOOK, { input: { ...input, ...nothing } });

  expect(data.bookAppointment.__typename).toBe("AppointmentBooked");
});

describe("bookingOutcome", () => {
  const OUTCOME = `query ($handle: ID!) { bookingOutcome(handle: $handle) {
    __typename
    ... on AppointmentBooked { appointment { id description } recovered warnings }
    ... on SpineProblem { code }
    ... on BookingOutcomeUnknown { handle settlesAt }
  } }`;
  interface Outcome {
    bookingOutcome: (Record<string, unknown> & { __typename: string }) | null;
  }

  test("a booking that stands: what the store knows, without any call", async () => {
    const graph = harness({});
    const booked = await graph.run<Answer>(BOOK, { input: { ...input, idempotencyKey: "k" } });
    const calls = graph.calls.length;

    const { data, errors } = await graph.run<Outcome>(OUTCOME, { handle: "k" });

    expect(errors).toEqual([]);
    expect(data.bookingOutcome).toMatchObject({
      __typename: "AppointmentBooked",
      appointment: { id: (booked.data.bookAppointment.appointment as { id: string }).id },
      recovered: false,
    });
    expect(graph.calls).toHaveLength(calls);
  });

  test("a booking that is not reconciled: unknown, with the moment when it settles", async () => {
    const graph = harness({ createAppointment: unclear, fetchAppointments: unclear });
    const { data: first } = await graph.run<Answer>(BOOK, { input: { ...input, idempotencyKey: "k" } });
    const calls = graph.calls.length;

    const { data } = await graph.run<Outcome>(OUTCOME, { handle: "k" });

    expect(data.bookingOutcome).toMatchObject({
      __typename: "BookingOutcomeUnknown",
      handle: "k",
      settlesAt: first.bookAppointment.settlesAt,
    });
    expect(graph.calls).toHaveLength(calls);
  });

  test("a refusal: the same problem again", async () => {
    const conflict = async () => {
      throw upstreamError({
        service: "PROVIDER",
        code: "UPSTREAM_REFUSED",
        httpStatus: 409,
        retryable: false,
      });
    };
    const graph = harness({
      createAppointment: conflict,
      fetchAppointments: async () => ({ appointments: [], warnings: [], isComplete: true }),
    });
    await graph.run<Answer>(BOOK, { input: { ...input, idempotencyKey: "k" } });

    const { data } = await graph.run<Outcome>(OUTCOME, { handle: "k" });

    expect(data.bookingOutcome).toEqual({ __typename: "SlotUnavailable", code: "SLOT_UNAVAILABLE" });
  });

  test("a handle that nobody has used is null, and one that is none is refused", async () => {
    const graph = harness({});

    const unused = await graph.run<Outcome>(OUTCOME, { handle: "k" });
    expect(unused.data.bookingOutcome).toBeNull();
    expect(unused.errors).toEqual([]);

    const { errors } = await graph.run<Outcome>(OUTCOME, { handle: " " });
    expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT", field: "handle" } }]);
    expect(graph.calls).toEqual([]);
  });
});
