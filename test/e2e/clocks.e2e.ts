import { TestClock } from "../support/call-context.js";
import { type RunningGraph, startGraph } from "../support/start-graph.js";

/**
 * The double run of the assurance notes, section 1.9, for commands: the sandbox's practices refuse a time that is
 * printed anew, an offset that is wrong for its date, and anything in UTC.
 */
const WINTER = /T\d\d:\d\d:\d\d\+00:00$/;
const SUMMER = /T\d\d:\d\d:\d\d\+01:00$/;
/** Now, the form of its time, and that of the next free slot's. */
const RUNS = [
  ["in January", "2026-01-14T09:12:34Z", WINTER, WINTER],
  ["in July", "2026-07-15T08:12:34Z", SUMMER, SUMMER],
  ["on the weekend of the change of March", "2026-03-28T20:12:34Z", WINTER, SUMMER],
  ["on the weekend of the change of October", "2026-10-24T20:12:34Z", SUMMER, WINTER],
] as const;

const TIMES = "start end status";

interface Times {
  readonly id: string;
  readonly start: string;
  readonly end: string;
}
interface Changed {
  readonly appointment: Times & { readonly version: string; readonly status: string };
}

describe.each(RUNS)("%s", (_when, now, ofNow, ofSlot) => {
  let graph: RunningGraph;
  beforeAll(async () => {
    graph = await startGraph({ clock: new TestClock(Date.parse(now)) });
  });
  afterAll(() => graph.close());

  // Proves 1.9/2, 1.9/3, 1.9/7, SUMMER-TIME-SCREEN, CONS-AppointmentsAPITest1, HAZ-WRONG-TIME, HAZ-52.
  test("a slot is booked, listed, amended and cancelled with the same times", async () => {
    const search = await graph.query<{ practice: { freeSlots: Times[] } }>(
      '{ practice(odsCode: "T81001") { freeSlots(first: 1) { id start end } } }',
    );
    const [slot] = search.data.practice.freeSlots;
    if (!slot) throw new Error("the sandbox has no free slot");
    const { id: slotId, ...times } = slot;
    expect(times).toEqual({ start: expect.stringMatching(ofSlot), end: expect.stringMatching(ofSlot) });

    const booking = await graph.query<{ bookAppointment: Changed }>(
      `mutation ($input: BookAppointmentInput!) { bookAppointment(input: $input) {
         ... on AppointmentBooked { appointment { id version ${TIMES} createdAt } } } }`,
      { input: { nhsNumber: "9000000009", slotIds: [slotId], description: "Review" } },
    );
    const { id, version } = booking.data.bookAppointment.appointment;
    expect(booking.data.bookAppointment.appointment).toMatchObject({
      ...times,
      createdAt: expect.stringMatching(ofNow),
    });

    const listed = await graph.query<{ patient: { appointments: Times[] } }>(
      `{ patient(nhsNumber: "9000000009") { appointments { id ${TIMES} } } }`,
    );
    expect(listed.data.patient.appointments).toEqual([{ id, ...times, status: "booked" }]);

    const amended = await graph.query<{ amendAppointment: Changed }>(
      `mutation ($input: AmendAppointmentInput!) { amendAppointment(input: $input) {
         ... on AppointmentAmended { appointment { version ${TIMES} } } } }`,
      { input: { id, version, comment: "Bring a list" } },
    );
    expect(amended.data.amendAppointment.appointment).toMatchObject(times);

    const cancelled = await graph.query<{ cancelAppointment: Changed }>(
      `mutation ($input: CancelAppointmentInput!) { cancelAppointment(input: $input) {
         ... on AppointmentCancelled { appointment { ${TIMES} } } } }`,
      { input: { id, version: amended.data.amendAppointment.appointment.version, reason: "Better" } },
    );
    expect(cancelled.data.cancelAppointment.appointment).toEqual({ ...times, status: "cancelled" });
  });
});
