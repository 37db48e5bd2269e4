import { type RunningGraph, startGraph } from "../support/start-graph.js";

/** Services of GP Connect 1.2.8, through the sandbox's practice that has one: the pharmacist's clinic. */

const NHS_NUMBER = "9000000009";
const SERVICE = { actor: { reference: "HealthcareService/service-1" }, status: "accepted" };

interface Offered {
  readonly id: string;
  readonly type: string;
  readonly serviceName: string | null;
}
interface Booked {
  readonly bookAppointment: { readonly appointment: { readonly id: string; readonly serviceName: string } };
}
interface Listed {
  readonly patient: { readonly appointments: { readonly id: string; readonly serviceName: string }[] };
}

let graph: RunningGraph;
afterEach(() => graph.close());

/** Books the first free slot of that type; what the practice then holds, and what a reader is shown. */
async function book(type: string) {
  const search = await graph.query<{ practice: { freeSlots: Offered[] } }>(
    '{ practice(odsCode: "T81001") { freeSlots { id type serviceName } } }',
  );
  const slot = search.data.practice.freeSlots.find((one) => one.type === type);
  if (!slot) throw new Error(`the sandbox has no free slot of type ${type}`);
  const { data } = await graph.query<Booked>(
    `mutation ($input: BookAppointmentInput!) { bookAppointment(input: $input) {
       ... on AppointmentBooked { appointment { id serviceName } } } }`,
    { input: { nhsNumber: NHS_NUMBER, slotIds: [slot.id], description: "Review" } },
  );
  const { appointment } = data.bookAppointment;
  const listed = await graph.query<Listed>(
    `{ patient(nhsNumber: "${NHS_NUMBER}") { appointments { id serviceName } } }`,
  );
  const [kept] = [...(graph.sandbox.practices.get("T81001")?.appointments.values() ?? [])];
  return {
    offered: slot.serviceName,
    booked: appointment,
    listed: listed.data.patient.appointments,
    participants: kept?.resource.participant,
  };
}

describe("with service filtering", () => {
  beforeEach(async () => {
    graph = await startGraph({
      environment: { GP_CONNECT_SERVICE_FILTERING: "true" },
      profile: "service-filtering-1.2.8",
    });
    // The parameters of 1.2.8 are sent once the practice's capability statement, which names the version, is cached.
    await graph.query('{ practice(odsCode: "T81001") { capabilities { gpConnectVersion } } }');
  });

  // Proves US03, 1.8/7.
  test("a booking names the service of its slot, and the appointment shows it", async () => {
    const { offered, booked, listed, participants } = await book("Medication Review");
    expect(offered).toBe("Medication Review Service");
    expect(participants).toContainEqual(SERVICE);
    expect(booked.serviceName).toBe(offered);
    expect(listed).toEqual([booked]);
  });

  // Proves US06.
  test("a slot without a service is booked without one", async () => {
    const { offered, booked, listed, participants } = await book("General GP Appointment");
    expect(offered).toBeNull();
    expect(JSON.stringify(participants)).not.toContain("HealthcareService");
    expect(booked.serviceName).toBeNull();
    expect(listed).toEqual([booked]);
  });
});

test("without service filtering no service is named, although the practice's schedule has one", async () => {
  graph = await startGraph({ profile: "service-filtering-1.2.8" });
  const { booked, listed, participants } = await book("Medication Review");
  expect(JSON.stringify(participants)).not.toContain("HealthcareService");
  expect(booked.serviceName).toBeNull();
  expect(listed).toEqual([booked]);
});
