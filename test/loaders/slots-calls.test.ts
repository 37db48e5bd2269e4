import type { OdsCode } from "../../src/domain/ods-code.js";
import type { SlotSearchResponse } from "../../src/domain/slot.js";
import type { SlotSearchQuery } from "../../src/domain/slot-search.js";
import { createSlotLoader, type SlotWindowQuery } from "../../src/loaders/slots.loader.js";

const HERE = "T81001" as OdsCode;
const THERE = "T81002" as OdsCode;
const DAY = 86_400_000;
/** Midnight in London, where cuts between windows fall. */
const START = Date.parse("2026-06-10T00:00:00+01:00");

/** A search whose range is one window, in days from the start. */
function query(from: number, to: number, odsCode = HERE): SlotSearchQuery {
  const range = { from: START + from * DAY, to: START + to * DAY };
  return { odsCode, range, now: START, stopWhenFound: false };
}

/** The call that such a search makes when it shares none. */
function call(from: number, to: number, odsCode = HERE): SlotWindowQuery {
  return { odsCode, window: query(from, to).range };
}

/** A loader whose calls wait until the test gives the response. */
function createScene() {
  const calls: {
    query: SlotWindowQuery;
    respond: (value: SlotSearchResponse) => void;
    fail: (e: Error) => void;
  }[] = [];
  const loader = createSlotLoader(
    (query) => new Promise((respond, fail) => void calls.push({ query, respond, fail })),
  );
  return { loader, calls, windows: () => calls.map(({ query }) => query) };
}

/** Lets a batch collect and be dispatched. */
function batchLeaves(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

const EMPTY: SlotSearchResponse = { slots: [] };

test.each<[string, SlotSearchQuery[], SlotWindowQuery[]]>([
  ["one window", [query(0, 14)], [call(0, 14)]],
  ["exact duplicates", [query(0, 14), query(0, 14), query(0, 14)], [call(0, 14)]],
  ["a contained one that comes first", [query(3, 5), query(0, 14)], [call(0, 14)]],
  ["a contained one that comes last", [query(0, 14), query(3, 5)], [call(0, 14)]],
  ["overlapping ones that fit one call", [query(0, 8), query(4, 12)], [call(0, 12)]],
  ["overlapping ones that do not", [query(0, 10), query(8, 20)], [call(0, 10), call(8, 20)]],
  ["the windows of a long range", [query(0, 30)], [call(0, 14), call(14, 28), call(28, 30)]],
  [
    "two practices",
    [query(0, 14), query(0, 14, THERE), query(3, 5, THERE)],
    [call(0, 14), call(0, 14, THERE)],
  ],
])("the slot calls of one batch: %s", async (_, wanted, expected) => {
  const { loader, windows, calls } = createScene();
  const results = Promise.all(wanted.map((one) => loader.search(one)));
  await batchLeaves();
  expect(windows()).toEqual(expected);
  for (const { respond } of calls) respond(EMPTY);
  expect(await results).toHaveLength(wanted.length);
});

test("a slot search shares the calls of an earlier batch, pending or complete", async () => {
  const { loader, calls } = createScene();
  const first = loader.search(query(0, 14));
  await batchLeaves();
  const meanwhile = loader.search(query(0, 7));
  await batchLeaves();
  calls[0]?.respond({ slots: [], warnings: ["from the first call"] });
  const results = await Promise.all([first, meanwhile, loader.search(query(7, 14))]);
  expect(results.map(({ warnings }) => warnings)).toEqual(Array(3).fill(["from the first call"]));
  expect(calls).toHaveLength(1);
});

test("a slot search in a later batch requests only the windows that are missing", async () => {
  const { loader, windows } = createScene();
  void loader.search(query(0, 14));
  await batchLeaves();
  for (const wanted of [query(1, 2), query(10, 20), query(12, 18)]) void loader.search(wanted);
  await batchLeaves();
  expect(windows()).toEqual([call(0, 14), call(10, 20)]);
});

test("a slot search of one practice does not wait for another practice's response", async () => {
  const { loader, calls } = createScene();
  const [slow, quick] = [loader.search(query(0, 14)), loader.search(query(0, 14, THERE))];
  await batchLeaves();
  calls[1]?.respond({ slots: [], warnings: ["from there"] });
  expect(await quick).toMatchObject({ warnings: ["from there"] });
  calls[0]?.respond(EMPTY);
  expect(await slow).toMatchObject({ warnings: [] });
});

test("a failed slot call fails for the searches that share it, and for no other", async () => {
  const { loader, calls } = createScene();
  const wanted = [query(0, 14), query(2, 3), query(14, 28)];
  const results = Promise.allSettled(wanted.map((one) => loader.search(one)));
  await batchLeaves();
  calls[0]?.fail(new Error("no response"));
  calls[1]?.respond(EMPTY);
  expect((await results).map(({ status }) => status)).toEqual(["rejected", "rejected", "fulfilled"]);
  await expect(loader.search(query(5, 6))).rejects.toThrow("no response");
  expect(calls).toHaveLength(2);
});

test("a cleared slot loader requests its windows again", async () => {
  const { loader, calls } = createScene();
  void loader.search(query(0, 14));
  await batchLeaves();
  loader.clearAll();
  void loader.search(query(0, 14));
  await batchLeaves();
  expect(calls).toHaveLength(2);
});
