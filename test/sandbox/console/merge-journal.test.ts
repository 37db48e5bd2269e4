import { mergeJournal, nextAfter } from "../../../src/sandbox-console/api/merge-journal.js";
import { entryOf, pendingEntry } from "./entries.js";

const idsOf = (journal: readonly { id: number }[]) => journal.map(({ id }) => id);

describe("the journal in the console", () => {
  it("starts with everything, then fetches the latest entry again and what came after it", () => {
    expect(nextAfter([])).toBe(0);
    const known = mergeJournal([], [entryOf(4), entryOf(5)]);
    expect(nextAfter(known)).toBe(4);
    expect(idsOf(mergeJournal(known, [entryOf(5), entryOf(6)]))).toEqual([4, 5, 6]);
  });

  it("fetches a call without a response again until it has one", () => {
    const known = mergeJournal([], [entryOf(1), pendingEntry(2), entryOf(3)]);
    expect(nextAfter(known)).toBe(1);
    const merged = mergeJournal(known, [entryOf(2, { status: 503 }), entryOf(3)]);
    expect(merged.map(({ status }) => status)).toEqual([200, 503, 200]);
    expect(nextAfter(merged)).toBe(2);
  });

  it("does not fetch hundreds of calls again because of one that hangs", () => {
    const later = Array.from({ length: 150 }, (_, index) => entryOf(index + 2));
    expect(nextAfter([pendingEntry(1), ...later])).toBe(150);
  });

  it("is emptied when the sandbox's journal was", () => {
    expect(mergeJournal([entryOf(1), entryOf(2)], [])).toEqual([]);
  });

  it("drops the known calls when the journal was emptied and has new ones", () => {
    expect(idsOf(mergeJournal([entryOf(1), entryOf(2)], [entryOf(7)]))).toEqual([7]);
  });

  it("drops the known calls when more came than the sandbox returns at once", () => {
    const fetched = Array.from({ length: 1000 }, (_, index) => entryOf(index + 50));
    expect(idsOf(mergeJournal([entryOf(1), entryOf(2)], fetched))).toEqual(idsOf(fetched));
  });

  it("stays the same object while nothing happens, so that nothing is drawn again", () => {
    const known = mergeJournal([], [entryOf(1), pendingEntry(2)]);
    expect(mergeJournal(known, [pendingEntry(2)])).toBe(known);
    expect(mergeJournal([], [])).toEqual([]);
  });

  it("keeps 1,000 calls", () => {
    const known = Array.from({ length: 1000 }, (_, index) => entryOf(index + 1));
    const merged = mergeJournal(known, [entryOf(1000), entryOf(1001)]);
    expect([merged.length, merged[0]?.id, merged.at(-1)?.id]).toEqual([1000, 2, 1001]);
  });
});
