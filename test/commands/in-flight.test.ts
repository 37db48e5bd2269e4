import { getEventListeners } from "node:events";
import { InFlight, outcomeInTime } from "../../src/commands/in-flight.js";

interface Pending<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(error: Error): void;
}

function pending<T>(): Pending<T> {
  let resolve: Pending<T>["resolve"] = () => {};
  let reject: Pending<T>["reject"] = () => {};
  const promise = new Promise<T>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  return { promise, resolve, reject };
}

/** Everything that is ready to run has run. */
const allReady = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("work that continues after its request", () => {
  test("starts at once, and is found under its key until it has ended", async () => {
    const inFlight = new InFlight();
    const work = pending<string>();
    let hasStarted = false;
    const running = inFlight.run("k", () => {
      hasStarted = true;
      return work.promise;
    });
    expect(hasStarted).toBe(true);
    expect(inFlight.get("k")).toBe(running);
    expect(inFlight.get("another")).toBeUndefined();

    work.resolve("done");
    expect(await running).toBe("done");
    expect(inFlight.get("k")).toBeUndefined();
  });

  test("which fails is over as well, and tells whoever waits why", async () => {
    const inFlight = new InFlight();
    const failure = new Error("the practice is down");
    const running = inFlight.run("k", () => Promise.reject(failure));
    await expect(running).rejects.toBe(failure);
    expect(inFlight.get("k")).toBeUndefined();
  });

  test("which fails while nobody waits is no unhandled rejection", async () => {
    const inFlight = new InFlight();
    const unhandled = jest.fn();
    process.on("unhandledRejection", unhandled);
    try {
      inFlight.run("k", () => Promise.reject(new Error("the practice is down")));
      await allReady();
      await allReady();
    } finally {
      process.off("unhandledRejection", unhandled);
    }
    expect(unhandled).not.toHaveBeenCalled();
    expect(inFlight.get("k")).toBeUndefined();
  });

  test("is waited for until all of it has ended, that which starts meanwhile too, whether it fails or not", async () => {
    const inFlight = new InFlight();
    const [first, second, third] = [pending<void>(), pending<void>(), pending<void>()];
    inFlight.run("first", () => first.promise);
    inFlight.run("second", () => second.promise);
    let isIdle = false;
    const idle = inFlight.idle().then(() => {
      isIdle = true;
    });

    first.reject(new Error("the practice is down"));
    await allReady();
    expect(isIdle).toBe(false);
    inFlight.run("third", () => third.promise);
    second.resolve();
    await allReady();
    expect(isIdle).toBe(false);
    third.resolve();
    await idle;
    expect(isIdle).toBe(true);
  });

  test("nothing is waited for when nothing runs", async () => {
    await expect(new InFlight().idle()).resolves.toBeUndefined();
  });
});

describe("the outcome in time", () => {
  const meanwhile = () => "not known yet";

  test("is that of the work when it ends first, and the signal is left without a listener", async () => {
    const controller = new AbortController();
    const said = jest.fn(meanwhile);
    const work = pending<string>();
    const outcome = outcomeInTime(work.promise, controller.signal, said);
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(1);
    work.resolve("booked");
    expect(await outcome).toBe("booked");
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(0);

    controller.abort();
    await allReady();
    expect(said).not.toHaveBeenCalled();
  });

  test("is the failure of the work, and the signal is left without a listener", async () => {
    const { signal } = new AbortController();
    const failure = new Error("the practice is down");
    await expect(outcomeInTime(Promise.reject(failure), signal, meanwhile)).rejects.toBe(failure);
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });

  test("is what can be said meanwhile when the request ends first, as of that moment", async () => {
    const controller = new AbortController();
    let now = "too early";
    const outcome = outcomeInTime(pending<string>().promise, controller.signal, () => now);
    now = "not known yet";
    controller.abort();
    // A signal that has ended keeps nothing of the request alive.
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(0);
    expect(await outcome).toBe("not known yet");
  });

  test("is what can be said meanwhile when the request had ended before, even if the work has ended too", async () => {
    expect(await outcomeInTime(Promise.resolve("booked"), AbortSignal.abort(), meanwhile)).toBe(
      "not known yet",
    );
  });
});
