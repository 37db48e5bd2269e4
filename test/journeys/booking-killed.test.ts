import type { CallContext } from "../../src/upstreams/call-context.js";
import { CommandHarness } from "./command-harness.js";
import type { Mishap } from "./fake-practice.js";
import { settle } from "./waiting.js";

const key = "the caller's own key";
const LATE_MS = 30_000;
const LEASE_MS = 37_000;

/** A process that dies at one of its calls to the store or to an upstream: nothing after that call ever returns. */
class MortalProcess {
  calls = 0;
  isDead = false;

  /** @param diesAt the number of the call, from 1. @param isDone whether that call still takes effect. */
  constructor(
    private readonly diesAt: number,
    private readonly isDone: boolean,
  ) {}

  /** An object whose methods belong to this process. */
  own<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (object, name) => {
        const method = Reflect.get(object, name) as unknown;
        if (typeof method !== "function") return method;
        return async (...args: unknown[]) => {
          const forEver = new Promise<never>(() => {});
          if (this.isDead) return forEver;
          this.calls += 1;
          const dies = this.calls === this.diesAt;
          if (dies) this.isDead = true;
          if (dies && !this.isDone) return forEver;
          const result = await Reflect.apply(method, object, args);
          return this.isDead ? forEver : result;
        };
      },
    });
  }
}

/** A request in a process that dies at its call number `diesAt`. @returns how many calls it made. */
async function bookAndDie(harness: CommandHarness, diesAt: number, isDone: boolean): Promise<MortalProcess> {
  const process = new MortalProcess(diesAt, isDone);
  const { store } = harness;
  harness.restart(process.own(store));
  harness.within = process;
  void harness.book({ idempotencyKey: key }).catch(() => undefined);
  await settle();
  process.isDead = true;
  harness.within = undefined;
  harness.restart(store);
  return process;
}

const CREATES: readonly (readonly [string, Mishap[]])[] = [
  ["answers", []],
  ["loses the response", ["lost-after"]],
  ["loses the request", ["lost-before"]],
  ["saves late", ["late"]],
];

// Proves HAZ-19-48, HAZ-FALSE-FAILURE.
describe.each(CREATES)(
  "a practice that %s, and a process that is killed at any call",
  (_practice, mishaps) => {
    test.each([true, false])(
      "the call takes effect: %p: one appointment at most, and the truth in the end",
      async (isDone) => {
        let calls = 0;
        for (let diesAt = 1; diesAt <= Math.max(calls, 1); diesAt += 1) {
          const harness = new CommandHarness();
          harness.practice.next("createAppointment", ...mishaps);
          const process = await bookAndDie(harness, diesAt, isDone);
          // The first run dies at once: this tells how many calls there are.
          if (diesAt === 1) calls = await countCalls(mishaps);
          expect(process.calls).toBeLessThanOrEqual(calls);

          await requestUntilSettled(harness);

          expect(harness.practice.standing()).toHaveLength(1);
          expect(await harness.store.open()).toEqual([]);
        }
        expect(calls).toBeGreaterThan(5);
      },
    );
  },
);

/** As callers do: again after `settlesAt`, with sweeps in between. The late request takes effect at the last moment. */
async function requestUntilSettled(harness: CommandHarness): Promise<void> {
  const creates = () => harness.practice.writes.filter((write) => write.startsWith("create")).length;
  for (let request = 0; request < 6; request += 1) {
    const outcome = await harness.book({ idempotencyKey: key });
    if (outcome.kind === "booked") return;
    expect(outcome.kind).toBe("outcome-unknown");
    expect(creates()).toBeLessThanOrEqual(1);
    for (let ms = 0; ms < LEASE_MS + LATE_MS; ms += 5_000) {
      harness.advance(5_000);
      if (ms === LATE_MS - 10_000) harness.practice.catchUp();
      await harness.sweeper.step();
    }
  }
  throw new Error("the booking did not settle");
}

async function countCalls(mishaps: Mishap[]): Promise<number> {
  const harness = new CommandHarness();
  harness.practice.next("createAppointment", ...mishaps);
  return (await bookAndDie(harness, Number.POSITIVE_INFINITY, true)).calls;
}

test("a killed process sends no response", async () => {
  const harness = new CommandHarness();
  const process = new MortalProcess(3, true);
  harness.restart(process.own(harness.store));
  harness.within = process;
  let ended = false;
  const request: Partial<CallContext> = {};
  void harness.book({ idempotencyKey: key }, request).finally(() => {
    ended = true;
  });
  await settle();

  expect(process.isDead).toBe(true);
  expect(ended).toBe(false);
});
