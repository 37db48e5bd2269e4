import { type AuditFile, createAuditLines, lineHash } from "../../src/platform/audit/audit-file.js";
import { AuditStore, AuditWriter } from "../../src/platform/audit/index.js";
import type { AuditEntry } from "../../src/platform/store/index.js";
import { TestClock, testCaller } from "../support/call-context.js";

/** The audit's writer and store over a database that a test breaks and mends. */
const clock = new TestClock();
const keys = {
  chainKey: Buffer.from("a key that only tests know"),
  hash: (text: string) => `hash of ${text}`,
} as never;

function setUp({ copies = [] as AuditFile[] } = {}) {
  const errors: string[] = [];
  const batches: string[][] = [];
  const database = {
    isUp: true,
    checks: 0,
    async check() {
      database.checks += 1;
      return database.isUp;
    },
  };
  const state = { fault: undefined as Error | undefined };
  let appended: (entries: readonly AuditEntry[]) => void = () => {};
  const chain = {
    onAppended: (listener: typeof appended) => {
      appended = listener;
    },
    write: async (change: (transaction: unknown, append: (entries: AuditEntry[]) => void) => unknown) => {
      if (state.fault) throw state.fault;
      await change(undefined, (entries) => {
        batches.push(entries.map(operationOf));
        appended(entries);
      });
    },
  };
  const writer = new AuditWriter({
    store: { chain, database } as never,
    copies,
    log: { error: ((words: string) => void errors.push(words)) as never },
  });
  const audit = new AuditStore({ clock, writer });
  return { audit, writer, errors, batches, database, state };
}

const operationOf = ({ record }: AuditEntry) => String(record.operation);

function fileOf(facts: Partial<AuditFile> = {}) {
  const lines: string[] = [];
  const file: AuditFile = {
    isDurable: true,
    append: (entries) => void lines.push(...entries.map(operationOf)),
    sync: () => void lines.push("sync"),
    close: () => {},
    ...facts,
  };
  return { file, lines };
}

function recorded(audit: AuditStore, ...operations: string[]) {
  const trail = audit.trailFor(testCaller, "journey-1");
  for (const operation of operations) trail.record({ operation, outcome: "SUCCEEDED" });
  return trail;
}

const refuse = () => {
  throw new Error("no space left");
};

describe("records of one request", () => {
  test("say when, who, for which organisation, what and about whom", () => {
    const { audit } = setUp();
    const entry = audit.trailFor(testCaller, "journey-1").toEntry({
      operation: "PDS Patient.read",
      outcome: "SUCCEEDED",
      nhsNumber: "9000000009",
      reason: "x",
    });

    expect(entry).toMatchObject({
      phase: "single",
      time: clock.now(),
      outcome: "SUCCEEDED",
      nhsNumber: "9000000009",
      userId: "user-7f3a",
      smartcardId: "111222333444",
      odsCode: "T82000",
      correlationId: "journey-1",
      record: {
        time: "2026-11-23T09:00:00.000Z",
        operation: "PDS Patient.read",
        nhsNumber: "9000000009",
        reason: "x",
        user: { localId: "user-7f3a", family: "Lindqvist" },
        organisation: { odsCode: "T82000" },
        correlationId: "journey-1",
      },
    });
  });

  test("are confirmed in one transaction, once", async () => {
    const { audit, batches } = setUp();
    const trail = recorded(audit, "a", "b");
    await trail.commit();
    await trail.commit();
    await audit.flush();

    expect(batches).toEqual([["a", "b"]]);
  });

  test("that were opened mean UNKNOWN, and the trail knows it", () => {
    const { audit } = setUp();
    const trail = audit.trailFor(testCaller, "journey-1");
    expect(trail.hasOpened).toBe(false);
    const opened = trail.open({ operation: "command book" });

    expect(opened).toMatchObject({ phase: "opened", outcome: "UNKNOWN" });
    expect(trail.hasOpened).toBe(true);
    expect(trail.close(opened.attempt, { operation: "command book", outcome: "SUCCEEDED" })).toMatchObject({
      attempt: opened.attempt,
      phase: "closed",
      outcome: "SUCCEEDED",
    });
  });

  test("are kept when they could not be confirmed, in their order, before those that came later", async () => {
    const { audit, batches, state } = setUp();
    const trail = recorded(audit, "a");
    state.fault = new Error("away");
    await expect(trail.commit()).rejects.toThrow("away");
    trail.record({ operation: "b", outcome: "SUCCEEDED" });
    state.fault = undefined;
    await audit.flush();

    expect(batches).toEqual([["a", "b"]]);
    expect(audit.lost).toBe(0);
  });

  test("beyond 20,000 unconfirmed ones the oldest are given up, and counted", async () => {
    const { audit, batches, state } = setUp();
    state.fault = new Error("away");
    const fill = async (name: string, count: number) => {
      const trail = recorded(audit, ...Array(count).fill(name));
      await expect(trail.commit()).rejects.toThrow("away");
    };
    await fill("oldest", 1);
    await fill("old", 19_999);
    expect(audit.lost).toBe(0);
    await fill("new", 1);
    expect(audit.lost).toBe(1);
    state.fault = undefined;
    await audit.flush();

    const kept = batches.flat();
    expect([kept.length, kept.includes("oldest"), kept.at(-1)]).toEqual([20_000, false, "new"]);
  });
});

describe("while the database is away", () => {
  test("a durable file stands in for it, forced to the disk, and the fault is logged once", async () => {
    const { file, lines } = fileOf();
    const { audit, errors, state } = setUp({ copies: [file] });
    state.fault = new Error("away");
    await recorded(audit, "a").commit();
    await recorded(audit, "b").commit();

    expect(lines).toEqual(["a", "sync", "b", "sync"]);
    expect(errors).toEqual(["the audit could not be written to the database"]);
  });

  test("the fault is logged again when the database was back in between", async () => {
    const { file } = fileOf();
    const { audit, errors, state } = setUp({ copies: [file] });
    for (const fault of [new Error("away"), undefined, new Error("away")]) {
      state.fault = fault;
      await recorded(audit, "a").commit();
    }

    expect(errors).toHaveLength(2);
  });

  test.each<[string, AuditFile[]]>([
    ["without a file", []],
    ["with a copy that is not durable", [fileOf({ isDurable: false }).file]],
    ["with a file that cannot be written", [fileOf({ append: refuse }).file]],
    ["with a file that cannot be forced to the disk", [fileOf({ sync: refuse }).file]],
  ])("%s nothing is confirmed, to nobody who waits", async (_what, copies) => {
    const { audit, state } = setUp({ copies });
    state.fault = new Error("away");
    const waiting = await Promise.allSettled([recorded(audit, "a").commit(), recorded(audit, "b").commit()]);

    expect(waiting.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  });

  test.each<[string, "query" | "command", boolean, AuditFile[]]>([
    ["a durable file", "query", true, [fileOf().file]],
    ["a durable file", "command", false, [fileOf().file]],
    ["no file", "query", false, []],
    ["a copy that is not durable", "query", false, [fileOf({ isDurable: false }).file]],
  ])("with %s, a %s can be confirmed: %s", async (_what, kind, expected, copies) => {
    const { writer, database } = setUp({ copies });
    database.isUp = false;

    expect(await writer.canConfirm(kind)).toBe(expected);
  });

  test("it is looked at again, but not for every request", async () => {
    const { writer, database } = setUp();
    expect([await writer.isStoreUp(), database.checks]).toEqual([true, 0]);
    database.isUp = false;
    const answers = [await writer.isStoreUp(), await writer.isStoreUp()];

    expect([answers, database.checks]).toEqual([[false, false], 1]);
    const later = performance.now() + 1_001;
    const watch = jest.spyOn(performance, "now").mockReturnValue(later);
    await writer.isStoreUp();
    expect(database.checks).toBe(2);
    watch.mockRestore();
  });
});

describe("copies beside the database", () => {
  test("get what the database confirmed, and are not waited for", async () => {
    const { file, lines } = fileOf();
    const { audit } = setUp({ copies: [file] });
    await recorded(audit, "a", "b").commit();

    expect(lines).toEqual(["a", "b"]);
  });

  test("one that fails is logged and holds nothing up, nor the other copies", async () => {
    const { file, lines } = fileOf();
    const { audit, errors } = setUp({ copies: [fileOf({ append: refuse }).file, file] });
    await recorded(audit, "a").commit();

    expect(lines).toEqual(["a"]);
    expect(errors).toEqual(["a copy of the audit could not be written"]);
  });
});

test("operations that end in one turn share a transaction, and later ones have the next", async () => {
  const { audit, batches } = setUp();
  const first = [recorded(audit, "a").commit(), recorded(audit, "b").commit()];
  await Promise.all(first);
  await recorded(audit, "c").commit();
  await audit.trailFor(testCaller, "journey-2").commit();

  expect(batches).toEqual([["a", "b"], ["c"]]);
});

describe("lines of the audit", () => {
  const entry = (operation: string, nhsNumber?: string) =>
    ({ attempt: "attempt-1", phase: "single", nhsNumber, record: { operation } }) as unknown as AuditEntry;
  const linesOf = (write: (file: AuditFile) => void) => {
    const written: string[] = [];
    write(createAuditLines({ keys, write: (lines) => void written.push(lines) }));
    return written;
  };

  test("are numbered, whole, and chained by hashes of the line before", () => {
    const [both = ""] = linesOf((file) => file.append([entry("a"), entry("b", "9000000009")]));
    expect(both.endsWith("\n")).toBe(true);
    const [one, two] = both
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));

    expect(one).toMatchObject({ sequence: 1, attempt: "attempt-1", phase: "single", operation: "a" });
    expect(two).toMatchObject({
      sequence: 2,
      writer: one.writer,
      operation: "b",
      patient: expect.any(String),
    });
    expect(one).not.toHaveProperty("patient");
    const chainKey = Buffer.from("a key that only tests know");
    const { hash: ofOne, ...plainOne } = one;
    const { hash: ofTwo, ...plainTwo } = two;
    expect(ofOne).toBe(lineHash(chainKey, "", plainOne));
    expect(ofTwo).toBe(lineHash(chainKey, ofOne, plainTwo));
    expect(ofTwo).not.toBe(lineHash(chainKey, "", plainTwo));
  });

  test("that cannot be forced to a disk are not durable, and syncing or closing them does nothing", () => {
    linesOf((file) => {
      expect(file.isDurable).toBe(false);
      expect(() => [file.sync(), file.close()]).not.toThrow();
    });
    expect(createAuditLines({ keys, write: () => {}, sync: () => {} }).isDurable).toBe(true);
  });
});
