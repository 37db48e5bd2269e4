import { readConfig } from "../../../src/platform/config/config.js";
import { withDeadline } from "../../../src/platform/resilience/deadline.js";
import { NotSentError } from "../../../src/platform/resilience/index.js";
import { rateLimitPerSecond } from "../../../src/platform/resilience/rate-limit.js";
import { servicePolicies } from "../../../src/upstreams/policies.js";
import { createPipeline } from "../../support/pipelines.js";
import { aCall, attempts, deadline, endOf, refused, seeded } from "./resilience-harness.js";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** The most that were sent in any second, wherever it begins. */
function mostInASecond(sentAt: readonly number[]): number {
  const counts = sentAt.map((start) => sentAt.filter((at) => at >= start && at < start + 1000).length);
  return Math.max(...counts);
}

const budgeted = (limit: number, spikeFactor?: number) =>
  createPipeline({
    services: { PDS: { maxConcurrency: 64, rateLimit: rateLimitPerSecond(limit, spikeFactor) } },
  });

describe.each([1, 5, 17])("a rate limit of %d a second", (limit) => {
  it.each([1, 2, 3])("is never exceeded, and is used fully (arrivals %d)", async (seed) => {
    const random = seeded(seed * 1000 + limit);
    const resilience = budgeted(limit);
    const sentAt: number[] = [];
    const ends: Promise<unknown>[] = [];
    const calls = limit * 12;
    for (let made = 0; made < calls; made++) {
      const send = async () => void sentAt.push(performance.now());
      ends.push(resilience.run(aCall({ flow: [`caller ${made % 3}`, "1"] }), send));
      // Bursts, and pauses of up to two seconds.
      if (random() < 0.3)
        await jest.advanceTimersByTimeAsync(random() < 0.1 ? 2000 * random() : 90 * random());
    }
    await jest.advanceTimersByTimeAsync(20_000);
    await Promise.all(ends);
    expect(sentAt).toHaveLength(calls);
    expect(mostInASecond(sentAt)).toBeLessThanOrEqual(limit);
    expect(mostInASecond(sentAt)).toBe(limit);
  });
});

it("a rate limit counts retries", async () => {
  const resilience = budgeted(5);
  const sentAt: number[] = [];
  const ends = Array.from({ length: 12 }, (_, index) => {
    const once = attempts<string>(refused({ httpStatus: 408 }), "done");
    return resilience.run(aCall({ flow: ["anna", `${index}`] }), () => {
      sentAt.push(performance.now());
      return once();
    });
  });
  await jest.advanceTimersByTimeAsync(20_000);
  expect(await Promise.all(ends)).toEqual(ends.map(() => "done"));
  expect(sentAt).toHaveLength(24);
  expect(mostInASecond(sentAt)).toBe(5);
});

it("a rate limit with a spike arrest spaces the calls evenly", async () => {
  const resilience = budgeted(5, 1);
  const sentAt: number[] = [];
  for (let made = 0; made < 4; made++)
    void resilience.run(aCall(), async () => void sentAt.push(performance.now()));
  await jest.advanceTimersByTimeAsync(2_000);
  const gaps = sentAt.slice(1).map((at, index) => at - (sentAt[index] ?? 0));
  expect(gaps).toEqual([200, 200, 200]);
});

describe("a call that waits for a permit until its deadline", () => {
  const send = attempts("done");
  const waiting = () => {
    const resilience = budgeted(1);
    void resilience.run(aCall(), send);
    return resilience;
  };
  beforeEach(() => send.mockClear());

  it.each(["read", "write"] as const)(
    "is not sent (%s), which its error states for certain",
    async (purpose) => {
      const resilience = waiting();
      const end = await endOf(resilience.run(aCall({ purpose, signal: deadline(500) }), send));
      expect(end).toBeInstanceOf(NotSentError);
      expect(end).toMatchObject({
        code: "UPSTREAM_TIMEOUT",
        service: "PDS",
        reason: "DEADLINE_WHILE_WAITING",
        retryable: true,
        outcomeUnknown: false,
      });
      expect(send).toHaveBeenCalledTimes(1);
    },
  );

  it("takes no permit", async () => {
    const resilience = waiting();
    const gone = endOf(resilience.run(aCall({ signal: deadline(500) }), send), 0);
    const next = endOf(resilience.run(aCall(), send), 0);
    await jest.advanceTimersByTimeAsync(1_100);
    await gone;
    expect(await next).toBe("done");
    expect(send).toHaveBeenCalledTimes(2);
  });

  it("also leaves the queue when the client goes away", async () => {
    const resilience = waiting();
    const client = new AbortController();
    const end = resilience.run(aCall({ signal: client.signal }), send);
    client.abort();
    await expect(end).rejects.toMatchObject({ code: "UPSTREAM_TIMEOUT" });
  });

  it.each(["read", "write"] as const)(
    "is not sent by a process that was paused beyond the deadline, whose timers have not run (%s)",
    async (purpose) => {
      const paused = withDeadline(0, new AbortController().signal);
      const end = createPipeline().run(aCall({ purpose, signal: paused }), send);
      await expect(end).rejects.toMatchObject({ reason: "DEADLINE_WHILE_WAITING", outcomeUnknown: false });
      expect(send).not.toHaveBeenCalled();
    },
  );

  it("never enters the queue when its request has already ended", async () => {
    const end = createPipeline().run(aCall({ signal: AbortSignal.abort() }), send);
    await expect(end).rejects.toMatchObject({ reason: "DEADLINE_WHILE_WAITING" });
    expect(send).not.toHaveBeenCalled();
  });
});

it("each service has a rate limit of its own", async () => {
  const resilience = budgeted(1);
  const send = attempts("done");
  for (const service of ["PDS", "PDS", "SDS", "VM"] as const) void resilience.run(aCall({ service }), send);
  await jest.advanceTimersByTimeAsync(500);
  expect(send).toHaveBeenCalledTimes(3);
});

describe("the policies", () => {
  const defaults = readConfig({});

  it("give the sandbox no rate limits, 64 concurrent calls a service and 8 a practice", () => {
    const policies = servicePolicies(defaults);
    for (const { maxConcurrency, rateLimit } of Object.values(policies)) {
      expect([maxConcurrency, rateLimit]).toEqual([64, undefined]);
    }
    expect(policies.SSP.backends?.maxConcurrency).toBe(8);
  });

  it("give live mode the default of an application, five requests a second", () => {
    const { PDS, TOKEN, SDS, SSP } = servicePolicies({ ...defaults, SPINE_ENV: "live" });
    expect(PDS.rateLimit).toMatchObject({ limit: 5, gapMs: 1000 / 15 });
    expect(TOKEN.rateLimit).toMatchObject({ limit: 5, gapMs: 0 });
    expect(SDS.rateLimit).toMatchObject({ limit: 5, gapMs: 200 });
    expect(SSP.rateLimit).toBeUndefined();
  });

  it("follow the settings of the environment", () => {
    const config = readConfig({ PDS_MAX_RPS: "40", SDS_MAX_RPS: "7", PRACTICE_MAX_CONCURRENCY: "3" });
    const { PDS, SDS, SSP } = servicePolicies(config);
    expect([PDS.rateLimit?.limit, SDS.rateLimit?.limit, SSP.backends?.maxConcurrency]).toEqual([40, 7, 3]);
    expect(() => readConfig({ PDS_MAX_RPS: "0" })).toThrow("PDS_MAX_RPS");
  });
});
