import { amendAppointment } from "../../src/journeys/amend/amend-appointment.js";
import { cancelAppointment } from "../../src/journeys/cancel/cancel-appointment.js";
import type { ChangeOutcome } from "../../src/journeys/change/change-outcome.js";
import type { CallContext } from "../../src/platform/call-context.js";
import { CommandBench, PATIENT, PRACTICE } from "./command-bench.js";
import { neverLeft, refusal, silence } from "./fake-practice.js";

const key = "the caller's own key";
const unknown = { kind: "outcome-unknown", handle: key };
const LATE_MS = 30_000;

let bench: CommandBench;
let appointmentId: string;
let id: string;
beforeEach(async () => {
  bench = new CommandBench();
  const booking = await bench.book();
  if (booking.kind !== "booked") throw new Error("the booking failed");
  appointmentId = booking.appointment.record.id;
  id = bench.appointmentIds.encode({ odsCode: PRACTICE, appointmentId, nhsNumber: PATIENT });
  bench.calls.length = 0;
  bench.practice.writes.length = 0;
});

const now = () => bench.practice.appointments.get(appointmentId);

/** Both ways of changing an appointment, which have all of this in common. */
interface Way {
  readonly method: "cancelAppointment" | "amendAppointment";
  readonly what: string;
  ask(
    request?: { version?: string; idempotencyKey?: string; text?: string },
    call?: Partial<CallContext>,
  ): Promise<ChangeOutcome>;
  /** The appointment as the change leaves it. */
  readonly wished: object;
}

const cancel: Way = {
  method: "cancelAppointment",
  what: "cancel",
  ask: ({ text = "No longer needed", version = "1", ...request } = {}, call = {}) =>
    cancelAppointment({ id, version, reason: text, ...request }, bench.context(call)),
  wished: { status: "cancelled", cancellationReason: "No longer needed" },
};
const amend: Way = {
  method: "amendAppointment",
  what: "amend",
  ask: ({ text = "Bring a list", version = "1", ...request } = {}, call = {}) =>
    amendAppointment({ id, version, comment: text, ...request }, bench.context(call)),
  wished: { status: "booked", description: "Review", comment: "Bring a list" },
};

describe.each([cancel, amend])("$what", (way) => {
  const { method, what, ask, wished } = way;
  const write = `${what} ${"101"}`;
  const done = expect.objectContaining({
    kind: "done",
    appointment: expect.objectContaining({ record: expect.objectContaining(wished) }),
  });

  test("reads, sends, and gives the new state", async () => {
    expect(await ask()).toEqual(done);

    expect(bench.calls).toEqual(["PDS", "SDS", "readAppointment", method]);
    expect(now()).toMatchObject({ ...wished, versionId: "2" });
    expect(await bench.store.open()).toEqual([]);
  });

  test.each(["lost-after", "delivered-twice"] as const)(
    "%s: as wished already, so it is done",
    async (mishap) => {
      bench.practice.next(method, mishap);

      expect(await ask()).toEqual(done);
      expect(bench.count(method)).toBe(1);
    },
  );

  test("lost on the way there: unchanged, so it is sent once more", async () => {
    bench.practice.next(method, "lost-before");

    expect(await ask()).toEqual(done);
    expect(bench.calls.slice(3)).toEqual([method, "readAppointment", method]);
    expect(bench.practice.writes).toEqual([write]);
  });

  test("lost twice: the outcome is unknown, and the handle asks after it", async () => {
    bench.practice.next(method, "lost-before", "lost-before");

    expect(await ask({ idempotencyKey: key })).toEqual(unknown);
    expect(bench.count(method)).toBe(2);
    expect(await ask({ idempotencyKey: key })).toEqual(done);
  });

  test("unreadable after an unclear end: unknown, never a failure, and found done when asked after", async () => {
    bench.practice.next(method, "lost-after");
    bench.practice.next("readAppointment", { before: () => {} }, silence());
    expect(await ask({ idempotencyKey: key })).toEqual(unknown);

    expect(await ask({ idempotencyKey: key })).toEqual(done);
    expect(bench.count(method)).toBe(1);
  });

  test("another version than the person saw: changed, with the state now, and nothing sent", async () => {
    bench.practice.change(appointmentId, { comment: "by somebody else" });

    expect(await ask()).toMatchObject({
      kind: "changed",
      appointment: { record: { comment: "by somebody else", versionId: "2" } },
    });
    expect(bench.practice.writes).toEqual([]);
    expect(bench.events.at(-1)).toMatchObject({ operation: "gate", gate: "G15", reason: "CHANGED" });
  });

  test.each([
    ["409", refusal(409, "FHIR_CONSTRAINT_VIOLATION")],
    ["412", refusal(412)],
  ])("a version conflict on sending, %s: changed, with the state now", async (_case, conflict) => {
    bench.practice.next(method, {
      before: () => {
        bench.practice.change(appointmentId, { comment: "by somebody else" });
        throw conflict;
      },
    });

    expect(await ask()).toMatchObject({
      kind: "changed",
      appointment: { record: { comment: "by somebody else" } },
    });
  });

  test("somebody else's change comes in between two sends: changed", async () => {
    bench.practice.next(method, {
      before: () => {
        bench.practice.change(appointmentId, { description: "by somebody else" });
        throw silence();
      },
    });

    expect(await ask()).toMatchObject({ kind: "changed" });
    expect(bench.count(method)).toBe(1);
  });

  test.each([
    ["cancelled", { status: "cancelled" }, "ALREADY_CANCELLED"],
    ["a home visit", { deliveryChannel: "Visit" }, "READ_ONLY_VISIT"],
    ["in a state of the practice's own", { status: "arrived" }, "NOT_BOOKED"],
  ])("an appointment that is %s cannot be changed", async (_case, facts, code) => {
    bench.practice.change(appointmentId, facts);

    expect(await ask({ version: "2" })).toMatchObject({ kind: "not-changeable", code });
    expect(bench.practice.writes).toEqual([]);
  });

  test("an appointment that has begun is not read by practices, and found in the list of the day", async () => {
    bench.clock.moveTo("2026-11-24T09:30:00Z");

    expect(await ask()).toMatchObject({ kind: "not-changeable", code: "APPOINTMENT_IN_PAST" });
    expect(bench.practice.writes).toEqual([]);
  });

  test("an appointment that is gone is not found", async () => {
    bench.practice.appointments.clear();

    expect(await ask()).toEqual({ kind: "not-found" });
  });

  test("a definite refusal is an error after which nothing is changed", async () => {
    bench.practice.next(method, refusal(422, "INVALID_RESOURCE"));

    await expect(ask({ idempotencyKey: key })).rejects.toMatchObject({ code: "UPSTREAM_REFUSED" });
    await expect(ask({ idempotencyKey: key })).rejects.toMatchObject({ reason: "INVALID_RESOURCE" });
    expect(bench.count(method)).toBe(1);
    expect(await bench.store.open()).toEqual([]);
  });

  test("what never left leaves the key free", async () => {
    bench.practice.next(method, neverLeft());
    await expect(ask({ idempotencyKey: key })).rejects.toMatchObject({ retryable: true });

    expect(await ask({ idempotencyKey: key, text: "Other words" })).toMatchObject({ kind: "done" });
  });

  test("the same key gives the same answer, with the state read anew", async () => {
    await ask({ idempotencyKey: key });
    bench.practice.change(appointmentId, { location: "moved" } as object);
    bench.calls.length = 0;

    expect(await ask({ idempotencyKey: key })).toEqual(done);
    expect(bench.calls).toEqual(["PDS", "SDS", "readAppointment"]);
    expect(bench.practice.writes).toEqual([write]);
  });

  test("the same key with other content is refused before any call", async () => {
    await ask({ idempotencyKey: key });
    bench.calls.length = 0;

    for (const other of [{ text: "Other words" }, { version: "2" }]) {
      await expect(ask({ idempotencyKey: key, ...other })).rejects.toMatchObject({
        field: "input.idempotencyKey",
      });
    }
    expect(bench.calls).toEqual([]);
  });

  test("asks at the same time under one key: it is sent once", async () => {
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => ask({ idempotencyKey: key })));

    expect(outcomes).toEqual(outcomes.map(() => done));
    expect(bench.practice.writes).toEqual([write]);
  });

  test("asks at the same time under two keys: one is done, the other is told of the change", async () => {
    const outcomes = await Promise.all([ask({ text: "One" }), ask({ text: "Two" })]);

    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(["changed", "done"]);
  });

  test("the deadline ends the request and not the change", async () => {
    const request = new AbortController();
    bench.practice.next(method, { before: () => request.abort() });

    expect(await ask({ idempotencyKey: key }, { signal: request.signal })).toEqual(unknown);
    await bench.desk.background.idle();
    expect(now()).toMatchObject(wished);
    expect(await ask({ idempotencyKey: key })).toEqual(done);
  });

  test.each([
    ["had carried it out", true, "CHANGED"],
    ["had not", false, "ABSENT"],
  ])(
    "our process is killed and the practice %s: it is settled, and never sent again",
    async (_case, made, end) => {
      const never = new Promise<void>(() => {});
      bench.practice.next(method, made ? "lost-after" : { after: never });
      bench.practice.next("readAppointment", { before: () => {} }, { after: never });
      void ask({ idempotencyKey: key });
      for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
      bench.practice.forgive();
      bench.restart();
      for (let seconds = 0; seconds <= 80; seconds += 5) {
        await bench.sweeper.step();
        bench.advance(5_000);
      }

      expect(bench.settlements().at(-1)).toBe(end);
      expect(bench.count(method)).toBe(1);
      expect(await bench.store.open()).toEqual([]);
      expect(await ask({ idempotencyKey: key })).toEqual(done);
    },
  );

  test("a store that cannot confirm refuses, and nothing is sent", async () => {
    bench.store.claim = async () => {
      throw new Error("the store is gone");
    };

    await expect(ask()).rejects.toMatchObject({ reason: "INTENT_STORE_UNAVAILABLE", retryable: true });
    expect(bench.practice.writes).toEqual([]);
  });
});

describe("cancel", () => {
  test("a conflict with somebody else's cancellation, for another reason, is their doing", async () => {
    bench.practice.next("cancelAppointment", {
      before: () =>
        bench.practice.change(appointmentId, { status: "cancelled", cancellationReason: "Theirs" }),
    });

    expect(await cancel.ask()).toMatchObject({
      kind: "changed",
      appointment: { record: { cancellationReason: "Theirs" } },
    });
  });

  test.each([
    ["No longer", "kept only 9 of the 16 characters"],
    [undefined, "kept only 0 of the 16 characters"],
  ])("a reason that comes back shorter brings a warning: %p", async (kept, warning) => {
    bench.practice.keepReason = () => kept;

    expect(await cancel.ask()).toMatchObject({ kind: "done", warnings: [expect.stringContaining(warning)] });
  });

  test("a reason kept whole brings none", async () => {
    expect(await cancel.ask()).toMatchObject({ kind: "done", warnings: [] });
  });

  test.each([["  "], ["r".repeat(1001)]])(
    "a reason that is none is refused before any call",
    async (text) => {
      await expect(cancel.ask({ text })).rejects.toMatchObject({ field: "input.reason" });
      expect(bench.calls).toEqual([]);
    },
  );

  test("waits until nothing more can come of the booking itself", async () => {
    bench.practice.next("createAppointment", "late");
    const slotIds = [bench.slot(30)];
    const booking = await bench.book({ slotIds });
    if (booking.kind !== "booked") throw new Error("the second create was to succeed");
    const standing = booking.appointment.record;
    const other = bench.appointmentIds.encode({
      odsCode: PRACTICE,
      appointmentId: standing.id,
      nhsNumber: PATIENT,
    });
    const ask = () => cancelAppointment({ id: other, version: "1", reason: "Why" }, bench.context());

    // The first create is still out: with the slot free again, it would make a second appointment.
    await expect(ask()).rejects.toMatchObject({ reason: "BOOKING_SETTLING", retryable: true });
    bench.practice.catchUp();
    bench.advance(LATE_MS + 1);

    expect(await ask()).toMatchObject({ kind: "done" });
    expect(bench.practice.standing().filter(({ slotIds: [slot] }) => slot === "slot-30")).toEqual([]);
  });
});

describe("amend", () => {
  test("changes what is given and leaves the rest; an empty comment is taken away", async () => {
    const context = () => bench.context();
    await amendAppointment({ id, version: "1", description: "New words", comment: "And more" }, context());
    expect(now()).toMatchObject({ description: "New words", comment: "And more" });

    await amendAppointment({ id, version: "2", comment: "" }, context());
    expect(now()).toMatchObject({ description: "New words", comment: undefined, versionId: "3" });
  });

  test("what is so already is done without a call that changes anything", async () => {
    const outcome = await amendAppointment({ id, version: "1", description: "Review" }, bench.context());

    expect(outcome).toMatchObject({ kind: "done" });
    expect(bench.practice.writes).toEqual([]);
  });

  test.each([
    [{}, "input"],
    [{ description: " " }, "input.description"],
    [{ description: "d".repeat(101) }, "input.description"],
    [{ comment: "c".repeat(501) }, "input.comment"],
  ])("refuses %p before any call", async (texts, field) => {
    const asked = amendAppointment({ id, version: "1", ...texts }, bench.context());

    await expect(asked).rejects.toMatchObject({ field });
    expect(bench.calls).toEqual([]);
  });
});
