import { CommandHarness } from "./command-harness.js";
import { promised, settle, untilSent } from "./waiting.js";

const key = "the caller's own key";
const unknown = { kind: "outcome-unknown", handle: key, settlesAt: expect.any(Number) };

/** The create is lost, and the caller goes away while it is read back. */
async function leaveDuringReadBack(create: "lost-before" | "lost-after"): Promise<CommandHarness> {
  const harness = new CommandHarness();
  const request = new AbortController();
  const answer = promised();
  harness.practice.next("createAppointment", create);
  harness.practice.next("fetchAppointments", { after: answer.promise });

  const asked = harness.book({ idempotencyKey: key }, { signal: request.signal });
  while (harness.count("fetchAppointments") === 0) await new Promise(setImmediate);
  request.abort();
  expect(await asked).toEqual(unknown);
  answer.keep();
  await harness.commands.inFlight.idle();
  return harness;
}

describe("the request ends while the create is under way", () => {
  test.each(["the deadline", "the caller going away"])(
    "the request ends by %s: the outcome is unknown at once, the create and its reconciliation go on",
    async () => {
      const harness = new CommandHarness();
      const request = new AbortController();
      const practice = promised();
      harness.practice.next("createAppointment", { after: practice.promise });

      const asked = harness.book({ idempotencyKey: key }, { signal: request.signal });
      await untilSent(harness);
      request.abort();
      expect(await asked).toEqual(unknown);

      practice.keep();
      await harness.commands.inFlight.idle();
      expect(harness.practice.standing()).toHaveLength(1);
      expect(await harness.book({ idempotencyKey: key })).toMatchObject({ kind: "booked", recovered: false });
      expect(harness.count("createAppointment")).toBe(1);
    },
  );

  test("an unclear end is still read back", async () => {
    const harness = await leaveDuringReadBack("lost-after");

    expect(await harness.store.open()).toEqual([]);
    expect(await harness.book({ idempotencyKey: key })).toMatchObject({ kind: "booked", recovered: true });
  });

  test("a create is not sent again after the caller has left", async () => {
    const harness = await leaveDuringReadBack("lost-before");

    expect(harness.count("createAppointment")).toBe(1);
  });

  test("a request that has ended already sends nothing and binds nothing", async () => {
    const harness = new CommandHarness();

    const asked = harness.book({ idempotencyKey: key }, { signal: AbortSignal.abort() });

    await expect(asked).rejects.toMatchObject({ code: "UPSTREAM_TIMEOUT", retryable: true });
    expect(harness.practice.writes).toEqual([]);
    expect(await harness.store.open()).toEqual([]);
  });

  test("a request that joins a running command has its own deadline", async () => {
    const harness = new CommandHarness();
    const practice = promised();
    const second = new AbortController();
    harness.practice.next("createAppointment", { after: practice.promise });

    const first = harness.book({ idempotencyKey: key });
    await untilSent(harness);
    const joined = harness.book({ idempotencyKey: key }, { signal: second.signal });
    await settle();
    second.abort();
    expect(await joined).toEqual(unknown);

    practice.keep();
    expect(await first).toMatchObject({ kind: "booked" });
  });

  test("a key whose caller left before it was told keeps the count of its creates", async () => {
    const harness = new CommandHarness();
    harness.deadlineMs = 600_000;
    harness.wait = async (ms) => harness.advance(ms);
    /** The create is lost, the bound passes, and the caller leaves during the read-back that shows it absent. */
    const leaveUnheard = async () => {
      const request = new AbortController();
      const readBack = promised();
      harness.practice.next("createAppointment", "lost-before");
      const leave = { after: readBack.promise };
      const before = harness.count("fetchAppointments");
      harness.practice.next("fetchAppointments", { after: Promise.resolve() });
      harness.practice.next("fetchAppointments", leave);
      const asked = harness.book({ idempotencyKey: key }, { signal: request.signal });
      while (harness.count("fetchAppointments") < before + 2) await new Promise(setImmediate);
      request.abort();
      expect(await asked).toEqual(unknown);
      readBack.keep();
      await harness.commands.inFlight.idle();
    };

    for (let creates = 1; creates <= 5; creates += 1) {
      await leaveUnheard();
      expect(harness.count("createAppointment")).toBe(creates);
    }
    await expect(harness.book({ idempotencyKey: key, description: "Other content" })).rejects.toMatchObject({
      code: "BAD_USER_INPUT",
    });
    await expect(harness.book({ idempotencyKey: key })).rejects.toMatchObject({
      reason: "NOT_BOOKED",
      retryable: true,
    });
    expect(harness.count("createAppointment")).toBe(5);
    // The caller has been told, so the key is free.
    expect(await harness.book({ idempotencyKey: key })).toMatchObject({ kind: "booked", recovered: false });
  });
});
