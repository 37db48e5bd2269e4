import fc from "fast-check";
import type { Slot } from "../../src/domain/slot.js";
import { createGraphHarness, harnessSlot } from "../support/graph-harness.js";

/** The slots of a practice in pages, while others book them and new ones appear. */
const MINUTE = 60_000;
const START = Date.parse("2026-11-24T09:00:00Z");
const PAGE = `query ($first: Int, $after: String) { practice(odsCode: "T81001") {
  slots(first: $first, after: $after, from: "2026-11-24T00:00:00Z", to: "2026-11-30T00:00:00Z") {
    nodes { start } edges { cursor node { start } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } warnings } } }`;

interface Answer {
  readonly practice: {
    readonly slots: {
      readonly nodes: { start: string }[];
      readonly edges: { cursor: string; node: { start: string } }[];
      readonly pageInfo: {
        hasNextPage: boolean;
        hasPreviousPage: boolean;
        startCursor: string | null;
        endCursor: string | null;
      };
      readonly warnings: string[];
    } | null;
  };
}

function practiceWith(slots: readonly Slot[]) {
  const state = { slots: [...slots] };
  const harness = createGraphHarness({
    gpConnect: { searchFreeSlots: async () => ({ slots: [...state.slots] }) },
  });
  const page = async (variables: { first?: number; after?: string | null }) => {
    const { data, errors } = await harness.run<Answer>(PAGE, variables);
    return { slots: data.practice.slots, errors };
  };
  return { state, page, harness };
}

const at = (minutes: number, id = `at-${minutes}`) => harnessSlot(START + minutes * MINUTE, { id });
const startsOf = (slots: readonly Slot[]) => slots.map(({ start }) => start);

test("pages hold every slot once, in order, and say where they end", async () => {
  const slots = [at(0), at(10), at(20), at(30), at(40)];
  const { page } = practiceWith(slots.toReversed());

  const first = await page({ first: 2 });
  const second = await page({ first: 2, after: first.slots?.pageInfo.endCursor ?? "" });
  const third = await page({ first: 2, after: second.slots?.pageInfo.endCursor ?? "" });

  expect([first, second, third].flatMap(({ slots }) => slots?.nodes.map(({ start }) => start))).toEqual(
    startsOf(slots),
  );
  expect([first, second, third].map(({ slots }) => slots?.pageInfo.hasNextPage)).toEqual([true, true, false]);
  expect([first, second, third].map(({ slots }) => slots?.pageInfo.hasPreviousPage)).toEqual([
    false,
    true,
    true,
  ]);
  expect(first.slots?.edges.map(({ node }) => node)).toEqual(first.slots?.nodes);
  expect(first.slots?.pageInfo.endCursor).toBe(first.slots?.edges.at(-1)?.cursor);
});

test("a slot that appears before a position moves nothing, and one that is booked at it loses nothing", async () => {
  const { state, page } = practiceWith([at(0), at(10), at(20), at(30)]);
  const first = await page({ first: 2 });

  state.slots = [at(5), at(0), at(20), at(25), at(30)]; // at(10), where the page ended, has been booked
  const second = await page({ first: 5, after: first.slots?.pageInfo.endCursor ?? "" });

  expect(second.slots?.nodes.map(({ start }) => start)).toEqual(startsOf([at(20), at(25), at(30)]));
});

test("slots that start together are split between pages by their ids", async () => {
  const { page } = practiceWith([at(0, "c"), at(0, "a"), at(0, "b")]);

  const first = await page({ first: 1 });
  const rest = await page({ first: 5, after: first.slots?.pageInfo.endCursor ?? "" });

  expect(first.slots?.nodes).toHaveLength(1);
  expect(rest.slots?.nodes).toHaveLength(2);
  expect(
    new Set([...(first.slots?.edges ?? []), ...(rest.slots?.edges ?? [])].map(({ cursor }) => cursor)).size,
  ).toBe(3);
});

test("a page is 50 slots when first is left out, and an empty page has no cursors", async () => {
  const { page } = practiceWith(Array.from({ length: 60 }, (_, index) => at(index * 10)));
  const { slots } = await page({});

  expect(slots?.nodes).toHaveLength(50);
  expect((await practiceWith([]).page({})).slots).toEqual({
    nodes: [],
    edges: [],
    pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    warnings: [],
  });
});

test.each(["", "x", "bnVsbA", "WzEsMl0", "WyJhIiwiYiJd", "a".repeat(5_000)])(
  "a position that is none of ours, %j, is refused before any call",
  async (after) => {
    const { page, harness } = practiceWith([at(0)]);

    const { slots, errors } = await page({ after });

    expect(slots).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT", field: "after" } }]);
    expect(harness.calls).toEqual([]);
  },
);

test("whatever is booked or appears between pages, a slot that was free throughout is seen once and no slot twice", async () => {
  const slot = fc.record({ minutes: fc.integer({ min: 0, max: 60 }), id: fc.constantFrom("a", "b", "c") });
  const toSlots = (records: { minutes: number; id: string }[]) => [
    ...new Map(
      records.map(({ minutes, id }) => [`${minutes} ${id}`, at(minutes, `${minutes} ${id}`)]),
    ).values(),
  ];
  const key = (record: { minutes: number; id: string }) => `${record.minutes} ${record.id}`;

  await fc.assert(
    fc.asyncProperty(
      fc.array(slot, { minLength: 1, maxLength: 20 }),
      fc.array(fc.array(slot, { maxLength: 10 }), { maxLength: 4 }),
      fc.integer({ min: 1, max: 5 }),
      async (constant, changes, first) => {
        const { state, page } = practiceWith([]);
        const seen: string[] = [];
        let after: string | null = null;
        for (let round = 0; round < 100; round++) {
          state.slots = toSlots([...constant, ...(changes[round % Math.max(changes.length, 1)] ?? [])]);
          const { slots } = await page({ first, after });
          seen.push(...(slots?.edges.map(({ cursor }) => cursor) ?? []));
          after = slots?.pageInfo.endCursor ?? after;
          if (!slots?.pageInfo.hasNextPage) break;
        }
        const decoded = seen.map((cursor) => JSON.parse(Buffer.from(cursor, "base64url").toString())[1]);
        expect(new Set(decoded).size).toBe(decoded.length);
        expect(decoded).toEqual(expect.arrayContaining(constant.map(key)));
      },
    ),
    { numRuns: 50 },
  );
});
