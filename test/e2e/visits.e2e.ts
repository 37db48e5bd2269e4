import { type RunningGraph, startGraph } from "../support/start-graph.js";

/** Home visits of GP Connect 1.2.9: the graph shows them and leaves them to the practice. */
describe("a home visit", () => {
  let graph: RunningGraph;
  beforeAll(async () => {
    graph = await startGraph();
  });
  afterAll(() => graph?.close());

  interface Listed {
    readonly patient: { readonly appointments: readonly { readonly id: string; readonly version: string }[] };
  }
  const list = () =>
    graph.query<Listed>(
      `{ patient(nhsNumber: "9990000905") {
           appointments { id version status deliveryChannel location { name } } } }`,
    );

  it("is on the list of the patient's appointments, with the practice's words for its place", async () => {
    const { data, errors } = await list();

    expect(errors).toBeUndefined();
    expect(data.patient.appointments).toMatchObject([
      {
        status: "booked",
        deliveryChannel: "Visit",
        location: { name: "Contact practice for location of the visit" },
      },
    ]);
  });

  it("is not cancelled: the conflict says why, and the practice receives no change", async () => {
    const [visit] = (await list()).data.patient.appointments;

    const { data, errors } = await graph.query(
      `mutation ($input: CancelAppointmentInput!) { cancelAppointment(input: $input) {
         ... on AppointmentNotChangeable { code } } }`,
      { input: { id: visit?.id, version: visit?.version, reason: "Better" } },
    );

    expect(errors).toBeUndefined();
    expect(data).toEqual({ cancelAppointment: { code: "READ_ONLY_VISIT" } });
    expect(graph.sandbox.requests.filter(({ method }) => method === "PUT")).toEqual([]);
  });
});
