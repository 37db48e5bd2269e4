import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { verifyAudit } from "../../src/platform/audit/index.js";
import type { Store, StoreOptions } from "../../src/platform/store/index.js";
import { MIGRATIONS } from "../../src/platform/store/migrations/index.js";
import { describeNeeding } from "../support/needs.js";
import { startPostgres, type TestPostgres } from "../support/postgres.js";
import {
  createPostgresDatabase,
  createSqliteDatabase,
  STORE_SECRET,
  type TestDatabase,
} from "./databases.js";

const DAY_MS = 86_400_000;

/** What a database of either kind must refuse at the start, and what must survive. */
function describeStarts(start: () => Promise<TestDatabase>): void {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await start();
  });
  afterEach(() => database.close());

  const entry = (text = "text") => ({
    text,
    open: true,
    expiresAt: database.clock.now() + DAY_MS,
    slotClaims: [],
  });
  const opening = (options: Partial<StoreOptions>) => database.open(options).then(() => "opened");
  const [old, newer] = ["o".repeat(32), "n".repeat(32)] as [string, string];

  test("three processes that start at once migrate it once", async () => {
    const stores = await Promise.all([database.open(), database.open(), database.open()]);
    const versions = await stores[0]?.database.read((queries) =>
      queries.selectFrom("schema_migrations").select("version").execute(),
    );
    expect(versions).toEqual(MIGRATIONS.map(({ version }) => ({ version })));
    await stores[0]?.intents.claim("k", entry());
    expect((await stores[2]?.intents.get("k"))?.text).toBe("text");
  });

  test("a migration that fails changes nothing, and the next start goes on", async () => {
    const broken = [...MIGRATIONS, { version: 2, statements: ["create table more (id integer)", "no sql"] }];
    await expect(opening({ migrations: broken })).rejects.toMatchObject({ name: "StoreStartError" });
    const whole = [...MIGRATIONS, { version: 2, statements: ["create table more (id integer)"] }];
    expect(await opening({ migrations: whole })).toBe("opened");
  });

  test("a newer schema stops the start with one message", async () => {
    await database.open({ migrations: [...MIGRATIONS, { version: 2, statements: [] }] });
    await expect(opening({})).rejects.toThrow(/schema version 2; this program knows version 1/);
  });

  test("a schema that was only expanded is served by the program of the version before", async () => {
    const expanded = {
      version: 2,
      statements: ["alter table intents add column note text"],
      oldestProgram: 1,
    };
    const newer = await database.open({ migrations: [...MIGRATIONS, expanded] });
    await newer.intents.claim("by the newer", entry());
    const older = await database.open();

    expect((await older.intents.get("by the newer"))?.text).toBe("text");
    await older.intents.claim("by the older", entry());
    expect((await newer.intents.get("by the older"))?.text).toBe("text");
  });

  test("two versions back, and after a contracting step, the older program does not start", async () => {
    const expand = { version: 2, statements: [], oldestProgram: 1 };
    const contract = { version: 3, statements: [], oldestProgram: 2 };
    await database.open({ migrations: [...MIGRATIONS, expand, contract] });

    await expect(opening({})).rejects.toThrow(/schema version 3; this program knows version 1/);
    expect(await opening({ migrations: [...MIGRATIONS, expand] })).toBe("opened");
  });

  test("an expanding step does not let in programs that an earlier step keeps out", async () => {
    const steps = [
      { version: 2, statements: [] },
      { version: 3, statements: [], oldestProgram: 1 },
    ];
    await database.open({ migrations: [...MIGRATIONS, ...steps] });

    await expect(opening({})).rejects.toThrow(/schema version 3/);
  });

  test.each<[string, Partial<StoreOptions["environment"]>]>([
    ["mode", { mode: "live" }],
    ["PDS", { pdsUrl: "https://api.example/personal-demographics" }],
    ["SSP", { sspUrl: "https://proxy.example" }],
  ])("another environment stops the start: %s", async (_what, facts) => {
    await database.open();
    await expect(opening({ environment: { mode: "sandbox", ...facts } })).rejects.toThrow(
      /another environment/,
    );
  });

  test("another port or path on this machine is the same environment", async () => {
    await database.open({ environment: { mode: "sandbox", pdsUrl: "http://127.0.0.1:4001/a" } });
    expect(await opening({ environment: { mode: "sandbox", pdsUrl: "http://localhost:5002/b" } })).toBe(
      "opened",
    );
  });

  test("another key stops the start", async () => {
    await database.open({ secrets: [old] });
    await expect(opening({ secrets: [newer] })).rejects.toThrow(/STORE_KEY does not open/);
  });

  test("STORE_KEY is rotated while processes with either key run, and the old one opens nothing afterwards", async () => {
    const before = await database.open({ secrets: [old] });
    const sealed = before.keys.cipher("intents").seal("secret", "k");
    const both = await database.open({ secrets: [newer, old] });

    const again = await database.open({ secrets: [newer, old] });
    const after = await database.open({ secrets: [newer] });
    for (const store of [both, again, after]) {
      expect(store.keys.cipher("intents").open(sealed, "k")).toBe("secret");
      expect(store.keys.hash("intent", "x")).toBe(before.keys.hash("intent", "x"));
    }
    await expect(opening({ secrets: [old] })).rejects.toThrow(/STORE_KEY does not open/);
  });
}

describe("the start of an SQLite store", () => {
  describeStarts(createSqliteDatabase);

  test("a path that cannot be used stops the start with one message", async () => {
    const database = await createSqliteDatabase();
    await database.open();
    // A file where a folder should be.
    await expect(database.open({ url: `${database.url}/store.db` })).rejects.toMatchObject({
      name: "StoreStartError",
      message: expect.stringMatching(/^The store at DATABASE_URL cannot be used/),
    });
    await database.close();
  });

  test("only its owner may read the file and what lies beside it", async () => {
    const database = await createSqliteDatabase();
    const store = await database.open();
    await store.intents.claim("k", {
      text: "t",
      open: true,
      expiresAt: Number.MAX_SAFE_INTEGER,
      slotClaims: [],
    });
    const path = database.url.slice("file:".length);
    for (const end of ["", "-wal", "-shm"]) expect(statSync(`${path}${end}`).mode & 0o777).toBe(0o600);
    await database.close();
  });

  test("a copy of the file and its log restores everything", async () => {
    const database = await createSqliteDatabase();
    const store = await database.open();
    await store.intents.claim("k", {
      text: "kept",
      open: true,
      expiresAt: Number.MAX_SAFE_INTEGER,
      slotClaims: ["a"],
    });
    const path = database.url.slice("file:".length);
    for (const end of ["", "-wal"]) copyFileSync(`${path}${end}`, `${path}.copy${end}`);
    const restored = await database.open({ url: `file:${path}.copy` });
    expect(await restored.intents.get("k")).toMatchObject({ text: "kept", slotClaims: ["a"] });
    await database.close();
  });

  const isRoot = process.getuid?.() === 0;
  (isRoot ? test : test.skip)(
    "a full disk refuses, loses nothing, and works again with room (needs root)",
    async () => {
      const folder = mkdtempSync(join(tmpdir(), "spine-graph-full-"));
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]);
      const database = await createSqliteDatabase();
      try {
        const store = await database.open({ url: `file:${join(folder, "store.db")}` });
        const entry = {
          open: true,
          expiresAt: Number.MAX_SAFE_INTEGER,
          slotClaims: [],
          text: "x".repeat(20_000),
        };
        const claimed: string[] = [];
        let refusal: unknown;
        for (let index = 0; refusal === undefined && index < 200; index += 1) {
          try {
            await store.intents.claim(`k${index}`, entry);
            claimed.push(`k${index}`);
          } catch (error) {
            refusal = error;
          }
        }
        expect(refusal).toMatchObject({ code: "UPSTREAM_UNAVAILABLE", service: "STORE", retryable: true });
        expect(claimed.length).toBeGreaterThan(5);
        expect((await store.intents.open()).map(({ key }) => key).sort()).toEqual([...claimed].sort());
        execFileSync("mount", ["-o", "remount,size=8m", folder]);
        expect(await store.intents.claim("with room", entry)).toEqual({ kind: "claimed", revision: 1 });
      } finally {
        await database.close();
        // The library may keep the file open a little longer.
        execFileSync("umount", ["--lazy", folder]);
        rmSync(folder, { recursive: true });
      }
    },
  );
});

describeNeeding("postgres", "the start of a PostgreSQL store", () => {
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());

  describeStarts(() => createPostgresDatabase(postgres));

  test("a database that cannot be reached stops the start with one message", async () => {
    const database = await createPostgresDatabase(postgres);
    await expect(database.open({ url: "postgres://spine@127.0.0.1:1/none" })).rejects.toMatchObject({
      name: "StoreStartError",
      message: expect.stringMatching(/^The store at DATABASE_URL cannot be used: ECONNREFUSED/),
    });
    await database.close();
  });

  test("commits that are confirmed before they are on disk stop the start", async () => {
    const database = await createPostgresDatabase(postgres);
    await postgres.query(database.url, "alter role spine set synchronous_commit = off");
    await expect(database.open()).rejects.toThrow(/synchronous_commit = off/);
    await postgres.query(database.url, "alter role spine reset synchronous_commit");
    await database.close();
  });

  test("a dump restores everything, and the audit still verifies", async () => {
    const database = await createPostgresDatabase(postgres);
    const store = await database.open();
    await store.intents.claim(
      "k",
      { text: "kept", open: true, expiresAt: Number.MAX_SAFE_INTEGER, slotClaims: ["a"] },
      [{ attempt: "a", phase: "opened", time: 1, outcome: "UNKNOWN", nhsNumber: "9000000009", record: {} }],
    );
    const dump = postgres.run("pg_dump", ["--no-owner", "-d", database.url]);
    const target = await createPostgresDatabase(postgres);
    postgres.run("psql", ["-q", "-v", "ON_ERROR_STOP=1", "-d", target.url], dump);

    const restored = await target.open({ secrets: [STORE_SECRET] });
    expect(await restored.intents.get("k")).toMatchObject({ text: "kept", slotClaims: ["a"] });
    expect(await verifyAudit(restored, [])).toMatchObject({ records: 1, faults: [] });
    await target.close();
    await database.close();
  });

  describe("a database that goes away", () => {
    let database: TestDatabase;
    let store: Store;
    beforeEach(async () => {
      database = await createPostgresDatabase(postgres);
      store = await database.open({ statementTimeoutMs: 700 });
    });
    afterEach(() => database.close());
    const claim = (key: string) =>
      store.intents.claim(
        key,
        { text: key, open: true, expiresAt: Number.MAX_SAFE_INTEGER, slotClaims: [key] },
        [{ attempt: key, phase: "opened", time: 1, outcome: "UNKNOWN", record: {} }],
      );
    const confirmed = async (): Promise<string[]> =>
      (await store.intents.open()).map(({ key }) => key).sort();

    test.each(["kill", "stopFast"] as const)(
      "restarted under load (%s): what was confirmed is there, and nothing is half there",
      async (way) => {
        const kept: string[] = [];
        let refused = 0;
        const load = Array.from({ length: 6 }, async (_none, lane) => {
          for (let index = 0; index < 60; index += 1) {
            const key = `${lane}-${index}`;
            await claim(key).then(
              () => kept.push(key),
              (error) => {
                expect(error).toMatchObject({ code: "UPSTREAM_UNAVAILABLE", service: "STORE" });
                refused += 1;
              },
            );
            if (lane === 0 && index === 10) {
              await postgres[way]();
              expect(await store.database.check()).toBe(false);
              await postgres.restart();
            }
          }
        });
        await Promise.all(load);

        const there = await confirmed();
        expect(there).toEqual(expect.arrayContaining(kept));
        expect(refused).toBeGreaterThan(0);
        expect(kept.length).toBeGreaterThan(30);
        // Each intent has its claim and its record, whether or not its confirmation arrived.
        const rows = await store.database.read(async (queries) => ({
          claims: await queries.selectFrom("slot_claims").select("claim").execute(),
          records: await queries.selectFrom("audit_records").select("attempt").execute(),
        }));
        expect(rows.claims.map(({ claim: slot }) => slot).sort()).toEqual(there);
        expect(rows.records.map(({ attempt }) => attempt).sort()).toEqual(there);
        expect((await verifyAudit(store, [])).faults).toEqual([]);
      },
      120_000,
    );

    test("connections cut by an administrator: refused, then it goes on", async () => {
      await claim("before");
      const cut = () =>
        postgres.query(
          database.url,
          "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'spine-graph'",
        );
      const under = Array.from({ length: 40 }, (_none, index) => claim(`k${index}`).catch(() => "refused"));
      await cut();
      await Promise.all(under);
      await claim("after").catch(() => claim("after"));
      expect(await confirmed()).toEqual(expect.arrayContaining(["before", "after"]));
      expect((await verifyAudit(store, [])).faults).toEqual([]);
    });

    test("a server that does not respond is given up in time", async () => {
      await claim("before");
      postgres.freeze();
      const began = performance.now();
      await expect(claim("frozen")).rejects.toMatchObject({ service: "STORE", retryable: true });
      expect(performance.now() - began).toBeLessThan(5_000);
      postgres.thaw();
      await claim("after").catch(() => claim("after"));
      expect(await confirmed()).toEqual(expect.arrayContaining(["before", "after"]));
    });
  });
});
