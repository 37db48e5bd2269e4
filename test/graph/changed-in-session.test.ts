import type { PatientRecord } from "../../src/domain/patient.js";
import { TestClock } from "../support/call-context.js";
import { createGraphHarness, harnessPatient } from "../support/graph-harness.js";

/** What PDS says of a patient changes while a session goes on that has the earlier answer. */
const TWO_MINUTES_MS = 120_000;
const SESSION = { session: "encounter-1" };
const QUERY = `{ patient(nhsNumber: "9000000009") {
  fetchedAt deceased address { lines } practice { odsCode freeSlots(first: 1) { start } } appointments { id }
} }`;

interface Answer {
  readonly patient: {
    readonly fetchedAt: string;
    readonly deceased: boolean;
    readonly address: { readonly lines: readonly string[] } | null;
    readonly practice: { readonly odsCode: string; readonly freeSlots: object[] | null } | null;
    readonly appointments: object[] | null;
  };
}

const HOME = [{ use: "home", lines: ["1 Invented Lane"] }];

function setUp() {
  const clock = new TestClock();
  let facts: Partial<PatientRecord> = { addresses: HOME };
  const graph = createGraphHarness({
    clock,
    pds: {
      readPatient: async (nhsNumber) => ({
        kind: "found",
        record: harnessPatient(nhsNumber, clock.now(), facts),
      }),
    },
  });
  return {
    clock,
    graph,
    change: (to: Partial<PatientRecord>) => {
      facts = to;
    },
    ask: () => graph.run<Answer>(QUERY, {}, SESSION),
  };
}

// Proves HAZ-46.
test("a cached patient record keeps the time of its PDS response", async () => {
  const { clock, ask, graph } = setUp();
  const first = await ask();
  clock.advance(60_000);
  const second = await ask();
  clock.advance(60_000);
  const third = await ask();

  expect([first, second, third].map(({ data }) => data.patient.fetchedAt)).toEqual([
    "2026-11-23T09:00:00.000Z",
    "2026-11-23T09:00:00.000Z",
    "2026-11-23T09:02:00.000Z",
  ]);
  expect(graph.counts()["pds.readPatient"]).toBe(2);
});

// Proves HAZ-REVEALED, GPC-CORE04.
test("a confidentiality flag set during a session closes the fields within two minutes", async () => {
  const { clock, change, ask, graph } = setUp();
  expect((await ask()).data.patient.practice?.odsCode).toBe("T81001");
  clock.advance(TWO_MINUTES_MS);
  change({ confidentiality: "R" });
  graph.forgetCalls();

  const flagged = await ask();

  expect(flagged.data.patient).toMatchObject({ address: null, practice: null, appointments: null });
  expect(graph.counts()).toEqual({ "pds.readPatient": 1 });
  clock.advance(TWO_MINUTES_MS);
  change({ registeredPractice: undefined });
  const { fetchedAt: _then, ...flaggedData } = flagged.data.patient;
  const unregistered = await ask();
  const { fetchedAt: _now, ...unregisteredData } = unregistered.data.patient;
  expect(unregisteredData).toEqual(flaggedData);
  expect(unregistered.errors.map(shown)).toEqual(flagged.errors.map(shown));
});

// Proves HAZ-STALE, GPC-CORE07.
test("a death recorded in mid-session closes the practice within two minutes", async () => {
  const { clock, change, ask, graph } = setUp();
  expect((await ask()).data.patient.practice?.freeSlots).toHaveLength(1);
  clock.advance(TWO_MINUTES_MS);
  change({ deathNotification: "1" });
  graph.forgetCalls();

  const { data, errors } = await ask();

  expect(data.patient).toMatchObject({ deceased: true, practice: { freeSlots: null }, appointments: null });
  expect(errors.map(({ extensions }) => extensions?.reason)).toEqual(["DECEASED", "DECEASED"]);
  expect(graph.counts()).toEqual({ "pds.readPatient": 1 });
});

function shown({ message, path, extensions }: { message: string; path?: unknown; extensions?: object }) {
  return { message, path, extensions: { ...extensions, correlationId: undefined } };
}
