import {
  type CachedText,
  PrimaryCache,
  type RemoteCache,
  WorkerCacheStore,
} from "../../src/platform/cache/primary-cache.js";

const HOUR_MS = 3_600_000;

/** Two workers of one primary. `reads` counts the messages for reading. */
function startWorkers() {
  const stores: WorkerCacheStore[] = [];
  let reads = 0;
  const primary = new PrimaryCache((key, changedBy) => {
    for (const [worker, store] of stores.entries()) if (worker !== changedBy) store.forget(key);
  });
  const remoteOf = (worker: number): RemoteCache => {
    const calls = primary.callsOf(worker);
    return {
      get: async (key) => {
        reads += 1;
        return calls.cacheGet(key);
      },
      set: async (key, text, ttlMs) => calls.cacheSet(key, text, ttlMs),
      delete: async (key) => calls.cacheDelete(key),
    };
  };
  stores.push(new WorkerCacheStore(remoteOf(0)), new WorkerCacheStore(remoteOf(1)));
  const [one, other] = stores as [WorkerCacheStore, WorkerCacheStore];
  return {
    one,
    other,
    reads: () => reads,
    close() {
      for (const each of [primary, ...stores]) each.close();
    },
  };
}

let workers: ReturnType<typeof startWorkers>;
beforeEach(() => {
  workers = startWorkers();
});
afterEach(() => workers.close());

test("a value written by one worker is read by the other, and from then on without a message", async () => {
  const { one, other, reads } = workers;
  await one.set("key", { name: "value" }, HOUR_MS);

  expect(await other.get("key")).toEqual({ name: "value" });
  expect(other.get("key")).toEqual({ name: "value" });
  expect(one.get("key")).toEqual({ name: "value" });
  expect(reads()).toBe(1);
});

test("a value that another worker has replaced or deleted is not read any more", async () => {
  const { one, other } = workers;
  await one.set("key", "first", HOUR_MS);
  expect(await other.get("key")).toBe("first");

  await other.set("key", "second", HOUR_MS);
  expect(await one.get("key")).toBe("second");

  await one.delete("key");
  expect(await other.get("key")).toBeUndefined();
});

test("a value that was on its way while another worker replaced it is not kept", async () => {
  const responses: ((found: CachedText) => void)[] = [];
  const slow = new WorkerCacheStore({
    get: () => new Promise((resolve) => void responses.push(resolve)),
    set: async () => true,
    delete: async () => true,
  });

  const early = slow.get("key");
  slow.forget("key");
  responses[0]?.({ text: '"old"', ttlMs: HOUR_MS });
  expect(await early).toBe("old");

  const late = slow.get("key");
  responses[1]?.({ text: '"new"', ttlMs: HOUR_MS });
  expect(await late).toBe("new");
  slow.close();
});

test("a value travels with the rest of its time to live, and is not kept beyond it", async () => {
  const primary = new PrimaryCache(() => {});
  primary.callsOf(0).cacheSet("key", '"value"', 1_000);
  const ttlMs = primary.callsOf(1).cacheGet("key")?.ttlMs ?? 0;
  primary.close();
  expect(ttlMs).toBeGreaterThan(0);
  expect(ttlMs).toBeLessThanOrEqual(1_000);

  let reads = 0;
  const remote = {
    get: async () => {
      reads += 1;
      return { text: '"value"', ttlMs: 0 };
    },
    set: async () => true,
    delete: async () => true,
  };
  const store = new WorkerCacheStore(remote);
  expect([await store.get("key"), await store.get("key")]).toEqual(["value", "value"]);
  expect(reads).toBe(2);
  store.close();
});

test("a reader cannot change a value for the others", async () => {
  const { one, other } = workers;
  await one.set("key", { list: [1] }, HOUR_MS);
  const read = await other.get<{ list: number[] }>("key");

  expect(() => read?.list.push(2)).toThrow();
});
