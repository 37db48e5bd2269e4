import { FairQueue, type Flow } from "../../../src/platform/resilience/fair-queue.js";
import { rateLimitPerSecond } from "../../../src/platform/resilience/rate-limit.js";
import { createPipeline } from "../../support/pipelines.js";
import { aCall, lasting, toPractice } from "./resilience-harness.js";

const anything = { flow: () => true, item: () => true };

describe("a fair queue", () => {
  interface Item {
    readonly name: string;
  }
  const fill = (...names: string[]) => {
    const queue = new FairQueue<Item>();
    // "a1-3" is the third item of caller a's first request.
    for (const name of names) queue.push([name[0] ?? "", name.slice(0, 2)], { name });
    return queue;
  };
  const drain = (queue: FairQueue<Item>) => {
    const names: string[] = [];
    for (let item = queue.next(anything); item; item = queue.next(anything)) names.push(item.name);
    return names;
  };

  it("serves callers in turn, and a caller's requests in turn", () => {
    const queue = fill("a1-1", "a1-2", "a1-3", "a2-1", "b1-1", "b1-2", "c1-1");
    expect(drain(queue)).toEqual(["a1-1", "b1-1", "c1-1", "a2-1", "b1-2", "a1-2", "a1-3"]);
    expect(queue.size).toBe(0);
  });

  it("skips items that may not leave now, which keep their turn", () => {
    const queue = fill("a1-1", "a1-2", "b1-1");
    const notA = { ...anything, item: ({ name }: Item) => !name.startsWith("a") };
    expect(queue.hasNext(notA)).toBe(true);
    expect(queue.next(notA)?.name).toBe("b1-1");
    expect(queue.hasNext(notA)).toBe(false);
    expect(queue.next(notA)).toBeUndefined();
    expect(drain(queue)).toEqual(["a1-1", "a1-2"]);
  });

  it("skips a whole request that may not leave now", () => {
    const queue = fill("a1-1", "a2-1", "b1-1");
    const notA1 = { ...anything, flow: ([, request]: Flow) => request !== "a1" };
    expect(queue.next(notA1)?.name).toBe("a2-1");
    expect(queue.next(notA1)?.name).toBe("b1-1");
    expect(queue.next(notA1)).toBeUndefined();
    expect(drain(queue)).toEqual(["a1-1"]);
  });

  it("lets an item be removed once", () => {
    const queue = new FairQueue<Item>();
    const item = { name: "a1-1" };
    queue.push(["a", "1"], item);
    expect(queue.delete(["a", "1"], item)).toBe(true);
    expect(queue.delete(["a", "1"], item)).toBe(false);
    expect(queue.delete(["b", "1"], item)).toBe(false);
    expect(queue.size).toBe(0);
    expect(queue.dropFromLongest()).toBeUndefined();
  });

  it("drops the newest item of the caller with the most items", () => {
    const queue = fill("b1-1", "a1-1", "a1-2", "a2-1", "c1-1", "c1-2");
    expect(queue.dropFromLongest()?.name).toBe("a2-1");
    expect(drain(queue)).toEqual(["b1-1", "a1-1", "c1-1", "a1-2", "c1-2"]);
  });
});

describe("fairness between callers", () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it("a caller with 500 waiting calls does not starve another", async () => {
    const rateLimit = rateLimitPerSecond(5);
    const resilience = createPipeline({ services: { PDS: { maxConcurrency: 64, rateLimit } } });
    const sent: string[] = [];
    const ask = (caller: string, request: string) =>
      void resilience.run(
        aCall({ flow: [caller, request] }),
        async () => void sent.push(`${caller}${request}`),
      );
    for (let index = 0; index < 500; index++) ask("anna", "1");
    await jest.advanceTimersByTimeAsync(3_000);
    expect(sent).toHaveLength(15);
    ask("ben", "1");
    ask("anna", "2");
    await jest.advanceTimersByTimeAsync(1_000);
    // Anna's long request was due; then Ben, then Anna's short one.
    expect(sent.slice(15, 19)).toEqual(["anna1", "ben1", "anna2", "anna1"]);
  });

  it("a full queue for a practice costs the caller who filled it", async () => {
    const resilience = createPipeline();
    const ends: string[] = [];
    const ask = (caller: string) =>
      resilience.run(toPractice("T81001", { flow: [caller, "1"] }), lasting(60_000, "done")).then(
        () => ends.push(`${caller} done`),
        (error) => ends.push(`${caller} ${error.code} ${error.service} ${error.reason}`),
      );
    for (let index = 0; index < 8 + 200; index++) void ask("anna");
    await jest.advanceTimersByTimeAsync(0);
    expect(ends).toEqual([]);
    void ask("ben");
    await jest.advanceTimersByTimeAsync(0);
    expect(ends).toEqual(["anna UPSTREAM_UNAVAILABLE PROVIDER QUEUE_FULL"]);
    await jest.advanceTimersByTimeAsync(120_000);
    expect(ends).toContain("ben done");
  });
});
