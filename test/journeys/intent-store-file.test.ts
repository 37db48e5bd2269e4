import { fork } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { createFileIntentStore, type IntentStore } from "../../src/platform/intents/index.js";
import { TestClock } from "../support/call-context.js";
import { describeIntentStore } from "./intent-store-suite.js";

const clock = new TestClock();
let folder: string;
let path: string;
const opened: IntentStore[] = [];
const open = async () => {
  const store = createFileIntentStore({ path, clock });
  opened.push(store);
  return store;
};
const entry = (text: string) => ({ text, open: true, expiresAt: clock.now() + 1_000_000 });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "intents-"));
  path = join(folder, "var", "intents.ndjson");
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
  rmSync(folder, { recursive: true, force: true });
});

describe("intents in a file", () => {
  describeIntentStore(async () => ({
    clock,
    open,
    reopen: async (store) => {
      await store.close();
      return open();
    },
    lose: async () => rmSync(path),
    dump: async () => readFileSync(path, "utf8"),
    close: async () => {},
  }));
});

test("only its owner may read the file", async () => {
  await (await open()).claim("k", entry("sealed"));

  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test.each([
  ["cut in the middle", (line: string) => line.slice(0, 20)],
  ["whole but for the end of the line", (line: string) => line],
  ["zeros, as after a loss of power", () => "\0".repeat(64)],
])("a last line that is torn was never confirmed: %s", async (_case, torn) => {
  const store = await open();
  await store.claim("k", entry("confirmed"));
  const line = JSON.stringify(["torn", 1, true, clock.now() + 1_000_000, null, "text"]);
  appendFileSync(path, torn(line));

  const after = await open();
  expect((await after.get("k"))?.text).toBe("confirmed");
  expect(await after.get("torn")).toBeUndefined();
  expect(await after.claim("torn", entry("claimed by somebody else"))).toEqual({ kind: "claimed" });
  // The first one goes on too, and both see the same.
  expect(await store.claim("torn", entry("too late"))).toMatchObject({ kind: "taken" });
  expect(readFileSync(path, "utf8").split("\n").slice(0, -1)).toHaveLength(2);
});

test("a file with a hole in it confirms nothing", async () => {
  const store = await open();
  await store.claim("k", entry("confirmed"));
  writeFileSync(path, `not a line of ours\n${readFileSync(path, "utf8")}`);

  const after = await open();
  await expect(after.claim("another", entry("text"))).rejects.toThrow();
  await expect(after.get("k")).rejects.toThrow();
});

test("a file that cannot be written refuses, and works again once it can be", async () => {
  writeFileSync(join(folder, "var"), "a file where the folder should be");
  const store = await open();
  await expect(store.claim("k", entry("text"))).rejects.toThrow();

  rmSync(join(folder, "var"));
  expect(await store.claim("k", entry("text"))).toEqual({ kind: "claimed" });
});

test("a file that has grown long is rewritten with what still counts", async () => {
  const store = await open();
  const other = await open();
  await store.claim("k", entry("first"));
  for (let revision = 1; revision <= 1_100; revision += 1) await store.replace("k", revision, entry("again"));

  expect(readFileSync(path, "utf8").split("\n").length).toBeLessThan(200);
  expect((await other.get("k"))?.revision).toBe(1_101);
  expect((await (await open()).get("k"))?.revision).toBe(1_101);
});

describe("the lock", () => {
  const lock = () => `${path}.lock`;

  test.each([
    ["of a process that is gone", `999999999 ${hostname()} left-behind`],
    ["of a process that had our number before us", `${process.pid} ${hostname()} left-behind`],
  ])("a lock %s is taken away", async (_case, token) => {
    const store = await open();
    await store.claim("first", entry("makes the folder"));
    writeFileSync(lock(), token);

    expect(await store.claim("k", entry("text"))).toEqual({ kind: "claimed" });
    expect(existsSync(lock())).toBe(false);
  });

  test("a lock of a living process is respected until it is given back", async () => {
    const store = await open();
    await store.claim("first", entry("makes the folder"));
    writeFileSync(lock(), `${process.ppid} ${hostname()} at-work`);

    const claiming = store.claim("k", entry("text"));
    const early = await Promise.race([
      claiming,
      new Promise((resolve) => setImmediate(() => resolve("waits"))),
    ]);
    expect(early).toBe("waits");
    rmSync(lock());

    expect(await claiming).toEqual({ kind: "claimed" });
  });

  test("of processes that claim the same keys, exactly one gets each", async () => {
    const claimants = await Promise.all(
      [1, 2, 3].map((name) => claimInOtherProcess(path, `process ${name}`)),
    );

    const winners = claimants.flat();
    expect(winners.sort()).toEqual(Array.from({ length: 50 }, (_, index) => `key ${index}`).sort());
    const store = await open();
    expect(await store.open()).toHaveLength(50);
  });
});

/** The keys that another process got of fifty. */
function claimInOtherProcess(file: string, name: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = fork(join(__dirname, "claim-in-process.js"), [file, name], { stdio: "inherit" });
    let keys: string[] = [];
    child.on("message", (message) => {
      keys = message as string[];
    });
    child.on("exit", (code) => (code === 0 ? resolve(keys) : reject(new Error(`ended with ${code}`))));
  });
}
