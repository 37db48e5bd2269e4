import { CommandBench } from "./command-bench.js";
import { promised, settle, untilSent } from "./waiting.js";

const key = "the caller's own key";
const unknown = { kind: "outcome-unknown", handle: key };

/** The create is lost, and the caller goes away while it is read back. */
async function leaveDuringReadBack(create: "lost-before" | "lost-after"): Promise<CommandBench> {
  const bench = new CommandBench();
  const request = new AbortController();
  const answer = promised();
  bench.practice.next("createAppointment", create);
  bench.practice.next("fetchAppointments", { after: answer.promise });

  const asked = bench.book({ idempotencyKey: key }, { signal: request.signal });
  while (bench.count("fetchAppointments") === 0) await new Promise(setImmediate);
  request.abort();
  expect(await asked).toEqual(unknown);
  answer.keep();
  await bench.desk.background.idle();
  return bench;
}

describe("the request ends while the create is under way", () => {
  test.each(["the deadline", "the caller going away"])(
    "by %s: the caller is told at once that it is not known, the create and its settling go on",
    async () => {
      const bench = new CommandBench();
      const request = new AbortController();
      const practice = promised();
      bench.practice.next("createAppointment", { after: practice.promise });

      const asked = bench.book({ idempotencyKey: key }, { signal: request.signal });
      await untilSent(bench);
      request.abort();
      expect(await asked).toEqual(unknown);

      practice.keep();
      await bench.desk.background.idle();
      expect(bench.practice.standing()).toHaveLength(1);
      expect(await bench.book({ idempotencyKey: key })).toMatchObject({ kind: "booked", recovered: false });
      expect(bench.count("createAppointment")).toBe(1);
    },
  );

  test("an unclear end is still read back", async () => {
    const bench = await leaveDuringReadBack("lost-after");

    expect(await bench.store.open()).toEqual([]);
    expect(await bench.book({ idempotencyKey: key })).toMatchObject({ kind: "booked", recovered: true });
  });

  test("nobody being there any more, it is not sent a second time", async () => {
    const bench = await leaveDuringReadBack("lost-before");

    expect(bench.count("createAppointment")).toBe(1);
  });

  test("a request that has ended already sends nothing and binds nothing", async () => {
    const bench = new CommandBench();

    const asked = bench.book({ idempotencyKey: key }, { signal: AbortSignal.abort() });

    await expect(asked).rejects.toMatchObject({ code: "UPSTREAM_TIMEOUT", retryable: true });
    expect(bench.practice.writes).toEqual([]);
    expect(await bench.store.open()).toEqual([]);
  });

  test("an ask that joins the work has its own deadline", async () => {
    const bench = new CommandBench();
    const practice = promised();
    const second = new AbortController();
    bench.practice.next("createAppointment", { after: practice.promise });

    const first = bench.book({ idempotencyKey: key });
    await untilSent(bench);
    const joined = bench.book({ idempotencyKey: key }, { signal: second.signal });
    await settle();
    second.abort();
    expect(await joined).toEqual(unknown);

    practice.keep();
    expect(await first).toMatchObject({ kind: "booked" });
  });
});
