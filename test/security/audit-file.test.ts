import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openAuditFile } from "../../src/platform/audit/audit-file.js";
import { AuditStore, AuditWriter } from "../../src/platform/audit/index.js";
import type { Store } from "../../src/platform/store/index.js";
import { TestClock, testCaller } from "../support/call-context.js";
import { createLazyStore } from "../support/memory-intent-store.js";

jest.mock("node:fs", () => {
  const real: typeof fs = jest.requireActual("node:fs");
  return { ...real, fdatasyncSync: jest.fn(real.fdatasyncSync), writeSync: jest.fn(real.writeSync) };
});
const synced = jest.mocked(fs.fdatasyncSync);
const written = jest.mocked(fs.writeSync);

/** The file that stands in for the database while that is away. */
const clock = new TestClock();
let folder: string;
let path: string;
let store: Store;
beforeEach(async () => {
  folder = fs.mkdtempSync(join(tmpdir(), "spine-graph-audit-"));
  path = join(folder, "deep", "audit.jsonl");
  store = await createLazyStore(clock).open();
  synced.mockClear();
  written.mockClear();
});
afterEach(async () => {
  await store.close();
  fs.rmSync(folder, { recursive: true });
});

/** A writer whose database fails. */
function writerWithoutDatabase(errors: string[] = []) {
  const file = openAuditFile(path, store.keys);
  const away = {
    chain: { onAppended: () => {}, write: () => Promise.reject(new Error("away")) },
    database: { isUp: false, check: () => Promise.resolve(false) },
  } as never;
  return {
    file,
    writer: new AuditWriter({
      store: away,
      copies: [file],
      log: { error: (...words: unknown[]) => void errors.push(String(words)) },
    }),
  };
}

async function record(writer: AuditWriter) {
  const trail = new AuditStore({ clock, writer }).trailFor(testCaller, "journey-1");
  trail.record({ operation: "PDS Patient.read", outcome: "SUCCEEDED", nhsNumber: "9000000009" });
  await trail.commit();
}

test("only its owner may read or write the audit file, whatever the process's mask", async () => {
  const mask = process.umask(0);
  try {
    const { file, writer } = writerWithoutDatabase();
    await record(writer);
    file.close();
  } finally {
    process.umask(mask);
  }

  expect(fs.statSync(path).mode & 0o777).toBe(0o600);
});

test("a record in the file is forced to the disk before it is confirmed", async () => {
  const { file, writer } = writerWithoutDatabase();
  await record(writer);

  expect(written).toHaveBeenCalledTimes(1);
  expect(synced).toHaveBeenCalledTimes(1);
  const [[writeOrder = 0], [syncOrder = 0]] = [
    written.mock.invocationCallOrder,
    synced.mock.invocationCallOrder,
  ];
  expect(writeOrder).toBeLessThan(syncOrder);
  file.close();
});

test.each([
  ["the write fails", written],
  ["the disk does not confirm", synced],
])("a record is not confirmed when the database is away and %s", async (_what, call) => {
  const errors: string[] = [];
  const { file, writer } = writerWithoutDatabase(errors);
  call.mockImplementationOnce(() => {
    throw new Error("no space left");
  });

  await expect(record(writer)).rejects.toThrow("away");
  expect(errors).toEqual(["the audit could not be written to the database"]);
  file.close();
});

test("a record that was not confirmed is kept, and is in the file after the next attempt", async () => {
  const { file, writer } = writerWithoutDatabase();
  const audit = new AuditStore({ clock, writer });
  const trail = audit.trailFor(testCaller, "journey-1");
  trail.record({ operation: "PDS Patient.read", outcome: "SUCCEEDED" });
  written.mockImplementationOnce(() => {
    throw new Error("no space left");
  });

  await expect(trail.commit()).rejects.toThrow("away");
  await audit.flush();

  const lines = fs.readFileSync(path, "utf8").trim().split("\n");
  expect(lines.map((line) => JSON.parse(line).operation)).toEqual(["PDS Patient.read"]);
  expect(audit.lost).toBe(0);
  file.close();
});
