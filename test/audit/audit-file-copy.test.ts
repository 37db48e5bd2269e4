import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type AuditFile,
  AuditStore,
  AuditWriter,
  createAuditLines,
  findRecords,
  openAuditFile,
  verifyAudit,
  verifyAuditLines,
} from "../../src/platform/audit/index.js";
import type { Store } from "../../src/platform/store/index.js";
import { createSqliteDatabase, type TestDatabase } from "../store/databases.js";
import { testCaller } from "../support/call-context.js";
import { outage } from "./store-outage.js";

const PATIENT = "9000000009";
let folder: string;
let path: string;
let database: TestDatabase;
let store: Store;
let file: AuditFile;
let state: ReturnType<typeof outage>;
let audit: AuditStore;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "audit-copy-"));
  path = join(folder, "audit.ndjson");
  database = await createSqliteDatabase();
  store = await database.open();
  file = openAuditFile(path, store.keys);
  state = outage(store);
  const writer = new AuditWriter({ store: state.store, copies: [file], log: { error: () => {} } });
  audit = new AuditStore({ clock: database.clock, writer });
});
afterEach(async () => {
  file.close();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

async function record(operation: string): Promise<void> {
  const trail = audit.trailFor(testCaller, "journey");
  trail.record({ operation, outcome: "SUCCEEDED", nhsNumber: PATIENT });
  await trail.commit();
}

const inDatabase = async () =>
  (await findRecords(store, { kind: "patient", nhsNumber: PATIENT })).map((found) => found.record?.operation);
const inFile = () =>
  readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line).operation);

test("only its owner may read the audit file", async () => {
  await record("any");
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("a stream has the same lines as the file, each once, and does not stand in for the database", async () => {
  const printed: string[] = [];
  const stream = createAuditLines({ keys: store.keys, write: (lines) => void printed.push(lines) });
  const writer = new AuditWriter({ store: state.store, copies: [stream], log: { error: () => {} } });
  const trail = new AuditStore({ clock: database.clock, writer }).trailFor(testCaller, "journey");
  trail.record({ operation: "printed", outcome: "SUCCEEDED", nhsNumber: PATIENT });
  await trail.commit();

  expect(printed.map((line) => JSON.parse(line).operation)).toEqual(["printed"]);
  expect(verifyAuditLines(printed.join(""), store.keys)).toEqual([]);
  state.isAway = true;
  expect(await writer.canConfirm("query")).toBe(false);
  trail.record({ operation: "refused", outcome: "SUCCEEDED", nhsNumber: PATIENT });
  await expect(trail.commit()).rejects.toThrow();
});

test("records of a time without the database are copied to it when it is back, each once, in their order", async () => {
  await record("before");
  state.isAway = true;
  await record("while away 1");
  await record("while away 2");
  await audit.flush();
  expect(await inDatabase()).toEqual(["before"]);
  state.isAway = false;
  await audit.flush();
  await audit.flush();

  const all = ["before", "while away 1", "while away 2"];
  expect(await inDatabase()).toEqual(all);
  expect(inFile()).toEqual(all);
  expect((await verifyAudit(store, [])).faults).toEqual([]);
  expect(verifyAuditLines(readFileSync(path, "utf8"), store.keys)).toEqual([]);
});

test("the next operation takes them along, ahead of its own records", async () => {
  state.isAway = true;
  await record("while away");
  state.isAway = false;
  await record("after");

  expect(await inDatabase()).toEqual(["while away", "after"]);
  expect(inFile()).toEqual(["while away", "after"]);
});

test("thousands of them are copied in several transactions", async () => {
  state.isAway = true;
  const trail = audit.trailFor(testCaller, "journey");
  for (let index = 0; index < 5_000; index += 1) {
    trail.record({ operation: `call ${index}`, outcome: "SUCCEEDED", nhsNumber: PATIENT });
  }
  await trail.commit();
  state.isAway = false;
  const batches: number[] = [];
  store.chain.onAppended((entries) => batches.push(entries.length));
  await audit.flush();

  expect(batches).toEqual([2_000, 2_000, 1_000]);
  expect(inFile()).toHaveLength(5_000);
});

test("a database that goes away again while they are copied loses none", async () => {
  state.isAway = true;
  await record("first");
  state.isAway = false;
  jest.spyOn(state.store.chain, "write").mockRejectedValueOnce(new Error("away again"));
  await audit.flush();
  expect(await inDatabase()).toEqual([]);
  await audit.flush();

  expect(await inDatabase()).toEqual(["first"]);
  expect(inFile()).toEqual(["first"]);
});
