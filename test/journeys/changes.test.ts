import type { CallContext } from "../../src/upstreams/call-context.js";
import {
  amend,
  type ChangeAsk,
  type ChangeHarness,
  cancel,
  harnessWithAppointment,
} from "./change-harness.js";
import type { CommandHarness } from "./command-harness.js";
import { neverLeft, proxyRefusal, refusal, silence } from "./fake-practice.js";

const key = "the caller's own key";
const unknown = { kind: "outcome-unknown", handle: key, settlesAt: expect.any(Number) };

let on: ChangeHarness;
let harness: CommandHarness;
let appointmentId: string;
beforeEach(async () => {
  on = await harnessWithAppointment();
  ({ harness, appointmentId } = on);
});

const now = () => harness.practice.appointments.get(appointmentId);

describe.each([cancel, amend])("$what", (way) => {
  const { method, what, requested } = way;
  const ask = (request?: ChangeAsk, call?: Partial<CallContext>) => way.ask(on, request, call);
  const write = `${what} ${"101"}`;
  const done = expect.objectContaining({
    kind: "done",
    appointment: expect.objectContaining({ record: expect.objectContaining(requested) }),
  });

  test("reads, sends, and gives the new state", async () => {
    expect(await ask()).toEqual(done);

    expect(harness.calls).toEqual(["PDS", "SDS", "readAppointment", method]);
    expect(now()).toMatchObject({ ...requested, versionId: "2" });
    expect(await harness.store.open()).toEqual([]);
  });

  test.each(["lost-after", "delivered-twice"] as const)(
    "%s: as requested already, so it is done",
    async (mishap) => {
      harness.practice.next(method, mishap);

      expect(await ask()).toEqual(done);
      expect(harness.count(method)).toBe(1);
    },
  );

  test("refused by the proxy itself, which may pass: it is sent again at once, once", async () => {
    harness.practice.next(method, proxyRefusal(429));

    expect(await ask()).toEqual(done);
    expect(harness.calls.slice(3)).toEqual([method, method]);
    expect(harness.practice.writes).toEqual([write]);
  });

  test("lost on the way there: it is not sent again before the bound", async () => {
    harness.practice.next(method, "lost-before");
    const sentAt = harness.clock.now();

    expect(await ask({ idempotencyKey: key })).toEqual({ ...unknown, settlesAt: sentAt + 30_001 });
    expect(harness.calls.slice(3)).toEqual([method, "readAppointment"]);
    harness.advance(30_002);
    expect(await ask({ idempotencyKey: key })).toEqual(done);
    expect(harness.practice.writes).toEqual([write]);
  });

  test("lost on the way there: a request whose deadline reaches past the bound waits, and sends it again", async () => {
    harness.deadlineMs = 60_000;
    harness.practice.next(method, "lost-before");

    expect(await ask()).toEqual(done);
    expect(harness.calls.slice(3)).toEqual([method, "readAppointment", "readAppointment", method]);
    expect(harness.practice.writes).toEqual([write]);
  });

  test("lost for ever: the key ends after five sends, and nothing was changed", async () => {
    harness.deadlineMs = 600_000;
    harness.practice.next(method, ...Array.from({ length: 5 }, () => "lost-before" as const));

    await expect(ask({ idempotencyKey: key })).rejects.toMatchObject({ reason: "NOT_DONE", retryable: true });
    expect(harness.count(method)).toBe(5);
    expect(harness.practice.writes).toEqual([]);
  });

  test("a change that cannot be read back is unknown, never a failure, and found done later", async () => {
    harness.practice.next(method, "lost-after");
    harness.practice.next("readAppointment", { before: () => {} }, silence());
    expect(await ask({ idempotencyKey: key })).toEqual(unknown);

    expect(await ask({ idempotencyKey: key })).toEqual(done);
    expect(harness.count(method)).toBe(1);
  });

  // Proves GPC-APA-1, GPC-CPA-1, GPC-APA-3, HAZ-OVERWRITE.
  test("another version than the person saw: changed, with the state now, and nothing sent", async () => {
    harness.practice.change(appointmentId, { comment: "by somebody else" });

    expect(await ask()).toMatchObject({
      kind: "changed",
      appointment: { record: { comment: "by somebody else", versionId: "2" } },
    });
    expect(harness.practice.writes).toEqual([]);
    expect(harness.events.at(-1)).toMatchObject({ operation: "gate", gate: "G15", reason: "CHANGED" });
  });

  // Proves GPC-APA-3, HAZ-OVERWRITE.
  test.each([
    ["409", refusal(409, "FHIR_CONSTRAINT_VIOLATION")],
    ["412", refusal(412)],
  ])("a version conflict on sending, %s: changed, with the state now", async (_case, conflict) => {
    harness.practice.next(method, {
      before: () => {
        harness.practice.change(appointmentId, { comment: "by somebody else" });
        throw conflict;
      },
    });

    expect(await ask()).toMatchObject({
      kind: "changed",
      appointment: { record: { comment: "by somebody else" } },
    });
  });

  test("somebody else's change comes in between two sends: changed", async () => {
    harness.practice.next(method, {
      before: () => {
        harness.practice.change(appointmentId, { description: "by somebody else" });
        throw silence();
      },
    });

    expect(await ask()).toMatchObject({ kind: "changed" });
    expect(harness.count(method)).toBe(1);
  });

  test.each([
    ["cancelled", { status: "cancelled" }, "ALREADY_CANCELLED"],
    ["a home visit", { deliveryChannel: "Visit" }, "READ_ONLY_VISIT"],
    ["in a state of the practice's own", { status: "arrived" }, "NOT_BOOKED"],
  ])("an appointment that is %s cannot be changed", async (_case, facts, code) => {
    harness.practice.change(appointmentId, facts);

    expect(await ask({ version: "2" })).toMatchObject({ kind: "not-changeable", code });
    expect(harness.practice.writes).toEqual([]);
  });

  // Proves GPC-CPA, CONS-AppointmentsAPITest38, CONS-AppointmentsAPITest41.
  test("an appointment that has begun is not read by practices, and found in the list of the day", async () => {
    harness.clock.moveTo("2026-11-24T09:30:00Z");

    expect(await ask()).toMatchObject({ kind: "not-changeable", code: "APPOINTMENT_IN_PAST" });
    expect(harness.practice.writes).toEqual([]);
  });

  test("one that the practice refuses to give, and that has not begun by our clock, is not changed", async () => {
    const today = { start: "2026-11-23T16:00:00+00:00", end: "2026-11-23T16:10:00+00:00" };
    harness.practice.change(appointmentId, { ...today, versionId: "1" });
    harness.practice.next("readAppointment", refusal(422, "INVALID_RESOURCE"));

    await expect(ask()).rejects.toMatchObject({ code: "UPSTREAM_REFUSED", reason: "INVALID_RESOURCE" });
    expect(harness.practice.writes).toEqual([]);
  });

  test("an appointment that is gone is not found", async () => {
    harness.practice.appointments.clear();

    expect(await ask()).toEqual({ kind: "not-found" });
  });

  // Proves GPC-STR-TST-GEN-13.
  test("a definite refusal is an error after which nothing is changed", async () => {
    harness.practice.next(method, refusal(422, "INVALID_RESOURCE"));

    await expect(ask({ idempotencyKey: key })).rejects.toMatchObject({ code: "UPSTREAM_REFUSED" });
    await expect(ask({ idempotencyKey: key })).rejects.toMatchObject({ reason: "INVALID_RESOURCE" });
    expect(harness.count(method)).toBe(1);
    expect(await harness.store.open()).toEqual([]);
  });

  test("what never left leaves the key free", async () => {
    harness.practice.next(method, neverLeft(), neverLeft());
    await expect(ask({ idempotencyKey: key })).rejects.toMatchObject({ retryable: true });

    expect(await ask({ idempotencyKey: key, text: "Other words" })).toMatchObject({ kind: "done" });
  });

  test("the same key gives the same result, with the state read again", async () => {
    await ask({ idempotencyKey: key });
    harness.practice.change(appointmentId, { location: "moved" } as object);
    harness.calls.length = 0;

    expect(await ask({ idempotencyKey: key })).toEqual(done);
    expect(harness.calls).toEqual(["PDS", "SDS", "readAppointment"]);
    expect(harness.practice.writes).toEqual([write]);
  });

  test("the same key with other content is refused before any call", async () => {
    await ask({ idempotencyKey: key });
    harness.calls.length = 0;

    for (const other of [{ text: "Other words" }, { version: "2" }]) {
      await expect(ask({ idempotencyKey: key, ...other })).rejects.toMatchObject({
        field: "input.idempotencyKey",
      });
    }
    expect(harness.calls).toEqual([]);
  });

  test("asks at the same time under one key: it is sent once", async () => {
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => ask({ idempotencyKey: key })));

    expect(outcomes).toEqual(outcomes.map(() => done));
    expect(harness.practice.writes).toEqual([write]);
  });

  test("concurrent changes under two keys: one is done, the other reports the change", async () => {
    const outcomes = await Promise.all([ask({ text: "One" }), ask({ text: "Two" })]);

    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(["changed", "done"]);
  });

  test("the deadline ends the request and not the change", async () => {
    const request = new AbortController();
    harness.practice.next(method, { before: () => request.abort() });

    expect(await ask({ idempotencyKey: key }, { signal: request.signal })).toEqual(unknown);
    await harness.commands.inFlight.idle();
    expect(now()).toMatchObject(requested);
    expect(await ask({ idempotencyKey: key })).toEqual(done);
  });

  test.each([
    ["had carried it out", true, "CHANGED"],
    ["had not", false, "ABSENT"],
  ])(
    "our process is killed and the practice %s: it is settled, and never sent again",
    async (_case, made, end) => {
      const never = new Promise<void>(() => {});
      harness.practice.next(method, made ? "lost-after" : { after: never });
      harness.practice.next("readAppointment", { before: () => {} }, { after: never });
      void ask({ idempotencyKey: key });
      for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
      harness.practice.forgive();
      harness.restart();
      for (let seconds = 0; seconds <= 100; seconds += 5) {
        await harness.sweeper.step();
        harness.advance(5_000);
      }

      expect(harness.settlements().at(-1)).toBe(end);
      expect(harness.count(method)).toBe(1);
      expect(await harness.store.open()).toEqual([]);
      expect(await ask({ idempotencyKey: key })).toEqual(done);
    },
  );

  test("a store that cannot confirm refuses, and nothing is sent", async () => {
    harness.store.claim = async () => {
      throw new Error("the store is gone");
    };

    await expect(ask()).rejects.toMatchObject({ reason: "STORE_UNAVAILABLE", retryable: true });
    expect(harness.practice.writes).toEqual([]);
  });
});
