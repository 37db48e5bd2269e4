import type { PracticeAppointment } from "../../src/domain/appointment.js";
import type { SlotSearchResponse } from "../../src/domain/slot.js";
import type { GpConnectClient, SlotSearch } from "../../src/upstreams/ssp/index.js";
import { appointmentList } from "../support/appointment-list.js";
import {
  createGraphHarness,
  dailySlots,
  HARNESS_PRACTICE,
  type HarnessAnswer,
  harnessPatient,
  harnessSlot,
} from "../support/graph-harness.js";

const NHS_NUMBER = "9000000009";
const SERVICE = "2000099999";

interface Scene {
  readonly searches: SlotSearch[];
  readonly servicesRead: string[];
  practice<T>(fields: string): Promise<HarnessAnswer<{ readonly practice: T | null }>>;
  run<T>(query: string): Promise<HarnessAnswer<T>>;
}

/** Practices of 1.2.8 and a server with the setting on, unless the test says otherwise. */
function createScene(
  fakes: {
    readonly on?: boolean;
    readonly answer?: (search: SlotSearch) => SlotSearchResponse;
    readonly appointment?: PracticeAppointment;
    readonly serviceName?: string;
  } = {},
): Scene {
  const { on = true, serviceName } = fakes;
  const searches: SlotSearch[] = [];
  const servicesRead: string[] = [];
  const everyDay = ({ start, end }: SlotSearch) => ({
    slots: dailySlots(Date.parse(start), Date.parse(end)),
  });
  const gpConnect: Partial<GpConnectClient> = {
    serviceFiltering: on,
    searchFreeSlots: async (_practice, search) => {
      searches.push(search);
      return (fakes.answer ?? everyDay)(search);
    },
    readHealthcareService: async (_practice, id) => {
      servicesRead.push(id);
      return serviceName === undefined ? undefined : { id, name: serviceName };
    },
    findPatient: async (_practice, nhsNumber) => [{ id: "patient-1", nhsNumber }],
    fetchAppointments: async () => appointmentList(fakes.appointment ? [fakes.appointment] : []),
  };
  const harness = createGraphHarness({
    pds: {
      readPatient: async (nhsNumber) => ({
        kind: "found",
        record: harnessPatient(nhsNumber, Date.parse("2026-11-23T09:00:00Z")),
      }),
    },
    sources: { gpConnect: gpConnect as GpConnectClient },
  });
  return {
    searches,
    servicesRead,
    run: (query) => harness.run(query),
    practice: (fields) => harness.run(`{ practice(odsCode: "${HARNESS_PRACTICE}") { ${fields} } }`),
  };
}

describe("the argument serviceId", () => {
  // Proves GPC-SFS-1.6, GPC-AMUS-BPA-1-5, US01.
  test.each([
    ["freeSlots", `freeSlots(serviceId: "${SERVICE}") { start }`],
    ["nextFreeSlots", `nextFreeSlots(first: 1, serviceId: "${SERVICE}") { start }`],
    ["slotSearch", `slotSearch(serviceId: "${SERVICE}") { to }`],
    ["slotSearch with a horizon", `slotSearch(horizonDays: 14, serviceId: "${SERVICE}") { to }`],
  ])("of %s goes to the practice, and is refused where the setting is off", async (_name, field) => {
    const scene = createScene();
    expect((await scene.practice(field)).errors).toEqual([]);
    expect(scene.searches).toMatchObject([{ serviceId: SERVICE }]);

    const off = createScene({ on: false });
    const { errors } = await off.practice(field);
    expect(errors).toMatchObject([
      {
        message: expect.stringMatching(/switched off/),
        extensions: { code: "BAD_USER_INPUT", field: "serviceId" },
      },
    ]);
    expect(off.searches).toEqual([]);
  });

  test.each(["", "20000x", " 1", "1|2", "-1", "1".repeat(21)])(
    "of %p is refused before any call",
    async (id) => {
      const scene = createScene();
      const { errors } = await scene.practice(`freeSlots(serviceId: ${JSON.stringify(id)}) { start }`);
      expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT", field: "serviceId" } }]);
      expect(scene.searches).toEqual([]);
    },
  );

  // Proves US04.
  test.each([true, false])("may be null, or left out (setting on: %p)", async (on) => {
    const scene = createScene({ on });
    expect((await scene.practice("freeSlots(serviceId: null) { start } ")).errors).toEqual([]);
    expect(scene.searches).toHaveLength(1);
    expect(scene.searches[0]).not.toHaveProperty("serviceId");
  });

  // Proves 1.8/7.
  test("makes another question: a call is shared by fields that ask for the same service, and by no others", async () => {
    const mine = { service: { id: "h1", name: "Evening Hub" } };
    const slot = harnessSlot(Date.parse("2026-11-24T10:00:00Z"));
    const scene = createScene({
      answer: ({ serviceId }) => ({
        slots: serviceId === undefined ? [slot] : [{ ...slot, id: `of-${serviceId}`, ...mine }],
      }),
    });
    const { data, errors } = await scene.practice<Record<string, { serviceName: string | null }[]>>(`
      all: freeSlots { serviceName }
      again: nextFreeSlots(first: 1, horizonDays: 14) { serviceName }
      one: freeSlots(serviceId: "1") { serviceName }
      same: nextFreeSlots(first: 1, horizonDays: 14, serviceId: "1") { serviceName }
      other: freeSlots(serviceId: "2") { serviceName }
    `);
    expect(errors).toEqual([]);
    expect(scene.searches.map(({ serviceId }) => serviceId)).toEqual([undefined, "1", "2"]);
    const [unserved, served] = [[{ serviceName: null }], [{ serviceName: "Evening Hub" }]];
    expect(data.practice).toEqual({
      all: unserved,
      again: unserved,
      one: served,
      same: served,
      other: served,
    });
  });
});

describe("slotSearch tells what the practice says", () => {
  const WARNING = "The practice has no service with this id, so it has no free slots for it.";

  // Proves GPC-AMUS-BPA-1-5, US01.
  test("an unknown service: no slots and a warning, no error", async () => {
    const scene = createScene({ answer: () => ({ slots: [], warnings: [WARNING] }) });
    const { data, errors } = await scene.practice(
      `slotSearch(serviceId: "${SERVICE}") { slots { start } serviceFiltering warnings }`,
    );
    expect(errors).toEqual([]);
    expect(data.practice).toEqual({
      slotSearch: { slots: [], serviceFiltering: null, warnings: [WARNING] },
    });
  });

  // Proves US01.
  test.each([
    [["enabled", "enabled"], "enabled"],
    [["enabled", "organization-disabled"], "organization-disabled"],
    [["supplier-disabled", "enabled"], "supplier-disabled"],
    [["enabled", undefined], null],
    [[undefined, undefined], null],
  ])("the filtering status of two windows, %p", async (statuses, expected) => {
    const told = [...statuses];
    const scene = createScene({ answer: () => ({ slots: [], serviceFiltering: told.shift() }) });
    const { data } = await scene.practice(
      `slotSearch(horizonDays: 28, serviceId: "${SERVICE}") { serviceFiltering }`,
    );
    expect(scene.searches).toHaveLength(2);
    expect(data.practice).toEqual({ slotSearch: { serviceFiltering: expected } });
  });
});

// Proves US03, US06.
describe("the service of an appointment", () => {
  const appointment: PracticeAppointment = {
    id: "a-5",
    versionId: "3",
    status: "booked",
    start: "2026-11-24T09:00:00+00:00",
    end: "2026-11-24T09:10:00+00:00",
    slotIds: [],
    patientId: "patient-1",
  };
  const query = (fields: string) => `{ patient(nhsNumber: "${NHS_NUMBER}") { appointments { ${fields} } } }`;

  async function serviceName(scene: Scene, fields = "serviceName"): Promise<unknown> {
    const { data, errors } = await scene.run<{ patient: { appointments: unknown[] } }>(query(fields));
    expect(errors).toEqual([]);
    return data.patient.appointments[0];
  }

  // Proves 1.8/7.
  test("is read when selected, and only then", async () => {
    const scene = createScene({
      appointment: { ...appointment, service: { id: "h1" } },
      serviceName: "Evening Hub",
    });
    expect(await serviceName(scene, "status")).toEqual({ status: "booked" });
    expect(scene.servicesRead).toEqual([]);
    expect(await serviceName(scene, "serviceName again: serviceName")).toEqual({
      serviceName: "Evening Hub",
      again: "Evening Hub",
    });
    expect(scene.servicesRead).toEqual(["h1"]);
  });

  test.each<[string, Parameters<typeof createScene>[0], string | null, number]>([
    ["none", { appointment }, null, 0],
    [
      "one that the practice does not know",
      { appointment: { ...appointment, service: { id: "h1" } } },
      null,
      1,
    ],
    ["one known", { appointment: { ...appointment, service: { id: "h1", name: "Hub" } } }, "Hub", 0],
    [
      "one known, setting off",
      { on: false, appointment: { ...appointment, service: { id: "h1", name: "Hub" } } },
      "Hub",
      0,
    ],
    [
      "one not known, setting off",
      { on: false, appointment: { ...appointment, service: { id: "h1" } }, serviceName: "Hub" },
      null,
      0,
    ],
  ])("costs no call that is not needed: %s", async (_name, fakes, expected, reads) => {
    const scene = createScene(fakes);
    expect(await serviceName(scene)).toEqual({ serviceName: expected });
    expect(scene.servicesRead).toHaveLength(reads);
  });
});
