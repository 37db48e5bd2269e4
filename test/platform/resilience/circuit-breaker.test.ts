import { CircuitBreaker, type CircuitChange } from "../../../src/platform/resilience/circuit-breaker.js";
import { ConsecutiveFailures } from "../../../src/platform/resilience/failure-counters.js";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const fail = () => Promise.reject(new Error("down"));

function createBreaker(failuresToOpen = 2) {
  const changes: CircuitChange[] = [];
  const circuitBreaker = new CircuitBreaker({
    counter: new ConsecutiveFailures(failuresToOpen),
    probeAfterMs: 1_000,
    rejection: () => new Error("open"),
    onChange: (change) => changes.push(change),
  });
  const messageOf = (work: () => Promise<string>) =>
    circuitBreaker.run(work).catch(({ message }: Error) => message);
  return { circuitBreaker, changes, messageOf };
}

/** Work that ends when the test says so. */
function pending() {
  let succeed = (_value: string) => {};
  let fail = (_error: Error) => {};
  const promise = new Promise<string>((resolve, reject) => {
    succeed = resolve;
    fail = reject;
  });
  return { work: () => promise, succeed, fail };
}

it("rejects calls without starting them once it is open", async () => {
  const { messageOf, changes } = createBreaker();
  await messageOf(fail);
  await messageOf(fail);
  const work = jest.fn(async () => "done");
  expect(await messageOf(work)).toBe("open");
  expect(work).not.toHaveBeenCalled();
  expect(changes).toEqual(["open"]);
});

it.each([
  ["success", "done"],
  ["failure", new Error("late")],
])(
  "ignores a %s of a call that began before it opened, also while a probe is in progress",
  async (_what, end) => {
    const { circuitBreaker, messageOf } = createBreaker();
    const late = pending();
    const lateEnd = messageOf(late.work);
    await messageOf(fail);
    await messageOf(fail);
    await jest.advanceTimersByTimeAsync(1_000);
    const probe = pending();
    const probeEnd = messageOf(probe.work);
    if (end instanceof Error) late.fail(end);
    else late.succeed(end);
    await lateEnd;
    expect(circuitBreaker.rejects()).toBe(true);
    probe.succeed("up");
    expect(await probeEnd).toBe("up");
    expect(circuitBreaker.rejects()).toBe(false);
    expect(circuitBreaker.isClean).toBe(true);
  },
);

it("reports every opening, a failed probe included, and the closing", async () => {
  const { messageOf, changes } = createBreaker(1);
  await messageOf(fail);
  await jest.advanceTimersByTimeAsync(1_000);
  await messageOf(fail);
  await jest.advanceTimersByTimeAsync(1_000);
  await messageOf(async () => "up");
  expect(changes).toEqual(["open", "open", "closed"]);
});

it("counts an error that proves the service works as nothing, and lets it close an open breaker", async () => {
  const { circuitBreaker, messageOf } = createBreaker(2);
  const refuse = () => circuitBreaker.acquire().fail("success");
  await messageOf(fail);
  refuse();
  expect(circuitBreaker.isClean).toBe(false);
  await messageOf(fail);
  expect(circuitBreaker.rejects()).toBe(true);
  await jest.advanceTimersByTimeAsync(1_000);
  refuse();
  expect(circuitBreaker.rejects()).toBe(false);
});

it("lets one probe through until its end is reported, and another at once when that says nothing", async () => {
  const { circuitBreaker, changes } = createBreaker(1);
  circuitBreaker.acquire().fail("failure");
  await jest.advanceTimersByTimeAsync(1_000);
  const probe = circuitBreaker.acquire();
  expect(probe.isProbe).toBe(true);
  expect(() => circuitBreaker.acquire()).toThrow("open");
  probe.fail("unknown");
  expect(() => circuitBreaker.acquire(false)).toThrow("open");
  const next = circuitBreaker.acquire();
  expect(next.isProbe).toBe(true);
  next.succeed();
  expect(circuitBreaker.acquire(false).isProbe).toBe(false);
  expect(changes).toEqual(["open", "open", "closed"]);
});
