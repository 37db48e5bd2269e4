import type { IntentEntry, IntentStore } from "../../src/platform/intents/index.js";
import type { TestClock } from "../support/call-context.js";

/** One kind of store, as several processes would use it. */
export interface StoresUnderTest {
  readonly clock: TestClock;
  /** Another instance over the same intents, as in another process. */
  open(): Promise<IntentStore>;
  /** As after a restart of the process: what was confirmed must still be there. Left out by a store that forgets. */
  reopen?(store: IntentStore): Promise<IntentStore>;
  /** All that was kept is lost. */
  lose(): Promise<void>;
  /** What lies in the store, in the clear. */
  dump(): Promise<string>;
  close(): Promise<void>;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** What journeys rely on, the same for every store. */
export function describeIntentStore(start: () => Promise<StoresUnderTest>): void {
  let stores: StoresUnderTest;
  let store: IntentStore;
  beforeEach(async () => {
    stores = await start();
    store = await stores.open();
  });
  afterEach(() => stores.close());

  const entry = (text: string, facts: Partial<IntentEntry> = {}): IntentEntry => ({
    text,
    open: true,
    expiresAt: stores.clock.now() + DAY_MS,
    ...facts,
  });
  const keys = async (from = store) => (await from.open()).map(({ key }) => key).sort();

  test("a key is claimed once; who comes later is told what is there", async () => {
    expect(await store.claim("k", entry("first"))).toEqual({ kind: "claimed" });
    expect(await store.claim("k", entry("second"))).toEqual({
      kind: "taken",
      by: { ...entry("first"), key: "k", revision: 1 },
    });
    expect(await store.get("k")).toEqual({ ...entry("first"), key: "k", revision: 1 });
    expect(await store.get("another")).toBeUndefined();
  });

  test("of many who claim one key at the same time, exactly one gets it", async () => {
    const rival = await stores.open();
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        (index % 2 === 0 ? store : rival).claim("k", entry(`claimant ${index}`)),
      ),
    );

    expect(answers.filter(({ kind }) => kind === "claimed")).toHaveLength(1);
    const winner = `claimant ${answers.findIndex(({ kind }) => kind === "claimed")}`;
    const losers = answers.flatMap((answer) => (answer.kind === "taken" ? [answer.by.text] : []));
    expect(new Set(losers)).toEqual(new Set([winner]));
    expect((await rival.get("k"))?.text).toBe(winner);
  });

  test("a change needs the revision it is based on, and of rivals exactly one succeeds", async () => {
    await store.claim("k", entry("claimed"));
    const rival = await stores.open();
    const changes = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 === 0 ? store : rival).replace("k", 1, entry(`change ${index}`)),
      ),
    );

    expect(changes.filter(Boolean)).toHaveLength(1);
    expect(await store.get("k")).toEqual({
      ...entry(`change ${changes.indexOf(true)}`),
      key: "k",
      revision: 2,
    });
    expect(await rival.replace("k", 1, entry("too late"))).toBe(false);
    expect(await rival.replace("never claimed", 1, entry("nothing"))).toBe(false);
    expect(await rival.get("never claimed")).toBeUndefined();
  });

  test("a removed key can be claimed again, and only its last revision can be removed", async () => {
    await store.claim("k", entry("first"));
    await store.replace("k", 1, entry("second"));

    expect(await store.remove("k", 1)).toBe(false);
    expect(await store.remove("k", 2)).toBe(true);
    expect(await store.get("k")).toBeUndefined();
    expect(await keys()).toEqual([]);
    expect(await store.claim("k", entry("anew"))).toEqual({ kind: "claimed" });
    expect((await store.get("k"))?.revision).toBe(1);
  });

  test("the open ones are listed, until they are closed", async () => {
    for (const key of ["a", "b", "c"]) await store.claim(key, entry(key));
    await store.claim("closed from the start", entry("d", { open: false }));
    await store.replace("b", 1, entry("b", { open: false }));

    expect(await keys()).toEqual(["a", "c"]);
    expect(await keys(await stores.open())).toEqual(["a", "c"]);
  });

  test("a result belongs to the intent that named it first", async () => {
    await store.claim("k", entry("asked"));
    await store.claim("other", entry("asked"));
    expect(await store.ownerOf("appointment 1")).toBeUndefined();

    await store.replace("k", 1, entry("done", { result: "appointment 1" }));
    await store.replace("other", 1, entry("done", { result: "appointment 1" }));

    expect(await store.ownerOf("appointment 1")).toBe("k");
    expect(await (await stores.open()).ownerOf("appointment 1")).toBe("k");
  });

  test("an expired intent is gone, and its key is free", async () => {
    await store.claim("k", entry("old", { result: "r" }));
    stores.clock.advance(DAY_MS - 1);
    expect((await store.get("k"))?.text).toBe("old");

    stores.clock.advance(1);
    expect(await store.get("k")).toBeUndefined();
    expect(await keys()).toEqual([]);
    expect(await store.ownerOf("r")).toBeUndefined();
  });

  test("texts come back as they were", async () => {
    const odd = 'quotes " \\ and\nline\r\nbreaks, 💊, \u2028 and a lone \u0000';
    await store.claim("k", entry(odd));

    expect((await (await stores.open()).get("k"))?.text).toBe(odd);
  });

  test("what was confirmed survives a restart", async () => {
    if (!stores.reopen) return;
    await store.claim("k", entry("first"));
    await store.replace("k", 1, entry("second", { result: "r" }));
    await store.claim("removed", entry("gone"));
    await store.remove("removed", 1);

    const again = await stores.reopen(store);

    expect(await again.get("k")).toEqual({ ...entry("second", { result: "r" }), key: "k", revision: 2 });
    expect(await again.get("removed")).toBeUndefined();
    expect(await keys(again)).toEqual(["k"]);
    expect(await again.ownerOf("r")).toBe("k");
    expect(await again.claim("k", entry("another"))).toMatchObject({ kind: "taken" });
  });

  test("after the loss of everything, keys are free and the store works", async () => {
    await store.claim("k", entry("first"));

    await stores.lose();

    const after = await stores.open();
    expect(await after.get("k")).toBeUndefined();
    expect(await after.replace("k", 1, entry("of an intent that is lost"))).toBe(false);
    expect(await after.claim("k", entry("anew"))).toEqual({ kind: "claimed" });
    expect(await keys(after)).toEqual(["k"]);
  });

  test("a thousand keys do not get into each other's way", async () => {
    const names = Array.from({ length: 1_000 }, (_, index) => `key ${index}`);
    // A hundred at once: a busy machine may take longer over a thousand than a store waits for its confirmation.
    const texts: (string | undefined)[] = [];
    for (let from = 0; from < names.length; from += 100) {
      const some = names.slice(from, from + 100);
      await Promise.all(some.map((name) => store.claim(name, entry(name))));
      await Promise.all(
        some.map((name) => store.replace(name, 1, entry(`${name}, changed`, { open: false }))),
      );
    }
    for (let from = 0; from < names.length; from += 100) {
      const some = names.slice(from, from + 100);
      texts.push(...(await Promise.all(some.map(async (name) => (await store.get(name))?.text))));
    }
    expect(texts).toEqual(names.map((name) => `${name}, changed`));
    expect(await keys()).toEqual([]);
  });
}
