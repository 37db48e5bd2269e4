import type { Database } from "../../src/platform/store/index.js";
import { checkHistory } from "./checker/check-history.js";
import type { Violation } from "./checker/violation.js";
import type { Reply } from "./history.js";
import { runScenario } from "./run-scenario.js";
import { createScenario } from "./scenario.js";
import { type PracticeBehaviour, WELL_BEHAVED } from "./world/practice-behaviour.js";
import type { PlantedFaults } from "./world/world.js";

const REQUESTS = 100;
const MAX_SCENARIOS = 20;
/** A rare occasion needs several scenarios. */
jest.setTimeout(120_000);

/** Runs one scenario with planted faults, and returns the rules that the checker finds violated. */
async function violatedRules(
  faults: PlantedFaults,
  scenario = 2,
  practice = WELL_BEHAVED,
): Promise<Set<Violation["rule"]>> {
  const { history } = await runScenario(createScenario(`ci-${scenario}`, REQUESTS, { practice }), faults);
  return new Set(checkHistory(history).violations.map(({ rule }) => rule));
}

/** Not every scenario can show every fault, so this runs several until the rule is violated. */
async function isFound(
  rule: Violation["rule"],
  faults: PlantedFaults,
  practice?: PracticeBehaviour,
): Promise<boolean> {
  for (let scenario = 0; scenario < MAX_SCENARIOS; scenario += 1) {
    if ((await violatedRules(faults, scenario, practice)).has(rule)) return true;
  }
  return false;
}

test("the checker finds no violation without a planted fault", async () => {
  expect([...(await violatedRules({}))]).toEqual([]);
});

test.each<Violation["rule"]>([
  "two appointments for one slot",
  "two appointments for one key",
  "two registrations of one patient",
])("the checker finds writes that take effect twice: %s", async (rule) => {
  expect(await isFound(rule, { duplicateWrites: true })).toBe(true);
});

/** Replaces replies of one kind with a false one. */
function falseReply<K extends Reply["kind"]>(
  to: K,
  replace: (reply: Extract<Reply, { kind: K }>) => Reply,
): PlantedFaults {
  return { falsify: (reply) => (reply.kind === to ? replace(reply as Extract<Reply, { kind: K }>) : reply) };
}

const BOOKED = { kind: "booked", status: "booked", version: "1", registered: false } as const;

test.each<[string, Violation["rule"], PlantedFaults]>([
  [
    "not booked",
    "reported not booked, but is",
    falseReply("booked", () => ({ kind: "not-booked", why: "false" })),
  ],
  [
    "the slot is taken",
    "reported not booked, but is",
    falseReply("booked", () => ({ kind: "not-booked", why: "slot-unavailable SLOT_UNAVAILABLE" })),
  ],
  [
    "booked, an appointment that does not exist",
    "reported booked, but is not",
    falseReply("not-booked", () => ({ ...BOOKED, appointmentId: "no-such-appointment" })),
  ],
  [
    "booked, an appointment of another request",
    "reported booked, but is not",
    falseReply("not-booked", () => ({ ...BOOKED, appointmentId: "appointment-1" })),
  ],
  [
    "booked and cancelled since",
    "reported booked, but is not",
    falseReply("booked", (reply) => ({ ...reply, status: "cancelled" })),
  ],
  [
    "booked before, without an appointment",
    "reported booked before, but is not",
    falseReply("not-booked", () => ({ kind: "booked-already" })),
  ],
  [
    "booked before, although by this key",
    "attributed to another key",
    falseReply("booked", () => ({ kind: "booked-already" })),
  ],
  [
    "cancelled",
    "reported cancelled, but is not",
    falseReply("not-cancelled", () => ({ kind: "cancelled", appointmentId: "appointment-1" })),
  ],
  [
    "not cancelled",
    "reported not cancelled, but is",
    falseReply("cancelled", () => ({ kind: "not-cancelled", why: "false" })),
  ],
  [
    "amended",
    "reported amended, but is not",
    falseReply("not-amended", () => ({ kind: "amended", appointmentId: "appointment-1", version: "1" })),
  ],
  [
    "amended, with a wrong version",
    "reported amended, but is not",
    falseReply("amended", (reply) => ({ ...reply, version: "99" })),
  ],
  [
    "not amended",
    "reported not amended, but is",
    falseReply("amended", () => ({ kind: "not-amended", why: "false" })),
  ],
  [
    "changed, although unchanged",
    "reported not amended, but is",
    falseReply("not-amended", (reply) => ({ ...reply, version: "0" })),
  ],
  [
    "registered",
    "reported registered, but is not",
    falseReply("not-registered", () => ({ kind: "registered", already: false })),
  ],
  [
    "not registered",
    "reported not registered, but is",
    falseReply("registered", () => ({ kind: "not-registered", why: "false" })),
  ],
  [
    "not sent",
    "reported not sent, but was",
    falseReply("booked", () => ({ kind: "not-sent", why: "false", message: "this request" })),
  ],
  [
    "nothing was sent, for any request",
    "reply covers earlier requests",
    falseReply("not-sent", (reply) => ({ ...reply, message: "Nothing was sent." })),
  ],
  [
    "unknown for ever",
    "not reconciled",
    { falsify: (reply, index) => (index < 1_000_000 ? reply : { kind: "unknown" }) },
  ],
  ["a crash", "crash", falseReply("booked", () => ({ kind: "crash", why: "false" }))],
])("the checker finds the false reply '%s'", async (_reply, rule, faults) => {
  expect(await isFound(rule, faults)).toBe(true);
});

test("the checker finds an unknown outcome that is never reconciled", async () => {
  expect(await isFound("not reconciled", { noSweeper: true })).toBe(true);
});

test("the checker finds audit records that are missing, duplicated, out of order or false", async () => {
  const onOne = (change: NonNullable<PlantedFaults["audit"]>): PlantedFaults => {
    let count = 0;
    return {
      audit: (auditRecord) =>
        auditRecord.sspTraceId !== undefined && ++count === 20 ? change(auditRecord) : [auditRecord],
    };
  };
  expect(await violatedRules(onOne(() => []))).toContain("audit");
  expect(await violatedRules(onOne((auditRecord) => [auditRecord, auditRecord]))).toContain("audit");
  expect(await violatedRules(onOne((auditRecord) => [{ ...auditRecord, outcome: "BLOCKED" }]))).toContain(
    "audit",
  );
  let held: Parameters<NonNullable<PlantedFaults["audit"]>>[0] | undefined;
  const swapped = onOne((auditRecord) => {
    held = auditRecord;
    return [];
  });
  const audit: PlantedFaults["audit"] = (auditRecord) => {
    const records = swapped.audit?.(auditRecord) ?? [];
    if (held === undefined || records.length === 0) return records;
    const [late] = [held];
    held = undefined;
    return [...records, late];
  };
  expect(await violatedRules({ audit })).toContain("audit");
});

/** A create that could still take effect, and another one for its slots that was sent a second after its end. */
const earlyResend: PlantedFaults = {
  attempts: (attempts) =>
    attempts.flatMap((attempt) => {
      const { operation, fault, end } = attempt;
      if (operation !== "create" || end?.kind !== "failed" || !fault.endsWith("never")) return [attempt];
      return [attempt, { ...attempt, traceId: `${attempt.traceId}-again`, sentAt: end.at + 1_000 }];
    }),
};

const sixCreates: PlantedFaults = {
  attempts: (attempts) =>
    attempts.flatMap((attempt) =>
      attempt.operation === "create"
        ? Array.from({ length: 6 }, (_, index) => ({ ...attempt, traceId: `${attempt.traceId}-${index}` }))
        : [attempt],
    ),
};

test.each<[string, Violation["rule"], PlantedFaults]>([
  ["audit records of work that outlives its request and are never written", "audit", { noAuditUpkeep: true }],
  ["a second create before the late-commit bound", "two creates outstanding for one slot", earlyResend],
  ["six creates of one key", "too many creates", sixCreates],
  [
    "a time in the past until which the outcome is unknown",
    "settlesAt is not kept",
    falseReply("unknown", (reply) => ({ ...reply, settlesAt: 0 })),
  ],
])("the checker finds %s", async (_fault, rule, faults) => {
  expect(await isFound(rule, faults)).toBe(true);
});

const LATE: PracticeBehaviour = { ...WELL_BEHAVED, saveDelayMs: [0, 30_000], lateCopies: 0.05 };

test.each<[string, Violation["rule"], PlantedFaults, PracticeBehaviour]>([
  [
    "intents that are lost with the cache",
    "two creates outstanding for one slot",
    { intentsLostWith: "cache-loss" },
    LATE,
  ],
  [
    "intents that a failover of the database loses",
    "two appointments for one key",
    { intentsLostWith: "store-failover" },
    LATE,
  ],
  [
    "a slot that always gets 500, and a reply that is 'unknown' for ever",
    "not reconciled",
    falseReply("not-booked", (reply) => (reply.why.endsWith("NOT_BOOKED") ? { kind: "unknown" } : reply)),
    { ...WELL_BEHAVED, failingSlot: 3 },
  ],
  [
    "a late duplicate that nobody is told of",
    "late duplicate not noticed",
    { doubled: () => new Set() },
    LATE,
  ],
])("the checker finds %s", async (_fault, rule, faults, practice) => {
  expect(await isFound(rule, faults, practice)).toBe(true);
});

test("a late duplicate that is reported is counted, and no violation", async () => {
  const { history } = await runScenario(createScenario("ci-2", REQUESTS, { practice: LATE }));
  const { violations, exceptions } = checkHistory(history);
  expect(violations).toEqual([]);
  expect(exceptions.duplicatedDelivery).toBeGreaterThan(0);
});

/** Runs a statement for the longest chain and a record in its middle. */
function onChain(
  work: (database: Database, writer: string, sequence: number) => Promise<unknown>,
): NonNullable<PlantedFaults["tamper"]> {
  return async (database) => {
    const last = await database.read((queries) =>
      queries
        .selectFrom("audit_records")
        .select(["writer", "sequence"])
        .orderBy("sequence", "desc")
        .executeTakeFirstOrThrow(),
    );
    await work(database, last.writer, Math.floor(last.sequence / 2));
  };
}

const move = (database: Database, writer: string, from: number, to: number) =>
  database.write((transaction) =>
    transaction
      .updateTable("audit_records")
      .set({ sequence: to })
      .where("writer", "=", writer)
      .where("sequence", "=", from)
      .execute(),
  );

test.each<[string, string, NonNullable<PlantedFaults["tamper"]>]>([
  [
    "removed",
    "removed",
    onChain((database, writer, sequence) =>
      database.write((transaction) =>
        transaction
          .deleteFrom("audit_records")
          .where("writer", "=", writer)
          .where("sequence", "=", sequence)
          .execute(),
      ),
    ),
  ],
  [
    "altered",
    "altered",
    onChain((database, writer, sequence) =>
      database.write((transaction) =>
        transaction
          .updateTable("audit_records")
          .set({ time: 1 })
          .where("writer", "=", writer)
          .where("sequence", "=", sequence)
          .execute(),
      ),
    ),
  ],
  [
    "exchanged with the next one",
    "reordered",
    onChain(async (database, writer, sequence) => {
      await move(database, writer, sequence, 1_000_000);
      await move(database, writer, sequence + 1, sequence);
      await move(database, writer, 1_000_000, sequence + 1);
    }),
  ],
])("the checker finds an audit record in the database that was %s", async (_fault, kind, tamper) => {
  const { history } = await runScenario(createScenario("ci-2", REQUESTS, { practice: WELL_BEHAVED }), {
    tamper,
  });
  const broken = checkHistory(history).violations.filter(({ what }) => what.includes("chain is not intact"));
  expect(broken.map(({ what }) => what).join()).toContain(kind);
});

/** Forgets which commands are open, as if they had been closed. */
const forgetOpen: PlantedFaults["tamper"] = (database) =>
  database.write((transaction) => transaction.deleteFrom("audit_open").execute());

test.each<[string, string, PlantedFaults]>([
  ["and still count as open", "are still open", { noClosing: true, noAuditUpkeep: true }],
  [
    "although none counts as open",
    "closed 0 times",
    { noClosing: true, noAuditUpkeep: true, tamper: forgetOpen },
  ],
])(
  "the checker finds commands whose audit record is not closed after a kill, %s",
  async (_case, words, faults) => {
    const { history } = await runScenario(
      createScenario("ci-3", REQUESTS, { practice: WELL_BEHAVED }),
      faults,
    );
    const found = checkHistory(history).violations.map(({ what }) => what);
    expect(found.join()).toContain(words);
  },
);
