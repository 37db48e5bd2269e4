import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { CommandStore } from "../../src/commands/command-store.js";
import { Checkpoints } from "../../src/platform/audit/checkpoints.js";
import { AuditStore, AuditWriter, openAuditFile } from "../../src/platform/audit/index.js";
import { systemClock } from "../../src/platform/clock.js";
import { type Config, readConfig } from "../../src/platform/config/config.js";
import type { Store } from "../../src/platform/store/index.js";
import { openConfiguredStore } from "../../src/server/open-stores.js";
import { type OperatorCommand, runOperatorCommand } from "../../src/server/operator/run-operator-command.js";
import { testCaller } from "../support/call-context.js";
import { awayStore } from "./store-outage.js";

const PATIENT = "9000000009";
let folder: string;
let config: Config;
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "operator-"));
  config = readConfig({
    DATABASE_URL: `file:${join(folder, "store.db")}`,
    STORE_KEY: "a store key that only tests know: 32 or more",
    AUDIT_FILE: join(folder, "audit.ndjson"),
    AUDIT_CHECKPOINT_FILE: join(folder, "checkpoints.ndjson"),
  });
  store = await openConfiguredStore(config, systemClock);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function run(command: OperatorCommand, ...line: string[]) {
  const lines: string[] = [];
  const code = await runOperatorCommand(command, line, {
    config,
    log: { error: () => {} } as never,
    print: (text) => lines.push(text),
  });
  return { code, lines, found: lines.filter((text) => text.startsWith("{")).map((text) => JSON.parse(text)) };
}

async function serve(): Promise<void> {
  const audit = new AuditStore({
    clock: systemClock,
    writer: new AuditWriter({ store, copies: [], log: { error: () => {} } }),
  });
  const trail = audit.trailFor(testCaller, "journey-1");
  trail.record({ operation: "PDS Patient.read", outcome: "SUCCEEDED", nhsNumber: PATIENT });
  trail.record({ operation: "SDS Endpoint", outcome: "SUCCEEDED", odsCode: "T81001" });
  await trail.commit();
  const file = config.AUDIT_CHECKPOINT_FILE;
  await new Checkpoints({ store, clock: systemClock, log: { info: () => {} }, file }).write(true);
}

const tamper = (text: string) => store.database.write((transaction) => sql.raw(text).execute(transaction));

describe("npm run audit", () => {
  test("verify says that nothing was changed", async () => {
    await serve();
    const { code, lines } = await run("audit", "verify");
    expect(code).toBe(0);
    expect(lines).toEqual([expect.stringMatching(/^2 records of 1 writers, .* nothing was changed$/)]);
  });

  test("verify names what was removed and ends with 1, from a checkpoint file too", async () => {
    await serve();
    await tamper("delete from audit_records");
    await tamper("delete from audit_checkpoints");
    const { code, lines } = await run("audit", "verify");
    expect(code).toBe(1);
    expect(lines[0]).toMatch(/^records 1 to 2 of writer .*: cut off$/);
  });

  test("verify takes a log as evidence", async () => {
    await serve();
    const evidence = JSON.parse(readFileSync(join(folder, "checkpoints.ndjson"), "utf8"));
    const log = join(folder, "server.log");
    writeFileSync(log, `{"msg":"another line"}\n${JSON.stringify({ level: 30, ...evidence })}\n`);
    rmSync(join(folder, "checkpoints.ndjson"));
    config = { ...config, AUDIT_CHECKPOINT_FILE: undefined };
    await tamper("delete from audit_records where sequence = 2");
    await tamper("delete from audit_checkpoints");

    expect((await run("audit", "verify", "--checkpoints", log)).lines[0]).toMatch(/^record 2 .*: cut off$/);
    expect((await run("audit", "verify")).lines.join()).toContain("a cut-off end may not be found");
  });

  test("verify checks the lines of an audit file", async () => {
    await run("audit", "user", "nobody");
    await run("audit", "user", "nobody");
    const path = join(folder, "audit.ndjson");
    expect((await run("audit", "verify", "--lines", path)).code).toBe(0);

    const text = readFileSync(path, "utf8");
    writeFileSync(path, text.replace("SUCCEEDED", "REFUSED"));
    const { code, lines } = await run("audit", "verify", "--lines", path);
    expect(code).toBe(1);
    expect(lines[1]).toMatch(/^line 1 of writer .*: altered$/);
  });

  test("patient tells who looked, and the question is in the audit from then on", async () => {
    await serve();
    const first = await run("audit", "patient", PATIENT, "--by", "Ada Example");
    expect(first.found.map(({ operation, user }) => [operation, user.family])).toEqual([
      ["PDS Patient.read", "Lindqvist"],
      ["audit patient", "Ada Example"],
    ]);
    const second = await run("audit", "patient", "900 000 0009");
    expect(second.found).toHaveLength(3);
  });

  test("patient and user also find what only the audit file has, each record once", async () => {
    await serve();
    const file = openAuditFile(join(folder, "lines.ndjson"), store.keys);
    const writer = new AuditWriter({ store: awayStore(), copies: [file], log: { error: () => {} } });
    const trail = new AuditStore({ clock: systemClock, writer }).trailFor(testCaller, "journey-2");
    trail.record({ operation: "VM Observation", outcome: "SUCCEEDED", nhsNumber: PATIENT });
    trail.record({ operation: "VM Observation", outcome: "SUCCEEDED", nhsNumber: "9990000018" });
    await trail.commit();
    file.close();
    const lines = ["--lines", join(folder, "lines.ndjson")];

    const { found } = await run("audit", "patient", PATIENT, ...lines);
    expect(found.map(({ operation }) => operation)).toEqual([
      "PDS Patient.read",
      "audit patient",
      "VM Observation",
    ]);
    const { found: byUser } = await run("audit", "user", testCaller.person.localId, ...lines);
    expect(byUser).toHaveLength(4);
    // The command's own file repeats what the database has.
    const own = await run("audit", "patient", PATIENT, "--lines", join(folder, "audit.ndjson"));
    expect(new Set(own.found.map(({ attempt }) => attempt)).size).toBe(own.found.length);
  });

  test("user tells what a person did, by either id", async () => {
    await serve();
    for (const id of [testCaller.person.localId, testCaller.person.sdsUserId ?? ""]) {
      const { found } = await run("audit", "user", id);
      expect(found.map(({ operation }) => operation)).toEqual(["PDS Patient.read", "SDS Endpoint"]);
    }
  });

  test.each([
    [[]],
    [["verify", "more"]],
    [["patient"]],
    [["patient", "1234567890"]],
    [["user", "a", "b"]],
    [["verify", "--lines"]],
  ])("%j is refused", async (line) => {
    await expect(run("audit", ...line)).rejects.toMatchObject({ name: "OperatorError" });
  });
});

describe("npm run bookings", () => {
  const SENT = Date.now() - 3_600_000;
  const intent = {
    kind: "book",
    content: "c",
    resources: ["slot"],
    details: {
      handle: "the caller's own key",
      caller: testCaller,
      correlationId: "journey-1",
      nhsNumber: PATIENT,
      odsCode: "T81001",
    },
    sends: [{ at: SENT, end: "open" }],
    state: { name: "unknown", settlesAt: SENT + 30_000 },
  };
  const claim = async (facts: object = {}) => {
    const commands = new CommandStore({ store: store.intents, keys: store.keys, clock: systemClock });
    await commands.claim("a-key-of-the-store", { ...intent, ...facts } as never);
    return commands;
  };
  const resolve = (...more: string[]) =>
    run(
      "bookings",
      "resolve",
      "a-key-of-the",
      "--by",
      "Ada Example",
      "--note",
      "Ms Reception, 3 pm",
      ...more,
    );

  test("unsettled lists what is not reconciled, and why", async () => {
    await claim();
    const { found, lines } = await run("bookings", "unsettled");
    expect(found).toEqual([
      expect.objectContaining({
        id: "a-key-of-the",
        command: "book",
        why: expect.stringContaining("its end is not known"),
        odsCode: "T81001",
        nhsNumber: PATIENT,
        handle: "the caller's own key",
      }),
    ]);
    expect(lines.at(-1)).toBe("1 not settled");
  });

  test("resolve as not carried out frees the key and its slots, audited in the operator's name", async () => {
    const commands = await claim();
    await resolve("--outcome", "not-carried-out");

    expect((await commands.get("a-key-of-the-store"))?.intent.state).toEqual({ name: "absent" });
    expect((await store.intents.get("a-key-of-the-store"))?.slotClaims).toEqual([]);
    expect((await run("bookings", "unsettled")).lines).toEqual(["0 not settled"]);
    const { found } = await run("audit", "patient", PATIENT);
    expect(found[0]).toMatchObject({
      operation: "bookings resolve book a-key-of-the",
      reason: "NOT_CARRIED_OUT",
      diagnostics: "Ada Example: Ms Reception, 3 pm",
      user: { family: "Ada Example" },
    });
  });

  test("resolve as carried out ends the reconciliation and never frees the key", async () => {
    const commands = await claim();
    await resolve("--outcome", "carried-out");

    expect((await commands.get("a-key-of-the-store"))?.intent.state).toMatchObject({
      name: "unknown",
      forGood: true,
    });
    expect((await run("bookings", "unsettled")).lines).toEqual(["0 not settled"]);
  });

  test("a command that may still take effect is not resolved as not carried out", async () => {
    await claim({ sends: [{ at: Date.now(), end: "open" }] });
    await expect(resolve("--outcome", "not-carried-out")).rejects.toThrow(/may still take effect/);
  });

  test("a command that is being sent is not resolved at all", async () => {
    await claim({ state: { name: "sending", until: Date.now() + 60_000 } });
    await expect(resolve("--outcome", "carried-out")).rejects.toThrow(/being sent/);
  });

  test.each([
    [["resolve", "a-key-of-the", "--outcome", "carried-out", "--note", "n"]],
    [["resolve", "a-key-of-the", "--outcome", "carried-out", "--by", "b"]],
    [["resolve", "a-key-of-the", "--outcome", "perhaps", "--by", "b", "--note", "n"]],
    [["resolve", "another-id", "--outcome", "carried-out", "--by", "b", "--note", "n"]],
    [["resolve", "a", "--outcome", "carried-out", "--by", "b", "--note", "n"]],
    [["resolve"]],
  ])("%j is refused, and nothing is changed", async (line) => {
    await claim();
    const before = await store.intents.get("a-key-of-the-store");
    await expect(run("bookings", ...line)).rejects.toMatchObject({ name: "OperatorError" });
    expect(before).toBeDefined();
    expect(await store.intents.get("a-key-of-the-store")).toEqual(before);
  });
});
