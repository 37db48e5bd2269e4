import type { NhsNumber } from "../../src/domain/nhs-number.js";
import { appointmentList } from "../support/appointment-list.js";
import { createGraphHarness, harnessPatient, harnessSlot } from "../support/graph-harness.js";

/**
 * Depth in time (design section 5): how many upstream answers a query waits for one after another. Every
 * upstream call is held until all that can be asked has been asked; then all held calls are answered at once.
 * Each such round is one hop.
 */
class Rounds {
  #held: (() => void)[] = [];

  hold<T>(answer: () => T): Promise<T> {
    return new Promise<void>((release) => this.#held.push(release)).then(answer);
  }

  /** Runs a query to its end and counts the rounds. */
  async count(query: Promise<unknown>): Promise<number> {
    let done = false;
    const ended = query.finally(() => {
      done = true;
    });
    let rounds = 0;
    for (;;) {
      await quiet();
      if (done) break;
      if (this.#held.length === 0) continue;
      rounds += 1;
      for (const release of this.#held.splice(0)) release();
    }
    await ended;
    return rounds;
  }
}

/** Lets everything run that does not wait for an upstream. */
async function quiet(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

function harness() {
  const rounds = new Rounds();
  const graph = createGraphHarness({
    pds: {
      readPatient: (nhsNumber: NhsNumber) =>
        rounds.hold(() => ({ kind: "found", record: harnessPatient(nhsNumber, graph.clock.now()) })),
    },
    directory: {
      lookUp: (queries) =>
        rounds.hold(() =>
          queries.map(({ odsCode }) => ({
            kind: "entry",
            entry: {
              odsCode,
              asid: "918999198738",
              partyKey: "P-1",
              serviceRootUrl: `https://p.example/${odsCode}`,
            },
          })),
        ),
    },
    gpConnect: {
      fetchCapabilities: () => rounds.hold(() => ({ interactions: [] })),
      searchFreeSlots: (_practice, { start }) =>
        rounds.hold(() => ({ slots: [harnessSlot(Date.parse(start) + 3_600_000)] })),
      findPatient: (_practice, nhsNumber) => rounds.hold(() => [{ id: "p1", nhsNumber }]),
      fetchAppointments: () => rounds.hold(() => appointmentList()),
    },
    visitorsAndMigrants: { fetchChargeableStatus: () => rounds.hold(() => ({ recorded: false })) },
  });
  return { graph, rounds };
}

const patient = (selection: string) => `{ patient(nhsNumber: "9990000018") { ${selection} } }`;

test.each([
  ["demographics", patient("nhsNumber"), 1],
  ["chargeable status", patient("chargeableStatus { recorded }"), 2],
  [
    "chargeable status in a fragment, under an alias",
    patient("...F } } fragment F on Patient { x: chargeableStatus { recorded"),
    2,
  ],
  ["capabilities", patient("practice { capabilities { canBookAppointments } }"), 3],
  ["free slots", patient("practice { freeSlots { start } }"), 3],
  [
    "free slots over twelve weeks",
    patient('practice { freeSlots(to: "2027-02-14T09:00:00+00:00") { start } }'),
    3,
  ],
  [
    "the card",
    patient(
      "chargeableStatus { recorded } practice { capabilities { canBookAppointments } freeSlots { start } }",
    ),
    3,
  ],
  ["appointments", patient("appointments { id }"), 4],
  [
    "a practice's capabilities and slots",
    '{ practice(odsCode: "T81001") { capabilities { canBookAppointments } freeSlots { start } } }',
    2,
  ],
  [
    "twenty practices",
    `{ practices(odsCodes: [${Array.from({ length: 20 }, (_, index) => `"T8110${index}"`).join(" ")}]) { freeSlots { start } } }`,
    2,
  ],
])("%s: %s", async (_case, query, hops) => {
  const { graph, rounds } = harness();
  const answer = graph.run(query);

  expect(await rounds.count(answer)).toBe(hops);
  expect((await answer).errors).toEqual([]);
});

test("several entities of one practice are three hops deep", async () => {
  const { graph, rounds } = harness();
  const numbers = ["9990000018", "9990000026", "9990000034", "9990000042", "9990000050"];
  const representations = numbers.map((nhsNumber) => ({ __typename: "Patient", nhsNumber }));
  const answer = graph.run(
    "query ($r: [_Any!]!) { _entities(representations: $r) { ... on Patient { practice { freeSlots { start } } } } }",
    { r: representations },
  );

  expect(await rounds.count(answer)).toBe(3);
  expect((await answer).errors).toEqual([]);
  expect(graph.counts()).toMatchObject({ "pds.readPatient": 5, "gpConnect.searchFreeSlots": 1 });
});

test("whether Spine is looked up beside the patients goes by the variables of each operation", async () => {
  const { graph, rounds } = harness();
  const query =
    "query ($r: [_Any!]!, $with: Boolean!) { _entities(representations: $r) { ... on Patient { nhsNumber chargeableStatus @include(if: $with) { recorded } } } }";
  const r = ["9990000018", "9990000026"].map((nhsNumber) => ({ __typename: "Patient", nhsNumber }));

  expect(await rounds.count(graph.run(query, { r, with: false }))).toBe(1);
  expect(graph.counts()).toEqual({ "pds.readPatient": 2 });
  expect(await rounds.count(graph.run(query, { r, with: true }))).toBe(2);
  expect(graph.counts()).toMatchObject({ "directory.lookUp": 1 });
});
