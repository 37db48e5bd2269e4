import Keyv from "keyv";
import { type CacheStore, createCacheStore } from "../../src/platform/cache/cache-store.js";
import { encryptStore, type TextStore } from "../../src/platform/cache/encrypted-cache-store.js";
import { createMemoryStore } from "../../src/platform/cache/memory-cache-store.js";
import { createCipher } from "../../src/platform/crypto/cipher.js";

const SECRET = "a secret of thirty-two characters or more";

describe("a cache store in memory", () => {
  test("gives every reader the stored value, which none can change", async () => {
    const store = createCacheStore();
    const value = { names: [{ family: "Ashcombe", given: ["Rosalind"] }], tracedAt: 1 };
    await store.values.set("a", value, 1_000);
    const read = (await store.values.get<typeof value>("a")) ?? { names: [], tracedAt: 0 };
    expect(read).toEqual({ names: [{ family: "Ashcombe", given: ["Rosalind"] }], tracedAt: 1 });
    expect(() => read.names[0]?.given.push("Anne")).toThrow(TypeError);
    expect(() => Object.assign(read, { tracedAt: 2 })).toThrow(TypeError);
    expect(await store.values.get("b")).toBeUndefined();
    await store.close();
  });

  test("has a size limit, and evicts the least recently used", async () => {
    const store = createMemoryStore(10_000);
    await store.set("first", "x".repeat(1_000), 60_000);
    for (let index = 0; index < 1_000; index++) {
      await store.get("first");
      await store.set(`key ${index}`, "x".repeat(1_000), 60_000);
    }
    const kept = await Promise.all(Array.from({ length: 1_000 }, (_, index) => store.get(`key ${index}`)));
    expect(kept.filter((text) => text !== undefined).length).toBeLessThan(10);
    expect(kept.at(-1)).toBeDefined();
    expect(await store.get("first")).toBeDefined();
    store.close();
  });

  test("limits the number of empty entries", async () => {
    const store = createMemoryStore(10_000);
    for (let index = 0; index < 1_000; index++) await store.set(`${index}`, "", 60_000);
    const kept = await Promise.all(Array.from({ length: 1_000 }, (_, index) => store.get(`${index}`)));
    expect(kept.filter((text) => text !== undefined).length).toBeLessThan(40);
    store.close();
  });

  test("refuses a value larger than its limit", async () => {
    const store = createMemoryStore(1_000);
    expect(await store.set("large", "x".repeat(2_000), 60_000)).toBe(false);
    expect(await store.get("large")).toBeUndefined();
    store.close();
  });

  test("is empty after it is closed", async () => {
    const store = createMemoryStore();
    await store.set("a", "text", 60_000);
    store.close();
    expect(await store.get("a")).toBeUndefined();
  });

  test("two stores hash keys with different secrets", () => {
    const [one, other] = [createCacheStore(), createCacheStore()];
    expect(one.keyring.derive("names")).not.toEqual(other.keyring.derive("names"));
  });
});

describe("an encrypted cache store", () => {
  const shelf = new Map<string, string>();
  const inner: TextStore = {
    get: async (key) => shelf.get(key),
    set: async (key, text) => shelf.set(key, text).has(key),
    delete: async (key) => shelf.delete(key),
    clear: async () => shelf.clear(),
  };
  const keyv = new Keyv({ store: encryptStore(inner, createCipher([SECRET])), useKeyPrefix: false });

  beforeEach(() => shelf.clear());

  test("stores nothing readable", async () => {
    await keyv.set("a", { nhsNumber: "9000000009", family: "Ashcombe" });
    expect([...shelf.values()].join()).not.toMatch(/9000000009|Ashcombe|value|expires/);
    expect(await keyv.get("a")).toEqual({ nhsNumber: "9000000009", family: "Ashcombe" });
  });

  test("treats a value copied to another key as a miss", async () => {
    await keyv.set("a", "one person's");
    await keyv.set("b", "another's");
    shelf.set("b", shelf.get("a") ?? "");
    expect(await keyv.get("b")).toBeUndefined();
    expect(await keyv.get("a")).toBe("one person's");
  });

  test.each(["", "{", "null", '{"value":"planted"}', "e1.AAAAAAAA.AAAA"])(
    "treats garbage as a miss: %j",
    async (garbage) => {
      shelf.set("a", garbage);
      expect(await keyv.get("a")).toBeUndefined();
    },
  );
});

describe("a cache store over Redis", () => {
  const stores: CacheStore[] = [];
  afterEach(async () => {
    await Promise.all(stores.splice(0).map((store) => store.close()));
  });

  /** Nothing listens there; what is asked here needs no connection. */
  function open(encryptionKeys?: readonly string[]): CacheStore {
    const store = createCacheStore({ url: "redis://127.0.0.1:1", encryptionKeys });
    stores.push(store);
    return store;
  }

  test("cannot be created without an encryption key", () => {
    expect(() => open()).toThrow("at least one secret");
  });

  test("hashes keys with the same secret in all instances, also during a key rotation", () => {
    const hex = ({ keyring }: CacheStore) => keyring.derive("names").toString("hex");
    const one = hex(open([SECRET]));
    expect(hex(open(["the secret that is to come, long enough", SECRET]))).toBe(one);
    expect(hex(open([`${SECRET}!`]))).not.toBe(one);
  });

  test("an unreachable Redis is a miss, and throws nothing", async () => {
    const { values } = open([SECRET]);
    expect(await values.set("a", 1, 1_000)).toBe(false);
    expect(await values.get("a")).toBeUndefined();
    expect(await values.delete("a")).toBe(false);
  });
});
