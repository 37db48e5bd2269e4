import type { OdsCode } from "../../src/domain/ods-code.js";
import type { SlotSearchResponse } from "../../src/domain/slot.js";
import { createSlotWindowLoader, type SlotWindowKey } from "../../src/loaders/slot-windows.loader.js";

const HERE = "T81001" as OdsCode;
const THERE = "T81002" as OdsCode;
const DAY = 86_400_000;
const START = Date.parse("2026-06-10T00:00:00Z");

function key(from: number, to: number, odsCode = HERE): SlotWindowKey {
  return { odsCode, from: START + from * DAY, to: START + to * DAY };
}

/** A loader whose calls wait for the test to answer them. */
function createScene() {
  const asked: {
    key: SlotWindowKey;
    answer: (value: SlotSearchResponse) => void;
    fail: (e: Error) => void;
  }[] = [];
  const loader = createSlotWindowLoader(
    (asking) => new Promise((answer, fail) => void asked.push({ key: asking, answer, fail })),
  );
  return { loader, asked, windows: () => asked.map((call) => call.key) };
}

/** Lets a wave gather and leave. */
function waveLeaves(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

const EMPTY: SlotSearchResponse = { slots: [] };

test.each<[string, SlotWindowKey[], SlotWindowKey[]]>([
  ["one window", [key(0, 14)], [key(0, 14)]],
  ["exact duplicates", [key(0, 14), key(0, 14), key(0, 14)], [key(0, 14)]],
  ["a contained one, asked for first", [key(3, 5), key(0, 14)], [key(0, 14)]],
  ["a contained one, asked for last", [key(0, 14), key(3, 5)], [key(0, 14)]],
  ["overlapping ones that fit one call", [key(0, 8), key(4, 12)], [key(0, 12)]],
  ["overlapping ones that do not", [key(0, 10), key(8, 20)], [key(0, 10), key(8, 20)]],
  [
    "the windows of a long range",
    [key(0, 14), key(14, 28), key(28, 30)],
    [key(0, 14), key(14, 28), key(28, 30)],
  ],
  ["two practices", [key(0, 14), key(0, 14, THERE), key(3, 5, THERE)], [key(0, 14), key(0, 14, THERE)]],
])("the calls of a wave: %s", async (_, wanted, calls) => {
  const { loader, windows, asked } = createScene();
  const answers = Promise.all(wanted.map((one) => loader.load(one)));
  await waveLeaves();
  expect(windows()).toEqual(calls);
  for (const call of asked) call.answer(EMPTY);
  expect(await answers).toHaveLength(wanted.length);
});

test("a later wave takes what an earlier one asked for, under way or answered", async () => {
  const { loader, asked } = createScene();
  const first = loader.load(key(0, 14));
  await waveLeaves();
  const meanwhile = loader.load(key(0, 7));
  await waveLeaves();
  asked[0]?.answer(EMPTY);
  expect(await Promise.all([first, meanwhile, loader.load(key(7, 14))])).toEqual([EMPTY, EMPTY, EMPTY]);
  expect(asked).toHaveLength(1);
});

test("a later wave asks only for what is missing", async () => {
  const { loader, windows } = createScene();
  void loader.load(key(0, 14));
  await waveLeaves();
  for (const wanted of [key(1, 2), key(10, 20), key(12, 18)]) void loader.load(wanted);
  await waveLeaves();
  expect(windows()).toEqual([key(0, 14), key(10, 20)]);
});

test("each window is given the answer of a call that holds it, as soon as that is there", async () => {
  const { loader, asked } = createScene();
  const [slow, quick] = [loader.load(key(0, 14)), loader.load(key(0, 14, THERE))];
  await waveLeaves();
  const answer = { slots: [], warnings: ["from there"] };
  asked[1]?.answer(answer);
  expect(await quick).toBe(answer);
  asked[0]?.answer(EMPTY);
  expect(await slow).toBe(EMPTY);
});

test("a call that fails has failed for all that share it, and for no other", async () => {
  const { loader, asked } = createScene();
  const results = Promise.allSettled([key(0, 14), key(2, 3), key(14, 28)].map((one) => loader.load(one)));
  await waveLeaves();
  asked[0]?.fail(new Error("no answer"));
  asked[1]?.answer(EMPTY);
  expect((await results).map(({ status }) => status)).toEqual(["rejected", "rejected", "fulfilled"]);
  await expect(loader.load(key(5, 6))).rejects.toThrow("no answer");
  expect(asked).toHaveLength(2);
});

test("what has been forgotten is asked for anew", async () => {
  const { loader, asked } = createScene();
  void loader.load(key(0, 14));
  await waveLeaves();
  loader.clearAll();
  void loader.load(key(0, 14));
  await waveLeaves();
  expect(asked).toHaveLength(2);
});
