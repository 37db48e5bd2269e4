import { startGraph } from "../support/start-graph.js";

/** Far below the default of both settings (8 s), also on a busy machine. */
const SHORT_MS = 300;
const SOON_MS = 5_000;

test.each<[string, Record<string, string>]>([
  ["follows SSP_TIMEOUT_MS when it has no value", { SSP_TIMEOUT_MS: `${SHORT_MS}` }],
  ["is a setting of its own", { SSP_WRITE_TIMEOUT_MS: `${SHORT_MS}` }],
])("the time-out of writes %s", async (_case, environment) => {
  // The bound is longer than the deadline, so the request does not wait for it.
  const graph = await startGraph({ environment: { LATE_COMMIT_BOUND_MS: "60000", ...environment } });
  try {
    const { data } = await graph.query<{ practice: { freeSlots: { id: string }[] } }>(
      '{ practice(odsCode: "T81001") { freeSlots(first: 1) { id } } }',
    );
    graph.sandbox.faults.add({
      service: "PRACTICE",
      interaction: "create:appointment-1",
      kind: "hang",
      times: 1,
    });
    const startedAt = performance.now();

    const booked = await graph.query(
      `mutation ($input: BookAppointmentInput!) { bookAppointment(input: $input) { __typename } }`,
      {
        input: { nhsNumber: "9000000009", slotIds: [data.practice.freeSlots[0]?.id], description: "Review" },
      },
    );

    expect(booked.data).toEqual({ bookAppointment: { __typename: "BookingOutcomeUnknown" } });
    expect(performance.now() - startedAt).toBeLessThan(SOON_MS);
  } finally {
    await graph.close();
  }
});
