import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { buildSync } from "esbuild";
import { verifyAudit } from "../../src/platform/audit/index.js";
import { createSqliteDatabase } from "./databases.js";

/** More than a claim has, so that the last ones let it end. */
const MOST_STATEMENTS = 24;

let folder: string;
let program: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "spine-graph-killed-"));
  program = join(folder, "claim.js");
  buildSync({
    entryPoints: [join(__dirname, "claim-and-die.ts")],
    outfile: program,
    bundle: true,
    platform: "node",
    // They bring native parts, or are not used.
    external: ["libsql", "pg"],
    logLevel: "silent",
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** @returns what the process said before it ended. */
function claimAndDie(url: string, key: string, statement: number): Promise<string> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [program, url, key, `${statement}`], {
      env: { PATH: process.env.PATH, NODE_PATH: resolve(__dirname, "../../node_modules") },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    child.stdout.on("data", (text) => {
      said += text;
    });
    child.once("error", fail);
    child.once("exit", () => done(said));
  });
}

test("kill -9 at every statement of a claim: intent, slot claim and audit record are all there, or none of them", async () => {
  const database = await createSqliteDatabase();
  const store = await database.open();
  let killed = 0;
  let ended = 0;
  for (let statement = 1; statement <= MOST_STATEMENTS; statement += 1) {
    const key = `killed at ${statement}`;
    const said = await claimAndDie(database.url, key, statement);
    const isConfirmed = said.includes("confirmed");
    if (isConfirmed) ended += 1;
    else killed += 1;

    const intent = await store.intents.get(key);
    const rows = await store.database.read(async (queries) => ({
      claims: await queries.selectFrom("slot_claims").selectAll().where("claim", "=", key).execute(),
      records: await queries.selectFrom("audit_records").selectAll().where("attempt", "=", key).execute(),
      open: await queries.selectFrom("audit_open").selectAll().where("attempt", "=", key).execute(),
    }));
    const parts = [intent !== undefined, rows.claims.length, rows.records.length, rows.open.length].map(
      Number,
    );
    expect([
      [0, 0, 0, 0],
      [1, 1, 1, 1],
    ]).toContainEqual(parts);
    if (isConfirmed) expect(parts).toEqual([1, 1, 1, 1]);
    // A half-finished transaction of the dead process holds nothing up.
    const next = { text: "t", open: true, expiresAt: Number.MAX_SAFE_INTEGER, slotClaims: [`next ${key}`] };
    expect(await store.intents.claim(`next ${key}`, next)).toEqual({ kind: "claimed" });
  }
  expect(killed).toBeGreaterThan(6);
  expect(ended).toBeGreaterThan(0);
  expect((await verifyAudit(store, [])).faults).toEqual([]);
  await database.close();
}, 120_000);
