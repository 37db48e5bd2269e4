import { getEventListeners } from "node:events";
import { raceWithSignal, wait, withTimeout } from "../../../src/platform/resilience/wait.js";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const never = new Promise<never>(() => {});
const ended = () => new Error("ended");

describe("wait", () => {
  it("ends after the whole time, and leaves one listener on the signal at most", async () => {
    const { signal } = new AbortController();
    const whole = wait(100, signal);
    await jest.advanceTimersByTimeAsync(100);
    expect(await whole).toBe(true);
    expect(getEventListeners(signal, "abort").length).toBeLessThanOrEqual(1);
  });

  it("ends with the signal, and leaves no timer", async () => {
    const controller = new AbortController();
    const whole = wait(100, controller.signal);
    controller.abort();
    expect(await whole).toBe(false);
    expect(jest.getTimerCount()).toBe(0);
  });

  it.each([0, 100])("does not start with a signal that has ended (%d ms)", async (ms) => {
    expect(await wait(ms, AbortSignal.abort())).toBe(false);
  });
});

describe("a race with a signal", () => {
  it("has the promise's outcome, and leaves one listener on the signal at most", async () => {
    const { signal } = new AbortController();
    await expect(raceWithSignal(Promise.resolve("done"), signal, ended)).resolves.toBe("done");
    await expect(raceWithSignal(Promise.reject(new Error("own")), signal, ended)).rejects.toThrow("own");
    expect(getEventListeners(signal, "abort").length).toBeLessThanOrEqual(1);
  });

  it("has the error when the signal ends first, or had ended before", async () => {
    const controller = new AbortController();
    const race = raceWithSignal(never, controller.signal, ended);
    controller.abort();
    await expect(race).rejects.toThrow("ended");
    await expect(raceWithSignal(never, controller.signal, ended)).rejects.toThrow("ended");
  });

  it("swallows a failure of the promise that comes after the signal", async () => {
    const unhandled = jest.fn();
    process.once("unhandledRejection", unhandled);
    const late = new Promise<never>((_resolve, reject) => setTimeout(() => reject(new Error("late")), 10));
    await expect(raceWithSignal(late, AbortSignal.abort(), ended)).rejects.toThrow("ended");
    await jest.advanceTimersByTimeAsync(10);
    process.off("unhandledRejection", unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });
});

describe("a time-out", () => {
  it("has the promise's outcome, and leaves no timer", async () => {
    await expect(withTimeout(Promise.resolve("done"), 100, ended)).resolves.toBe("done");
    await expect(withTimeout(Promise.reject(new Error("own")), 100, ended)).rejects.toThrow("own");
    expect(jest.getTimerCount()).toBe(0);
  });

  it("has the error when the promise takes longer", async () => {
    const outcome = withTimeout(never, 100, ended).catch(({ message }: Error) => message);
    await jest.advanceTimersByTimeAsync(101);
    expect(await outcome).toBe("ended");
  });
});
