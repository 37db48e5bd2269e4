import type { AuditEntry, IntentEntry, IntentStore, Store } from "../../src/platform/store/index.js";
import type { TestClock } from "../support/call-context.js";

/** One kind of database, as several processes would use it. */
export interface StoresUnderTest {
  readonly clock: TestClock;
  /** Another process over the same database. */
  open(): Promise<Store>;
  close(): Promise<void>;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** What commands rely on, the same for every database. */
export function describeIntentStore(start: () => Promise<StoresUnderTest>): void {
  let stores: StoresUnderTest;
  let whole: Store;
  let store: IntentStore;
  const openOther = async (): Promise<IntentStore> => (await stores.open()).intents;
  beforeEach(async () => {
    stores = await start();
    whole = await stores.open();
    store = whole.intents;
  });
  afterEach(() => stores.close());

  const entry = (text: string, facts: Partial<IntentEntry> = {}): IntentEntry => ({
    text,
    open: true,
    expiresAt: stores.clock.now() + DAY_MS,
    slotClaims: [],
    ...facts,
  });
  const keys = async (from = store) => (await from.open()).map(({ key }) => key).sort();

  test("a key is claimed once; who comes later is told what is there", async () => {
    expect(await store.claim("k", entry("first"))).toEqual({ kind: "claimed", revision: 1 });
    expect(await store.claim("k", entry("second"))).toEqual({
      kind: "taken",
      by: { ...entry("first"), key: "k", revision: 1 },
    });
    expect(await store.get("k")).toEqual({ ...entry("first"), key: "k", revision: 1 });
    expect(await store.get("another")).toBeUndefined();
  });

  test("of many who claim one key at the same time, exactly one gets it", async () => {
    const rival = await openOther();
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
    const rival = await openOther();
    const changes = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 === 0 ? store : rival).replace("k", 1, entry(`change ${index}`)),
      ),
    );

    expect(changes.filter(({ kind }) => kind === "replaced")).toHaveLength(1);
    expect(await store.get("k")).toEqual({
      ...entry(`change ${changes.findIndex(({ kind }) => kind === "replaced")}`),
      key: "k",
      revision: 2,
    });
    expect(await rival.replace("k", 1, entry("too late"))).toEqual({ kind: "stale" });
    expect(await rival.replace("never claimed", 1, entry("nothing"))).toEqual({ kind: "stale" });
    expect(await rival.get("never claimed")).toBeUndefined();
  });

  test("a removed key can be claimed again, and only its last revision can be removed", async () => {
    await store.claim("k", entry("first"));
    await store.replace("k", 1, entry("second"));

    expect(await store.remove("k", 1)).toBe(false);
    expect(await store.remove("k", 2)).toBe(true);
    expect(await store.get("k")).toBeUndefined();
    expect(await keys()).toEqual([]);
    expect(await store.claim("k", entry("anew"))).toEqual({ kind: "claimed", revision: 1 });
    expect((await store.get("k"))?.revision).toBe(1);
  });

  test("the open ones are listed, until they are closed", async () => {
    for (const key of ["a", "b", "c"]) await store.claim(key, entry(key));
    await store.claim("closed from the start", entry("d", { open: false }));
    await store.replace("b", 1, entry("b", { open: false }));

    expect(await keys()).toEqual(["a", "c"]);
    expect(await keys(await openOther())).toEqual(["a", "c"]);
  });

  test("a result belongs to the intent that named it first", async () => {
    await store.claim("k", entry("asked"));
    await store.claim("other", entry("asked"));
    expect(await store.ownerOf("appointment 1")).toBeUndefined();

    await store.replace("k", 1, entry("done", { result: "appointment 1" }));
    await store.replace("other", 1, entry("done", { result: "appointment 1" }));

    expect(await store.ownerOf("appointment 1")).toBe("k");
    expect(await (await openOther()).ownerOf("appointment 1")).toBe("k");
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

  test("an encrypted text is returned unchanged", async () => {
    const odd = 'quotes " \\ and\nline\r\nbreaks, 💊 and \u2028';
    await store.claim("k", entry(odd));

    expect((await (await openOther()).get("k"))?.text).toBe(odd);
  });

  test("what was confirmed survives a restart", async () => {
    await store.claim("k", entry("first"));
    await store.replace("k", 1, entry("second", { result: "r", slotClaims: ["slot"] }));
    await store.claim("removed", entry("gone"));
    await store.remove("removed", 1);
    await whole.close();

    const again = await openOther();

    expect(await again.get("k")).toEqual({
      ...entry("second", { result: "r", slotClaims: ["slot"] }),
      key: "k",
      revision: 2,
    });
    expect(await again.get("removed")).toBeUndefined();
    expect(await keys(again)).toEqual(["k"]);
    expect(await again.ownerOf("r")).toBe("k");
    expect(await again.claim("k", entry("another"))).toMatchObject({ kind: "taken" });
  });

  describe("slot claims", () => {
    test("a slot claimed by one intent is refused to every other, which then leaves no trace", async () => {
      await store.claim("first", entry("first", { slotClaims: ["slot 1", "slot 2"] }));
      const rival = await openOther();

      expect(await rival.claim("second", entry("second", { slotClaims: ["slot 2", "slot 3"] }))).toEqual({
        kind: "conflict",
        slotClaims: ["slot 2"],
        heldBy: "first",
      });
      expect(await rival.get("second")).toBeUndefined();
      expect(await rival.claim("third", entry("third", { slotClaims: ["slot 3"] }))).toEqual({
        kind: "claimed",
        revision: 1,
      });
    });

    test("of many intents that claim overlapping slots at the same time, no two hold one slot", async () => {
      const rival = await openOther();
      const claims = await Promise.all(
        Array.from({ length: 40 }, (_, index) =>
          (index % 2 === 0 ? store : rival).claim(
            `intent ${index}`,
            entry("wants two", { slotClaims: [`slot ${index % 7}`, `slot ${(index + 1) % 7}`] }),
          ),
        ),
      );

      const holders = await store.open();
      expect(holders).toHaveLength(claims.filter(({ kind }) => kind === "claimed").length);
      const held = holders.flatMap(({ slotClaims }) => slotClaims);
      expect(new Set(held).size).toBe(held.length);
      expect(held.length).toBeGreaterThan(0);
      expect(claims.every(({ kind }) => kind === "claimed" || kind === "conflict")).toBe(true);
    });

    test("a claim is held exactly as long as the stored entry lists it", async () => {
      await store.claim("first", entry("sending", { slotClaims: ["a", "b"] }));
      await store.replace("first", 1, entry("one is enough", { slotClaims: ["b"] }));
      expect(await store.claim("second", entry("second", { slotClaims: ["a"] }))).toEqual({
        kind: "claimed",
        revision: 1,
      });

      await store.replace("first", 2, entry("done", { open: false }));
      expect(await store.claim("third", entry("third", { slotClaims: ["b"] }))).toEqual({
        kind: "claimed",
        revision: 1,
      });

      await store.remove("third", 1);
      expect(await store.claim("fourth", entry("fourth", { slotClaims: ["b"] }))).toEqual({
        kind: "claimed",
        revision: 1,
      });
    });

    test("an entry that already holds a slot may list it again", async () => {
      await store.claim("first", entry("sending", { slotClaims: ["a"] }));

      expect(await store.replace("first", 1, entry("sending again", { slotClaims: ["a", "b"] }))).toEqual({
        kind: "replaced",
      });
      expect((await store.get("first"))?.slotClaims).toEqual(["a", "b"]);
    });

    test("a change that wants another intent's slot changes nothing at all", async () => {
      await store.claim("first", entry("first", { slotClaims: ["a"] }));
      await store.claim("second", entry("second", { slotClaims: ["b"] }));

      expect(await store.replace("second", 1, entry("changed", { slotClaims: ["a"], result: "r" }))).toEqual({
        kind: "conflict",
        slotClaims: ["a"],
        heldBy: "first",
      });
      expect(await store.get("second")).toMatchObject({ text: "second", revision: 1, slotClaims: ["b"] });
      expect(await store.ownerOf("r")).toBeUndefined();
    });

    test("the claims of an expired intent are free", async () => {
      await store.claim("first", entry("first", { slotClaims: ["a"] }));
      stores.clock.advance(DAY_MS);

      expect(await store.claim("second", entry("second", { slotClaims: ["a"] }))).toEqual({
        kind: "claimed",
        revision: 1,
      });
      expect(await store.claim("first", entry("anew"))).toEqual({ kind: "claimed", revision: 1 });
      expect((await store.get("first"))?.slotClaims).toEqual([]);
    });
  });

  describe("audit entries of a change", () => {
    const audit = (attempt: string, phase: AuditEntry["phase"]): AuditEntry => ({
      attempt,
      phase,
      time: stores.clock.now(),
      outcome: "UNKNOWN",
      nhsNumber: "9000000009",
      userId: "user-1",
      record: { operation: "command book", nhsNumber: "9000000009" },
    });
    const attempts = async () =>
      (
        await whole.database.read((queries) =>
          queries.selectFrom("audit_records").selectAll().orderBy("writer").orderBy("sequence").execute(),
        )
      ).map(({ attempt, phase }) => `${attempt} ${phase}`);
    const openAttempts = async () =>
      (await whole.database.read((queries) => queries.selectFrom("audit_open").selectAll().execute())).map(
        ({ attempt }) => attempt,
      );

    test("an opened record is stored with its intent, and closed with the outcome", async () => {
      await store.claim("k", entry("sending"), [audit("one", "opened")]);
      expect(await openAttempts()).toEqual(["one"]);

      await store.replace("k", 1, entry("done", { open: false }), [audit("one", "closed")]);

      expect(await attempts()).toEqual(["one opened", "one closed"]);
      expect(await openAttempts()).toEqual([]);
    });

    test("a change that is not made leaves no record", async () => {
      await store.claim("k", entry("sending", { slotClaims: ["a"] }));

      await store.claim("k", entry("again"), [audit("taken", "opened")]);
      await store.claim("other", entry("other", { slotClaims: ["a"] }), [audit("conflict", "opened")]);
      await store.replace("k", 7, entry("stale"), [audit("stale", "closed")]);
      await store.remove("k", 7, [audit("not removed", "closed")]);

      expect(await attempts()).toEqual([]);
      expect(await openAttempts()).toEqual([]);
    });

    test("no record can be read without the key", async () => {
      await store.claim("k", entry("sending"), [audit("one", "opened")]);

      const rows = await whole.database.read((queries) =>
        queries.selectFrom("audit_records").selectAll().execute(),
      );
      expect(rows).toHaveLength(1);
      expect(JSON.stringify(rows)).not.toMatch(/9000000009|user-1|command book/);
    });
  });

  test("three hundred keys do not get into each other's way", async () => {
    const names = Array.from({ length: 300 }, (_, index) => `key ${index}`);
    // A hundred at once: a busy machine may take longer over more than a store waits for its confirmation.
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
