import type { Caller, ConsumerSystem } from "../../src/domain/caller.js";
import type { OdsCode } from "../../src/domain/ods-code.js";
import type { AuditEvent, AuditTrail } from "../../src/platform/audit/index.js";
import type { Clock } from "../../src/platform/clock.js";
import type { AuditEntry } from "../../src/platform/store/index.js";
import { CallLog } from "../../src/platform/telemetry/call-log.js";
import type { CallContext } from "../../src/upstreams/call-context.js";
import { passThrough } from "./pipelines.js";

/** A clock that stands still until a test moves it. */
export class TestClock implements Clock {
  constructor(private time = Date.parse("2026-11-23T09:00:00Z")) {}

  now(): number {
    return this.time;
  }

  moveTo(instant: string): void {
    this.time = Date.parse(instant);
  }

  advance(ms: number): void {
    this.time += ms;
  }
}

export const testCaller: Caller = {
  person: {
    localId: "user-7f3a",
    family: "Lindqvist",
    given: ["Maja"],
    prefix: ["Dr"],
    sdsUserId: "111222333444",
    sdsRoleProfileId: "444555666777",
  },
  organisation: {
    odsCode: "T82000" as OdsCode,
    name: "Riverside Booking Hub",
    asid: "200000000115",
    phone: "0300 000 0000",
    type: "gp-practice",
  },
};

export const testConsumer: ConsumerSystem = {
  url: "https://consumer.example",
  product: "spine-graph",
  version: "0.1.0",
};

export interface TestContext extends CallContext {
  readonly events: AuditEvent[];
}

/** An audit trail that keeps its events in a list; a command's opened and closed records too. */
export function recordingTrail(events: { push(event: AuditEvent): unknown }): AuditTrail {
  const toEntry = (attempt: string, phase: AuditEntry["phase"], event: AuditEvent): AuditEntry => {
    events.push(event);
    return { attempt, phase, time: 0, outcome: event.outcome, record: { ...event } };
  };
  let opened = 0;
  return {
    record: (event) => void events.push(event),
    open(event) {
      opened += 1;
      return toEntry(`attempt-${opened}`, "opened", { ...event, outcome: "UNKNOWN" });
    },
    close: (attempt, event) => toEntry(attempt, "closed", event),
    toEntry: (event) => toEntry("attempt", "single", event),
    get hasOpened() {
      return opened > 0;
    },
    commit: async () => {},
  };
}

/** What a client is called with in a test; the audit lands in `events`. */
export function testContext(overrides: Partial<CallContext> = {}): TestContext {
  const events: AuditEvent[] = [];
  return {
    caller: testCaller,
    signal: new AbortController().signal,
    correlationId: "5a4b8f6e-1f7f-4e43-9f37-0d7c1b1d9a01",
    calls: new CallLog(new TestClock()),
    audit: recordingTrail(events),
    // Each call once and at once; a test of limits and repeats brings its own.
    resilience: passThrough,
    ...overrides,
    events,
  };
}
