import { CommandAudit } from "../../src/commands/command-audit.js";
import type { IntentState } from "../../src/commands/command-intent.js";
import type { AuditEvent } from "../../src/platform/audit/index.js";
import { recordingTrail, testCaller } from "../support/call-context.js";
import { sendingIntent, unknownIntent } from "./intents.js";

const PATIENT = "9000000009";
const details = {
  handle: "the caller's own key",
  caller: testCaller,
  correlationId: "journey-1",
  nhsNumber: PATIENT,
  odsCode: "T81001",
};
const subject = { operation: "command cancel", nhsNumber: PATIENT, odsCode: "T81001" };
const ended = (state: IntentState, facts: object = {}) =>
  unknownIntent({ kind: "cancel", details, attempt: "attempt-7", state, ...facts });
const done: IntentState = { name: "done", result: {} };

let trails: unknown[][];
let events: AuditEvent[];
let audit: CommandAudit;
beforeEach(() => {
  trails = [];
  events = [];
  audit = new CommandAudit({
    trailFor: (...given) => {
      trails.push(given);
      return recordingTrail(events);
    },
  });
});

describe("a command that is sent", () => {
  const sending = sendingIntent(0, { kind: "cancel", details });

  test("opens its record in the trail of the request, and keeps which one", () => {
    const { intent, entries } = audit.change(sending, recordingTrail(events));
    expect(intent).toEqual({ ...sending, attempt: "attempt-1" });
    expect(entries).toEqual([expect.objectContaining({ attempt: "attempt-1", phase: "opened" })]);
    expect(events).toEqual([{ ...subject, outcome: "UNKNOWN" }]);
    expect(sending.attempt).toBeUndefined();
  });

  test("keeps the record that it has open", () => {
    const resent = { ...sending, attempt: "attempt-7" };
    expect(audit.change(resent, recordingTrail(events))).toEqual({ intent: resent, entries: [] });
    expect(events).toEqual([]);
  });

  test("opens none without the trail of a request", () => {
    expect(audit.change(sending)).toEqual({ intent: sending, entries: [] });
    expect(trails).toEqual([]);
  });

  test("opens none where commands have no record of their own", () => {
    const change = new CommandAudit(undefined).change(sending, recordingTrail(events));
    expect(change).toEqual({ intent: sending, entries: [] });
    expect(events).toEqual([]);
  });
});

describe("a command that has ended", () => {
  test.each<[IntentState, Pick<AuditEvent, "outcome" | "reason">]>([
    [done, { outcome: "SUCCEEDED" }],
    [{ name: "refused", refusal: {} }, { outcome: "REFUSED" }],
    [{ name: "absent" }, { outcome: "FAILED", reason: "NOT_CARRIED_OUT" }],
    [
      { name: "unknown", settlesAt: 0, forGood: true },
      { outcome: "UNKNOWN", reason: "NOTHING_MORE_TO_FIND" },
    ],
  ])("%j closes its record with %j, in the name of who sent it", (state, outcome) => {
    const { intent, entries } = audit.change(ended(state));
    expect(intent).toEqual({ ...ended(state), attempt: undefined });
    expect(entries).toEqual([expect.objectContaining({ attempt: "attempt-7", phase: "closed" })]);
    expect(events).toEqual([{ ...subject, ...outcome }]);
    expect(trails).toEqual([[testCaller, "journey-1"]]);
  });

  test("closes its record in the trail of who sent it, not of the request that found its outcome", () => {
    const finders: AuditEvent[] = [];
    audit.change(ended(done), recordingTrail(finders));
    expect(finders).toEqual([]);
    expect(events).toEqual([{ ...subject, outcome: "SUCCEEDED" }]);
  });

  test("closes its record without a correlation id when none was stored", () => {
    audit.change(ended(done, { details: { ...details, correlationId: undefined } }));
    expect(trails).toEqual([[testCaller, ""]]);
  });

  test.each<[string, object]>([
    ["no record is open", { attempt: undefined }],
    ["its caller was not stored", { details: { ...details, caller: undefined } }],
  ])("closes none when %s", (_, facts) => {
    const intent = ended(done, facts);
    expect(audit.change(intent)).toEqual({ intent, entries: [] });
    expect(trails).toEqual([]);
  });

  test("closes none where commands have no record of their own", () => {
    const intent = ended(done);
    expect(new CommandAudit(undefined).change(intent)).toEqual({ intent, entries: [] });
  });

  test.each<IntentState>([
    { name: "unknown", settlesAt: 0 },
    { name: "unknown", settlesAt: 0, forGood: false },
    { name: "sending", until: 0 },
  ])("keeps its record open while %j", (state) => {
    const intent = ended(state);
    expect(audit.change(intent)).toEqual({ intent, entries: [] });
    expect(events).toEqual([]);
  });
});
