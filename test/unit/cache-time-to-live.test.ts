import Keyv from "keyv";
import type { CacheEntry, Session } from "../../src/platform/cache/scoped-cache.js";
import { SESSION_MS } from "../../src/platform/cache/sessions.js";
import { badResponse } from "../../src/upstreams/upstream-errors.js";
import { testContext } from "../support/call-context.js";
import { counts, entry, LIFE_MS, session, setUp, shared } from "./cache-set-up.js";

describe("time to live", () => {
  test("a value is reused until it expires, and not a moment longer", async () => {
    const { cache, clock, load } = setUp();
    const context = testContext();
    expect(await cache.get(entry(), context, load)).toBe("answer 1");
    clock.advance(LIFE_MS - 1);
    expect(await cache.get(entry(), context, load)).toBe("answer 1");
    clock.advance(1);
    expect(await cache.get(entry(), context, load)).toBe("answer 2");
    expect(counts(context)).toEqual({ hits: 1, misses: 2, shared: 0 });
  });

  test("the time to live is shortened at random, by at most a tenth", async () => {
    const { cache, clock, load } = setUp({ random: () => 0.5 });
    await cache.get(entry(), testContext(), load);
    clock.advance(LIFE_MS * 0.95 - 1);
    expect(await cache.get(entry(), testContext(), load)).toBe("answer 1");
    clock.advance(1);
    expect(await cache.get(entry(), testContext(), load)).toBe("answer 2");
  });

  test("a value that would outlive its session expires exactly with it", async () => {
    const { cache, clock, load } = setUp({ random: () => 0.99 });
    const all = entry({ ttlMs: SESSION_MS });
    clock.advance(60_000);
    await cache.get(all, testContext(), load);
    clock.advance(SESSION_MS - 60_001);
    expect(await cache.get(all, testContext(), load)).toBe("answer 1");
    clock.advance(1);
    expect(await cache.get(all, testContext(), load)).toBe("answer 2");
  });

  test("nothing is kept after the end of the session", async () => {
    const { cache, clock, load } = setUp();
    clock.advance(SESSION_MS);
    await cache.get(entry(), testContext(), load);
    expect(await cache.get(entry(), testContext(), load)).toBe("answer 2");
  });

  test("a time to live of zero keeps nothing", async () => {
    const { cache, load } = setUp();
    await cache.get(entry({ ttlMs: 0 }), testContext(), load);
    expect(await cache.get(entry({ ttlMs: 0 }), testContext(), load)).toBe("answer 2");
  });

  test("failures are never kept", async () => {
    const { cache, load } = setUp();
    const context = testContext();
    const fault = badResponse("PDS", "NOT_JSON");
    await expect(cache.get(entry(), context, () => Promise.reject(fault))).rejects.toBe(fault);
    expect(await cache.get(entry(), context, load)).toBe("answer 1");
    expect(counts(context)).toEqual({ hits: 0, misses: 2, shared: 0 });
  });

  test("negative results are not kept", async () => {
    const { cache, load } = setUp();
    const context = testContext();
    expect(await cache.get(entry(), context, async () => ({ value: "none", keep: false }))).toBe("none");
    expect(await cache.get(entry(), context, load)).toBe("answer 1");
  });
});

describe("cache scope", () => {
  const other: Session = { ...session, id: "another session" };

  test.each<[string, CacheEntry]>([
    ["another session", entry({ scope: { kind: "session", session: other } })],
    ["the deployment", entry({ scope: { kind: "deployment" } })],
    ["another kind of answer", entry({ cache: "SDS" })],
    ["another key", entry({ key: ["9990000018"] })],
    ["a longer key", entry({ key: ["9000000009", ""] })],
  ])("%s does not see the entry", async (_, foreign) => {
    const { cache, load } = setUp();
    await cache.get(entry(), testContext(), load);
    expect(await cache.get(foreign, testContext(), load)).toBe("answer 2");
    expect(await cache.get(entry(), testContext(), load)).toBe("answer 1");
  });

  test("without a session nothing is kept, and no call in flight is shared", async () => {
    const { cache, load, store } = setUp();
    const set = jest.spyOn(store, "set");
    const alone = entry({ scope: { kind: "session", session: undefined } });
    const context = testContext();
    const answers = await Promise.all([cache.get(alone, context, load), cache.get(alone, context, load)]);
    expect(answers).toEqual(["answer 1", "answer 2"]);
    expect(set).not.toHaveBeenCalled();
    expect(counts(context)).toEqual({ hits: 0, misses: 2, shared: 0 });
  });

  test("keys in the store reveal nothing", async () => {
    const shelf = new Map<string, string>();
    const { cache, load } = setUp({ store: new Keyv({ store: shelf }) });
    await cache.get(entry(), testContext(), load);
    await cache.get(shared, testContext(), load);
    expect(shelf.size).toBe(2);
    for (const name of shelf.keys()) expect(name).toMatch(/^keyv:[\w-]{43}$/);
  });
});

describe("a cache fault is a miss", () => {
  test("when reads and writes fail", async () => {
    const store = new Keyv();
    jest.spyOn(store, "get").mockRejectedValue(new Error("lost"));
    jest.spyOn(store, "set").mockRejectedValue(new Error("lost"));
    const { cache, load } = setUp({ store });
    const context = testContext();
    expect(await cache.get(entry(), context, load)).toBe("answer 1");
    expect(await cache.get(entry(), context, load)).toBe("answer 2");
    expect(counts(context)).toEqual({ hits: 0, misses: 2, shared: 0 });
  });

  test.each([null, 7, "text", {}, { value: "planted" }, { value: "planted", expiresAt: "2099" }, []])(
    "when the stored value is not ours: %j",
    async (garbage) => {
      const store = new Keyv();
      jest.spyOn(store, "get").mockResolvedValue(garbage as never);
      const { cache, load } = setUp({ store });
      expect(await cache.get(entry(), testContext(), load)).toBe("answer 1");
    },
  );
});
