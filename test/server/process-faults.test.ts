import { EventEmitter } from "node:events";
import { ProcessFaults } from "../../src/server/process-faults.js";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

function watch() {
  const events = new EventEmitter();
  const exits: number[] = [];
  const logged: unknown[] = [];
  const faults = new ProcessFaults({
    log: { error: (entry: unknown) => void logged.push(entry) },
    exit: (code) => exits.push(code),
    shutdownLimitMs: 1_000,
  });
  faults.watch(events as never);
  return { events, exits, logged, faults };
}

test("an uncaught exception exits with 1 once the shutdown is complete, and not before", async () => {
  const { events, exits, faults } = watch();
  let complete = () => {};
  faults.shutDownWith(
    () =>
      new Promise((resolve) => {
        complete = resolve;
      }),
  );
  events.emit("uncaughtException", new Error("broken"));
  await jest.advanceTimersByTimeAsync(999);
  expect(exits).toEqual([]);
  complete();
  await jest.advanceTimersByTimeAsync(0);
  expect(exits[0]).toBe(1);
});

test("a shutdown that hangs or fails does not keep the process alive", async () => {
  const hanging = watch();
  hanging.faults.shutDownWith(() => new Promise(() => {}));
  hanging.events.emit("uncaughtException", new Error("broken"));
  await jest.advanceTimersByTimeAsync(1_000);
  expect(hanging.exits).toEqual([1]);

  const failing = watch();
  failing.faults.shutDownWith(() => Promise.reject(new Error("cannot close")));
  failing.events.emit("uncaughtException", new Error("broken"));
  await jest.advanceTimersByTimeAsync(0);
  expect(failing.exits).toEqual([1]);
});

test("a second exception during the shutdown is counted and does not start another", async () => {
  const { events, faults, logged } = watch();
  const shutDown = jest.fn(() => new Promise<void>(() => {}));
  faults.shutDownWith(shutDown);
  events.emit("uncaughtException", new Error("first"));
  events.emit("uncaughtException", new Error("second"));
  expect(shutDown).toHaveBeenCalledTimes(1);
  expect(faults.counts).toEqual({ unhandledRejection: 0, uncaughtException: 2 });
  expect(logged).toHaveLength(2);
});

test("an uncaught exception before the server is ready exits at once", async () => {
  const { events, exits } = watch();
  events.emit("uncaughtException", new Error("broken"));
  await jest.advanceTimersByTimeAsync(0);
  expect(exits).toEqual([1]);
});

test("an unhandled rejection never exits, whatever it was rejected with", async () => {
  const { events, exits, faults, logged } = watch();
  for (const reason of [
    new Error("patient 9000000009"),
    "9000000009",
    undefined,
    null,
    { nhsNumber: "9000000009" },
  ]) {
    events.emit("unhandledRejection", reason);
  }
  await jest.advanceTimersByTimeAsync(10_000);
  expect(exits).toEqual([]);
  expect(faults.counts.unhandledRejection).toBe(5);
  expect(JSON.stringify(logged)).not.toContain("9000000009");
});
