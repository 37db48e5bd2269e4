import { sql } from "kysely";
import { AbandonedRecords, DEAD_AFTER_MS } from "../../src/platform/audit/abandoned-records.js";
import { forgetOldRecords } from "../../src/platform/audit/audit-retention.js";
import { Checkpoints } from "../../src/platform/audit/checkpoints.js";
import {
  AuditStore,
  AuditWriter,
  findRecords,
  readCheckpoints,
  type SignedCheckpoint,
  verifyAudit,
} from "../../src/platform/audit/index.js";
import type { Store } from "../../src/platform/store/index.js";
import type { TestDatabase } from "../store/databases.js";
import { TestClock, testCaller } from "../support/call-context.js";

const PATIENT = "9000000009";
const OTHER_PATIENT = "9990000018";
const DAY_MS = 86_400_000;

/** Somebody with full rights on the database against the audit, the same for every database. */
export function describeAudit(start: () => Promise<TestDatabase>): void {
  let database: TestDatabase;
  let store: Store;
  let audit: AuditStore;
  let outside: SignedCheckpoint[];
  let checkpoints: Checkpoints;
  beforeEach(async () => {
    database = await start();
    store = await database.open();
    audit = auditOf(store);
    outside = [];
    checkpoints = checkpointsOf(store);
  });
  afterEach(() => database.close());

  const auditOf = (of: Store) =>
    new AuditStore({
      clock: database.clock,
      writer: new AuditWriter({ store: of, copies: [], log: { error: () => {} } }),
    });
  const checkpointsOf = (of: Store) =>
    new Checkpoints({
      store: of,
      clock: database.clock,
      log: { info: (line: object) => void outside.push(...readCheckpoints(JSON.stringify(line))) } as never,
    });
  const record = async (count: number, of = audit, nhsNumber = PATIENT) => {
    for (let index = 0; index < count; index += 1) {
      const trail = of.trailFor(testCaller, `journey-${index}`);
      trail.record({ operation: `PDS Patient.read ${index}`, outcome: "SUCCEEDED", nhsNumber });
      await trail.commit();
    }
  };
  const faults = async (evidence = outside) =>
    (await verifyAudit(store, evidence)).faults.map(({ kind, from, to }) => `${kind} ${from}-${to}`);
  /** As somebody who knows SQL and has every right, but not the key. */
  const tamper = (statement: string) =>
    store.database.write((transaction) => sql.raw(statement).execute(transaction));

  describe("an untouched audit", () => {
    test("verifies, with many records of many operations at the same time", async () => {
      const other = await database.open();
      const second = auditOf(other);
      await Promise.all([record(20), record(20, second), record(20)]);
      await checkpoints.write(true);

      const report = await verifyAudit(store, outside);
      expect(report).toMatchObject({ writers: 2, records: 60, faults: [] });
    });

    test("operations that end together share a transaction", async () => {
      const writes: number[] = [];
      store.chain.onAppended((entries) => writes.push(entries.length));
      await Promise.all(
        Array.from({ length: 30 }, (_, index) => {
          const trail = audit.trailFor(testCaller, `journey-${index}`);
          trail.record({ operation: "PDS Patient.read", outcome: "SUCCEEDED" });
          trail.record({ operation: "SDS Endpoint", outcome: "SUCCEEDED" });
          return trail.commit();
        }),
      );
      expect(writes.reduce((sum, count) => sum + count, 0)).toBe(60);
      expect(writes.length).toBeLessThanOrEqual(2);
    });

    test("goes on after a restart and is verified with the key of the store alone", async () => {
      await record(3);
      await store.close();
      store = await database.open();
      audit = auditOf(store);
      await record(2);
      expect(await verifyAudit(store, outside)).toMatchObject({ writers: 2, records: 5, faults: [] });
    });
  });

  describe("an attack is found and named", () => {
    beforeEach(async () => {
      await record(8);
      await checkpoints.write();
    });

    test("one record removed from the middle", async () => {
      await tamper("delete from audit_records where sequence = 4");
      expect(await faults()).toEqual(["removed 4-4"]);
    });

    test("several removed", async () => {
      await tamper("delete from audit_records where sequence in (2, 5, 6)");
      expect(await faults()).toEqual(["removed 2-2", "removed 5-6"]);
    });

    test("the first one removed", async () => {
      await tamper("delete from audit_records where sequence = 1");
      expect(await faults()).toEqual(["removed 1-1"]);
    });

    test("one removed and the others moved up, so that no number is missing", async () => {
      await tamper("delete from audit_records where sequence = 4");
      for (const sequence of [5, 6, 7, 8]) {
        await tamper(`update audit_records set sequence = ${sequence - 1} where sequence = ${sequence}`);
      }
      const found = await faults();
      for (const sequence of [4, 5, 6, 7]) {
        expect(found.filter((fault) => fault.endsWith(` ${sequence}-${sequence}`))).toHaveLength(1);
      }
      expect(found).toContain("cut off 8-8");
    });

    test.each([
      ["outcome", "'FAILED'"],
      ["time", "1"],
      ["patient", "'another'"],
      ["person", "null"],
      ["smartcard", "'another'"],
      ["organisation", "'T99999'"],
      ["correlation", "null"],
      ["attempt", "'another'"],
      ["phase", "'closed'"],
    ])("one column altered: %s", async (column, value) => {
      await tamper(`update audit_records set ${column} = ${value} where sequence = 3`);
      expect(await faults()).toEqual(["altered 3-3"]);
    });

    test("the body of one replaced by the body of another", async () => {
      await tamper(
        "update audit_records set body = (select body from audit_records where sequence = 2) where sequence = 3",
      );
      expect(await faults()).toEqual(["altered 3-3"]);
    });

    test("the hash of one altered", async () => {
      await tamper("update audit_records set hash = 'another' where sequence = 5");
      expect(await faults()).toEqual(["altered 5-5"]);
    });

    test("two that changed places", async () => {
      await tamper("update audit_records set sequence = 99 where sequence = 3");
      await tamper("update audit_records set sequence = 3 where sequence = 6");
      await tamper("update audit_records set sequence = 6 where sequence = 99");
      expect(await faults()).toEqual(["reordered 3-3", "reordered 6-6"]);
    });

    test("a record inserted that nobody wrote", async () => {
      await tamper(
        `insert into audit_records select writer, 9, time, attempt, phase, outcome, patient, person, smartcard,
           organisation, correlation, body, hash from audit_records where sequence = 8`,
      );
      expect(await faults()).toContain("altered 9-9");
    });

    test("the end cut off, with the checkpoints in the database: the one outside tells", async () => {
      await tamper("delete from audit_records where sequence > 5");
      await tamper("delete from audit_checkpoints");
      expect(await faults()).toEqual(["cut off 6-8"]);
    });

    test("every record of a writer removed, with everything that the database knows of it", async () => {
      await tamper("delete from audit_records");
      await tamper("delete from audit_checkpoints");
      await tamper("delete from audit_writers");
      expect(await faults()).toEqual(["cut off 1-8"]);
    });

    test("only what came after the latest checkpoint can be cut off unseen", async () => {
      await record(2);
      await tamper("delete from audit_records where sequence > 8");
      expect(await faults()).toEqual([]);
      await tamper("delete from audit_records where sequence > 7");
      expect(await faults()).toEqual(["cut off 8-8"]);
    });

    test("a checkpoint moved back", async () => {
      await tamper("update audit_checkpoints set sequence = 5");
      await tamper("delete from audit_records where sequence > 5");
      expect(await faults([])).toContain("checkpoint altered 5-5");
    });

    test("a beginning invented, as if retention had removed the records", async () => {
      await tamper(
        `insert into audit_starts select writer, '{"writer":"' || writer || '","sequence":3,"hash":"' || hash
           || '","signature":"invented"}' from audit_records where sequence = 3`,
      );
      await tamper("delete from audit_records where sequence <= 3");
      expect(await faults()).toEqual(["beginning altered 3-3"]);
    });

    test("the other writers' chains stay sound", async () => {
      const second = await database.open();
      await record(4, auditOf(second));
      await tamper(`delete from audit_records where sequence = 2 and writer = '${second.chain.writer}'`);
      const report = await verifyAudit(store, outside);
      expect(report.faults).toEqual([
        expect.objectContaining({ kind: "removed", writer: second.chain.writer }),
      ]);
    });
  });

  describe("questions", () => {
    test("who looked at this patient, and what did this person do", async () => {
      await record(2);
      await record(1, audit, OTHER_PATIENT);

      const looked = await findRecords(store, { kind: "patient", nhsNumber: PATIENT });
      expect(looked.map(({ record: found }) => found?.operation)).toEqual([
        "PDS Patient.read 0",
        "PDS Patient.read 1",
      ]);
      expect(looked[0]?.record).toMatchObject({ nhsNumber: PATIENT, user: { family: "Lindqvist" } });
      for (const id of [testCaller.person.localId, testCaller.person.sdsUserId ?? ""]) {
        expect(await findRecords(store, { kind: "user", id })).toHaveLength(3);
      }
      expect(await findRecords(store, { kind: "user", id: "nobody" })).toEqual([]);
    });

    test("without the key nothing in the tables tells who or about whom", async () => {
      await record(3);
      const rows = await store.database.read((queries) =>
        queries.selectFrom("audit_records").selectAll().execute(),
      );
      const text = JSON.stringify(rows);
      for (const secret of [
        PATIENT,
        "Lindqvist",
        testCaller.person.localId,
        "111222333444",
        "Patient.read",
      ]) {
        expect(text).not.toContain(secret);
      }
    });
  });

  describe("a command whose process ended", () => {
    const opened = async (of: Store) => {
      const entry = auditOf(of)
        .trailFor(testCaller, "journey")
        .open({ operation: "command book", nhsNumber: PATIENT, odsCode: "T81001" });
      const intent = { text: "t", open: true, expiresAt: database.clock.now() + DAY_MS, slotClaims: [] };
      await of.intents.claim("k", intent, [entry]);
      return entry;
    };

    test("is closed as UNKNOWN by another process, once", async () => {
      const dead = await database.open();
      await opened(dead);
      const stopwatch = new TestClock();
      const upkeep = [store, await database.open()].map(
        (living) => new AbandonedRecords({ store: living, clock: database.clock, stopwatch }),
      );
      for (const each of upkeep) expect(await each.close()).toBe(0);
      stopwatch.advance(DEAD_AFTER_MS);
      const closed = await Promise.all(upkeep.map((each) => each.close()));

      expect(closed.sort()).toEqual([0, 1]);
      const records = await findRecords(store, { kind: "patient", nhsNumber: PATIENT });
      expect(records.map(({ phase, outcome }) => `${phase} ${outcome}`)).toEqual([
        "opened UNKNOWN",
        "closed UNKNOWN",
      ]);
      expect(records[1]?.record).toMatchObject({
        operation: "command book",
        reason: "PROCESS_ENDED",
        user: { family: "Lindqvist" },
      });
      expect(await faults()).toEqual([]);
    });

    test("is left alone while its process lives", async () => {
      const living = await database.open();
      await opened(living);
      const stopwatch = new TestClock();
      const other = new AbandonedRecords({ store, clock: database.clock, stopwatch });
      const own = new AbandonedRecords({ store: living, clock: database.clock, stopwatch });
      for (let minute = 0; minute < 5; minute += 1) {
        await own.beat();
        expect(await other.close()).toBe(0);
        stopwatch.advance(DEAD_AFTER_MS);
      }
      expect(await other.close()).toBe(1);
    });

    test("a reconciliation that closes it first leaves nothing to close", async () => {
      const dead = await database.open();
      const entry = await opened(dead);
      const trail = audit.trailFor(testCaller, "journey");
      const done = { text: "t", open: false, expiresAt: database.clock.now() + DAY_MS, slotClaims: [] };
      await store.intents.replace("k", 1, done, [
        trail.close(entry.attempt, { operation: "command book", outcome: "SUCCEEDED" }),
      ]);
      const stopwatch = new TestClock();
      const upkeep = new AbandonedRecords({ store, clock: database.clock, stopwatch });
      await upkeep.close();
      stopwatch.advance(DEAD_AFTER_MS);
      expect(await upkeep.close()).toBe(0);
    });
  });

  describe("retention", () => {
    test("removes what is older and leaves a chain that verifies", async () => {
      await record(4);
      await checkpoints.write();
      database.clock.advance(2 * DAY_MS);
      await record(3);
      const removed = await forgetOldRecords(
        store.database,
        store.keys.chainKey,
        database.clock.now() - DAY_MS,
      );
      expect(removed).toBe(4);
      await record(1);
      expect(await verifyAudit(store, outside)).toMatchObject({ records: 4, faults: [] });
      await tamper("delete from audit_records where sequence = 5");
      expect(await faults()).toEqual(["removed 5-5"]);
    });

    test("removes a whole chain, and its writer goes on after it", async () => {
      await record(4);
      await checkpoints.write();
      database.clock.advance(2 * DAY_MS);
      await forgetOldRecords(store.database, store.keys.chainKey, database.clock.now() - DAY_MS);
      expect(await verifyAudit(store, outside)).toMatchObject({ records: 0, faults: [] });
      await record(2);
      expect(await verifyAudit(store, outside)).toMatchObject({ records: 2, faults: [] });
    });
  });
}
