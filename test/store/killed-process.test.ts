import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { buildSync } from "esbuild";
import { verifyAudit } from "../../src/platform/audit/index.js";
import type { Store } from "../../src/platform/store/index.js";
import { describeNeeding } from "../support/needs.js";
import { startPostgres, type TestPostgres } from "../support/postgres.js";
import { createPostgresDatabase, createSqliteDatabase, type TestDatabase } from "./databases.js";
import type { WriteToDieIn } from "./write-and-die.js";

/** More than any write has. */
const MOST_STATEMENTS = 40;

let folder: string;
let program: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "spine-graph-killed-"));
  program = join(folder, "write.js");
  buildSync({
    entryPoints: [join(__dirname, "write-and-die.ts")],
    outfile: program,
    bundle: true,
    platform: "node",
    // They bring native parts.
    external: ["libsql", "pg"],
    logLevel: "silent",
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** @returns whether the process had the write confirmed before it ended. */
function writeAndDie(url: string, write: WriteToDieIn, key: string, statement: number): Promise<boolean> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [program, url, write, key, `${statement}`], {
      env: { PATH: process.env.PATH, NODE_PATH: resolve(__dirname, "../../node_modules") },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    child.stdout.on("data", (text) => {
      said += text;
    });
    child.once("error", fail);
    child.once("exit", () => done(said.includes("confirmed")));
  });
}

/** Everything that one write changes. */
interface Parts {
  readonly intent: string | undefined;
  readonly slotClaims: number;
  readonly owners: number;
  readonly auditRecords: number;
  readonly openAudits: number;
}

const NOTHING: Parts = { intent: undefined, slotClaims: 0, owners: 0, auditRecords: 0, openAudits: 0 };
const CLAIMED: Parts = { intent: "open", slotClaims: 1, owners: 0, auditRecords: 1, openAudits: 1 };
const SETTLED: Parts = { intent: "done", slotClaims: 0, owners: 1, auditRecords: 2, openAudits: 0 };
const REMOVED: Parts = { ...NOTHING, auditRecords: 2 };

async function partsOf({ intents, database }: Store, key: string): Promise<Parts> {
  const intent = (await intents.get(key))?.text;
  return database.read(async (queries) => {
    const [claims, owners, records, open] = await Promise.all([
      queries.selectFrom("slot_claims").select("claim").where("intent_key", "=", key).execute(),
      queries.selectFrom("result_owners").select("result").where("intent_key", "=", key).execute(),
      queries.selectFrom("audit_records").select("attempt").where("attempt", "=", key).execute(),
      queries.selectFrom("audit_open").select("attempt").where("attempt", "=", key).execute(),
    ]);
    return {
      intent,
      slotClaims: claims.length,
      owners: owners.length,
      auditRecords: records.length,
      openAudits: open.length,
    };
  });
}

function describeKilledProcesses(start: () => Promise<TestDatabase>): void {
  test.each<[WriteToDieIn, string, Parts, Parts]>([
    ["claim", "intent, slot claim and opened audit record", NOTHING, CLAIMED],
    ["settle", "outcome, released claim, ownership and closed audit record", CLAIMED, SETTLED],
    ["remove", "removal, released claim and closed audit record", CLAIMED, REMOVED],
  ])(
    "kill -9 at every statement of a %s: %s are all there, or none of them",
    async (write, _parts, before, after) => {
      const database = await start();
      const store = await database.open();
      let killed = 0;
      for (let isConfirmed = false; !isConfirmed; ) {
        expect(killed).toBeLessThan(MOST_STATEMENTS);
        const key = `${write} killed at ${killed + 1}`;
        isConfirmed = await writeAndDie(database.url, write, key, killed + 1);
        if (!isConfirmed) killed += 1;

        const parts = await partsOf(store, key);
        expect(isConfirmed ? [after] : [before, after]).toContainEqual(parts);
        // A half-finished transaction of the dead process holds nothing up.
        const next = {
          text: "t",
          open: true,
          expiresAt: Number.MAX_SAFE_INTEGER,
          slotClaims: [`next ${key}`],
        };
        expect(await store.intents.claim(`next ${key}`, next)).toEqual({ kind: "claimed", revision: 1 });
      }
      expect(killed).toBeGreaterThan(5);
      expect((await verifyAudit(store, [])).faults).toEqual([]);
      await database.close();
    },
    120_000,
  );
}

describe("a process that dies over SQLite", () => {
  describeKilledProcesses(createSqliteDatabase);
});

describeNeeding("postgres", "a process that dies over PostgreSQL", () => {
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());

  describeKilledProcesses(() => createPostgresDatabase(postgres));
});
