import Keyv from "keyv";
import type { Loaded } from "../../src/platform/cache/scoped-cache.js";
import { badResponse } from "../../src/upstreams/upstream-errors.js";
import { testContext } from "../support/call-context.js";
import { counts, entry, settle, setUp } from "./cache-set-up.js";

/** A load whose end the test decides. */
function pending<T>() {
  const asked: { resolve: (loaded: Loaded<T>) => void; reject: (error: unknown) => void }[] = [];
  const load = () =>
    new Promise<Loaded<T>>((resolve, reject) => {
      asked.push({ resolve, reject });
    });
  return { load, asked };
}

describe("simultaneous requests for a cached value", () => {
  test("a thousand misses make one call", async () => {
    const { cache, load, loads } = setUp();
    const contexts = Array.from({ length: 1_000 }, () => testContext());
    const answers = await Promise.all(contexts.map((context) => cache.get(entry(), context, load)));
    expect(new Set(answers)).toEqual(new Set(["answer 1"]));
    expect(loads()).toBe(1);
    const all = contexts.map((context) => counts(context));
    expect(all.filter((count) => count?.misses === 1)).toHaveLength(1);
    expect(all.filter((count) => count?.shared === 1)).toHaveLength(999);
  });

  test("a thousand hits make one read, and each counts as a hit", async () => {
    const { cache, load, store } = setUp();
    await cache.get(entry(), testContext(), load);
    const get = jest.spyOn(store, "get");
    const contexts = Array.from({ length: 1_000 }, () => testContext());
    await Promise.all(contexts.map((context) => cache.get(entry(), context, load)));
    expect(get).toHaveBeenCalledTimes(1);
    for (const context of contexts) expect(counts(context)).toEqual({ hits: 1, misses: 0, shared: 0 });
  });

  test("a request during a slow read of the store makes no second call", async () => {
    const readings: ((value: never) => void)[] = [];
    const store = new Keyv();
    jest.spyOn(store, "get").mockImplementation(() => new Promise((resolve) => readings.push(resolve)));
    const { cache, load, loads } = setUp({ store });
    const first = cache.get(entry(), testContext(), load);
    const second = cache.get(entry(), testContext(), load);
    for (const answer of readings) answer(undefined as never);
    expect(await Promise.all([first, second])).toEqual(["answer 1", "answer 1"]);
    expect(loads()).toBe(1);
  });

  test("a failure reaches all requests that shared the call, and no later one", async () => {
    const { cache, load } = setUp();
    const { load: slow, asked } = pending<string>();
    const contexts = [testContext(), testContext()];
    const answers = contexts.map((context) => cache.get(entry(), context, slow));
    await settle();
    const fault = badResponse("PDS", "NOT_JSON");
    asked[0]?.reject(fault);
    expect(await Promise.allSettled(answers)).toEqual([
      { status: "rejected", reason: fault },
      { status: "rejected", reason: fault },
    ]);
    expect(contexts.map((context) => counts(context))).toEqual([
      { hits: 0, misses: 1, shared: 0 },
      { hits: 0, misses: 0, shared: 1 },
    ]);
    expect(await cache.get(entry(), testContext(), load)).toBe("answer 1");
  });

  test("when the calling request ends, the others make one new call together", async () => {
    const { cache } = setUp();
    const { load, asked } = pending<string>();
    const gone = new AbortController();
    const leader = cache.get(entry(), testContext({ signal: gone.signal }), load);
    const contexts = Array.from({ length: 10 }, () => testContext());
    const followers = contexts.map((context) => cache.get(entry(), context, load));
    await settle();
    gone.abort();
    asked[0]?.reject(new Error("cut off"));
    await expect(leader).rejects.toThrow("cut off");
    await settle();
    expect(asked).toHaveLength(2);
    asked[1]?.resolve({ value: "answer", keep: true });
    expect(new Set(await Promise.all(followers))).toEqual(new Set(["answer"]));
    // Each asked once, so each is counted once.
    const all = contexts.map((context) => counts(context));
    expect(all.filter((count) => count?.misses === 1 && count.shared === 0)).toHaveLength(1);
    expect(all.filter((count) => count?.shared === 1 && count.misses === 0)).toHaveLength(9);
  });

  test("a request waits for another's call no longer than until its own deadline", async () => {
    const { cache } = setUp();
    const { load, asked } = pending<string>();
    const leader = cache.get(entry(), testContext(), load);
    const deadline = new AbortController();
    const gone = new AbortController();
    const late = cache.get(entry(), testContext({ signal: deadline.signal }), load);
    const left = cache.get(entry(), testContext({ signal: gone.signal }), load);
    const outcomes = Promise.allSettled([late, left]);
    await settle();
    deadline.abort(new DOMException("too late", "TimeoutError"));
    gone.abort();
    expect(await outcomes).toMatchObject([
      { reason: { code: "UPSTREAM_TIMEOUT", service: "PDS" } },
      { reason: { code: "UPSTREAM_UNAVAILABLE", service: "PDS" } },
    ]);
    asked[0]?.resolve({ value: "answer", keep: true });
    expect(await leader).toBe("answer");
    expect(asked).toHaveLength(1);
  });

  test("different keys are loaded concurrently", async () => {
    const { cache } = setUp();
    const { load, asked } = pending<string>();
    const answers = ["1", "2", "3"].map((key) => cache.get(entry({ key: [key] }), testContext(), load));
    await settle();
    expect(asked).toHaveLength(3);
    for (const { resolve } of asked) resolve({ value: "answer", keep: true });
    expect(await Promise.all(answers)).toEqual(["answer", "answer", "answer"]);
  });
});
