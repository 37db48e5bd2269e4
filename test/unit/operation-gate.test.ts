import fc from "fast-check";
import { OperationGate } from "../../src/server/admission/operation-gate.js";

/** Enters, or waits for a place until the signal takes the operation out of the queue. */
async function enter(gate: OperationGate, leaving?: AbortSignal): Promise<boolean> {
  const place = gate.enter();
  if (typeof place === "boolean") return place;
  leaving?.addEventListener("abort", place.leave);
  return place.admitted;
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test("operations up to the limit enter at once, and the next one waits for a place", async () => {
  const gate = new OperationGate({ maxConcurrent: 2, maxQueued: 1, maxWaitMs: 50 });
  expect([await enter(gate), await enter(gate)]).toEqual([true, true]);
  const third = enter(gate);
  expect(gate.isFull).toBe(true);
  gate.release();

  expect(await third).toBe(true);
  expect(gate.running).toBe(2);
});

test("beyond the queue an operation is refused at once", async () => {
  const gate = new OperationGate({ maxConcurrent: 1, maxQueued: 0, maxWaitMs: 50 });
  await enter(gate);

  expect(await enter(gate)).toBe(false);
  expect(gate.running).toBe(1);
});

test("a queued operation is refused when it has waited too long, and the queue is free again", async () => {
  const gate = new OperationGate({ maxConcurrent: 1, maxQueued: 1, maxWaitMs: 50 });
  await enter(gate);
  const late = enter(gate);
  jest.advanceTimersByTime(50);

  expect(await late).toBe(false);
  expect(gate.isFull).toBe(false);
});

test("the queue takes only as many as get a place within the wait", async () => {
  const gate = new OperationGate({ maxConcurrent: 1, maxQueued: 10, maxWaitMs: 50 });
  await enter(gate);
  for (let ended = 0; ended < 40; ended += 1) {
    jest.advanceTimersByTime(20);
    const next = enter(gate);
    gate.release();
    await next;
  }
  const queued = [enter(gate), enter(gate)];
  const third = await enter(gate);
  for (const operation of queued) {
    gate.release();
    expect(await operation).toBe(true);
  }

  expect(third).toBe(false);
});

test("while no operation ends, none is queued after the time of a wait", async () => {
  const gate = new OperationGate({ maxConcurrent: 1, maxQueued: 10, maxWaitMs: 50 });
  await enter(gate);
  expect(gate.isFull).toBe(false);
  jest.advanceTimersByTime(51);

  expect(gate.isFull).toBe(true);
  gate.release();
  expect(gate.isFull).toBe(false);
});

test("a client that has gone leaves the queue", async () => {
  const gate = new OperationGate({ maxConcurrent: 1, maxQueued: 1, maxWaitMs: 50 });
  await enter(gate);
  const leaving = new AbortController();
  const gone = enter(gate, leaving.signal);
  leaving.abort();

  expect(await gone).toBe(false);
  gate.release();
  expect(gate.running).toBe(0);
});

test("the operation that has waited longest enters first", async () => {
  const gate = new OperationGate({ maxConcurrent: 1, maxQueued: 3, maxWaitMs: 50 });
  await enter(gate);
  const order: string[] = [];
  for (const name of ["a", "b", "c"]) {
    void enter(gate).then(() => {
      order.push(name);
      gate.release();
    });
  }
  gate.release();
  await jest.advanceTimersByTimeAsync(0);

  expect(order).toEqual(["a", "b", "c"]);
});

test("whatever enters, leaves and times out: never more than the limit runs, and no place is lost", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom("enter", "leave", "release", "time"), { maxLength: 60 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 0, max: 3 }),
      async (steps, maxConcurrent, maxQueued) => {
        const gate = new OperationGate({ maxConcurrent, maxQueued, maxWaitMs: 50 });
        const waiting: AbortController[] = [];
        let held = 0;
        for (const step of steps) {
          if (step === "enter") {
            const controller = new AbortController();
            waiting.push(controller);
            void enter(gate, controller.signal).then((admitted) => {
              if (admitted) held += 1;
            });
          } else if (step === "leave") waiting.shift()?.abort();
          else if (step === "release" && held > 0) {
            held -= 1;
            gate.release();
          } else jest.advanceTimersByTime(50);
          await jest.advanceTimersByTimeAsync(0);
          if (gate.running > maxConcurrent || gate.running !== held) return false;
        }
        jest.advanceTimersByTime(50);
        await jest.advanceTimersByTimeAsync(0);
        for (; held > 0; held -= 1) gate.release();
        return gate.running === 0;
      },
    ),
    { numRuns: 300, seed: 20_261_128 },
  );
});
