import type { DirectoryEntry } from "../../src/domain/directory-entry.js";
import { upstreamError } from "../../src/upstreams/upstream-errors.js";
import { createGraphHarness, harnessSlot } from "../support/graph-harness.js";

/** A practice changes its supplier in mid-session: the directory is asked once more, the read made once more. */
const OLD = "https://old.example/T81001";
const NEW = "https://new.example/T81001";

function harness(addresses: string[]) {
  let registered = OLD;
  const asked: string[] = [];
  const graph = createGraphHarness({
    directory: {
      lookUp: async (queries) =>
        queries.map(({ odsCode, fresh }) => {
          const serviceRootUrl = addresses.shift() ?? registered;
          asked.push(`${serviceRootUrl}${fresh ? " fresh" : ""}`);
          return { kind: "entry", entry: { odsCode, asid: "918999198738", partyKey: "P-1", serviceRootUrl } };
        }),
    },
    gpConnect: {
      searchFreeSlots: async ({ serviceRootUrl }: DirectoryEntry, { start }) => {
        if (serviceRootUrl !== registered) throw changed();
        return { slots: [harnessSlot(Date.parse(start) + 3_600_000)] };
      },
    },
  });
  return { graph, asked, move: () => (registered = NEW) };
}

const changed = () =>
  upstreamError({ service: "SSP", code: "UPSTREAM_REFUSED", reason: "ENDPOINT_CHANGED", retryable: true });

const QUERY = '{ practice(odsCode: "T81001") { freeSlots { start } } }';

// Proves HAZ-43.
test("one fresh look-up, then success, and the session goes on with the new address", async () => {
  const { graph, asked, move } = harness([]);
  await graph.run(QUERY, {}, { session: "s" });
  move();

  const answer = await graph.run(QUERY, {}, { session: "s" });
  const again = await graph.run(QUERY, {}, { session: "s" });

  expect(answer).toMatchObject({ data: { practice: { freeSlots: [{}] } }, errors: [] });
  expect(again.errors).toEqual([]);
  expect(asked).toEqual([OLD, `${NEW} fresh`]);
  expect(graph.counts()).toEqual({ "directory.lookUp": 2, "gpConnect.searchFreeSlots": 4 });
});

// Proves HAZ-43.
test("when the directory still gives the old address, the refusal stands and is worth another try later", async () => {
  const { graph, asked, move } = harness([OLD, OLD]);
  move();

  const { data, errors } = await graph.run(QUERY);

  expect(data).toEqual({ practice: { freeSlots: null } });
  expect(errors[0]?.extensions).toMatchObject({
    code: "UPSTREAM_REFUSED",
    reason: "ENDPOINT_CHANGED",
    retryable: true,
  });
  expect(asked).toEqual([OLD, `${OLD} fresh`]);
});

test("many windows of one practice share the one fresh look-up", async () => {
  const { graph, asked, move } = harness([OLD]);
  move();

  const answer = await graph.run(
    '{ practice(odsCode: "T81001") { freeSlots(to: "2027-02-14T09:00:00+00:00") { start } } }',
  );

  expect(answer.errors).toEqual([]);
  expect(asked).toEqual([OLD, `${NEW} fresh`]);
});
