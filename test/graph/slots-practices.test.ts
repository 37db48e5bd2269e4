import type { OdsCode } from "../../src/domain/ods-code.js";
import { upstreamError } from "../../src/upstreams/upstream-errors.js";
import { createGraphHarness, dailySlots } from "../support/graph-harness.js";

interface Answer {
  readonly practices: readonly ({
    readonly odsCode: string;
    readonly freeSlots: readonly unknown[] | null;
  } | null)[];
}

const QUERY = `query ($odsCodes: [ID!]!, $to: DateTime) {
  practices(odsCodes: $odsCodes) { odsCode freeSlots(to: $to) { id start } }
}`;

const codes = (count: number) => Array.from({ length: count }, (_, index) => `T${81_000 + index}`);

// Proves GPC-AMUS-BPA-1, GPC-AMUS-PRE-2, GPC-AMUS-PRE-2.2, HAZ-51.
test("200 practices are searched in one operation, in the order asked for", async () => {
  const harness = createGraphHarness();
  const odsCodes = codes(200).reverse();
  const { data, errors } = await harness.run<Answer>(QUERY, { odsCodes });
  expect(errors).toEqual([]);
  expect(data.practices.map((practice) => practice?.odsCode)).toEqual(odsCodes);
  expect(data.practices.every((practice) => practice?.freeSlots?.length === 14)).toBe(true);
  expect(harness.counts()["gpConnect.searchFreeSlots"]).toBe(200);
});

test("12 weeks of several practices cost six windows each", async () => {
  const harness = createGraphHarness();
  const { errors } = await harness.run<Answer>(QUERY, { odsCodes: codes(5), to: "2027-02-14T22:00:00Z" });
  expect(errors).toEqual([]);
  expect(harness.counts()["gpConnect.searchFreeSlots"]).toBe(30);
});

// Proves GPC-STR-TST-GEN-26, GPC-SFS-1.1, HAZ-36, HAZ-38.
test("each fails alone: unknown to the directory, unreachable, refusing, malformed", async () => {
  const harness = createGraphHarness({
    directory: {
      lookUp: async (queries) =>
        queries.map(({ odsCode }) =>
          odsCode === "T81001"
            ? { kind: "none" }
            : {
                kind: "entry",
                entry: { odsCode, asid: "918999198738", partyKey: "P", serviceRootUrl: "https://p.example" },
              },
        ),
    },
    gpConnect: {
      searchFreeSlots: async ({ odsCode }, { start, end }) => {
        const details = { service: "PROVIDER", retryable: true } as const;
        if (odsCode === "T81002") throw upstreamError({ ...details, code: "UPSTREAM_TIMEOUT" });
        if (odsCode === "T81003")
          throw upstreamError({ ...details, code: "UPSTREAM_REFUSED", reason: "NOT_ENABLED" });
        return { slots: dailySlots(Date.parse(start), Date.parse(end)) };
      },
    },
  });
  const odsCodes = ["T81000", "T81001", "T81002", "T81003", "!", "T81005"];
  const { data, errors } = await harness.run<Answer>(QUERY, { odsCodes });
  expect(data.practices.map((practice) => practice?.freeSlots?.length)).toEqual([
    14,
    undefined,
    undefined,
    undefined,
    undefined,
    14,
  ]);
  const told = errors.map(({ path, extensions }) => [
    path?.[1],
    extensions?.code,
    extensions?.reason ?? null,
  ]);
  expect(told.sort()).toEqual([
    [1, "UPSTREAM_REFUSED", "NOT_ON_GP_CONNECT"],
    [2, "UPSTREAM_TIMEOUT", null],
    [3, "UPSTREAM_REFUSED", "NOT_ENABLED"],
    [4, "BAD_USER_INPUT", null],
  ]);
});

test("a practice that is named twice comes twice and costs as once", async () => {
  const harness = createGraphHarness();
  const { data } = await harness.run<Answer>(QUERY, { odsCodes: ["T81001", "t81001", "T81002", "T81001"] });
  expect(data.practices.map((practice) => practice?.odsCode)).toEqual([
    "T81001",
    "T81001",
    "T81002",
    "T81001",
  ]);
  expect(data.practices[3]).toEqual(data.practices[0]);
  expect(harness.counts()["gpConnect.searchFreeSlots"]).toBe(2);
});

test("no practices are no calls", async () => {
  const harness = createGraphHarness();
  expect((await harness.run<Answer>(QUERY, { odsCodes: [] })).data).toEqual({ practices: [] });
  expect(harness.calls).toEqual([]);
});

test("a quick practice is not kept waiting by a slow one", async () => {
  let answerSlowly: () => void = () => undefined;
  const quickIsDone = new Promise<void>((resolve) => {
    answerSlowly = resolve;
  });
  const harness = createGraphHarness({
    gpConnect: {
      searchFreeSlots: async ({ odsCode }, { start }) => {
        if (odsCode === ("T81001" as OdsCode)) await quickIsDone;
        // The quick one's second window sets the slow one free: were they to wait for each other, nobody would end.
        else if (!start.startsWith("2026-11-23")) answerSlowly();
        return { slots: [] };
      },
    },
  });
  const { errors } = await harness.run(
    '{ practices(odsCodes: ["T81001", "T81002"]) { nextFreeSlots(horizonDays: 28) { id } } }',
  );
  expect(errors).toEqual([]);
  expect(harness.counts()["gpConnect.searchFreeSlots"]).toBe(4);
});
