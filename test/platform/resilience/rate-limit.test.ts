import { readConfig } from "../../../src/platform/config/config.js";
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

describe.each([1, 5, 17])("a budget of %d a second", (limit) => {
  it.each([1, 2, 3])("is never exceeded, and not left lying (arrivals %d)", async (seed) => {
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

it("counts repeats as well", async () => {
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

it("spaces calls as a spike arrest wants them", async () => {
  const resilience = budgeted(5, 1);
  const sentAt: number[] = [];
  for (let made = 0; made < 4; made++)
    void resilience.run(aCall(), async () => void sentAt.push(performance.now()));
  await jest.advanceTimersByTimeAsync(2_000);
  const gaps = sentAt.slice(1).map((at, index) => at - (sentAt[index] ?? 0));
  expect(gaps).toEqual([200, 200, 200]);
});

describe("whoever waits until the deadline", () => {
  const send = attempts("done");
  const waiting = () => {
    const resilience = budgeted(1);
    void resilience.run(aCall(), send);
    return resilience;
  };
  beforeEach(() => send.mockClear());

  it.each(["read", "write"] as const)("is not sent (%s), and says so for certain", async (purpose) => {
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
  });

  it("costs no permit", async () => {
    const resilience = waiting();
    const gone = endOf(resilience.run(aCall({ signal: deadline(500) }), send), 0);
    const next = endOf(resilience.run(aCall(), send), 0);
    await jest.advanceTimersByTimeAsync(1_100);
    await gone;
    expect(await next).toBe("done");
    expect(send).toHaveBeenCalledTimes(2);
  });

  it("leaves as well when the client goes away", async () => {
    const resilience = waiting();
    const client = new AbortController();
    const end = resilience.run(aCall({ signal: client.signal }), send);
    client.abort();
    await expect(end).rejects.toMatchObject({ code: "UPSTREAM_TIMEOUT" });
  });

  it("never gets in line when the request is over already", async () => {
    const end = createPipeline().run(aCall({ signal: AbortSignal.abort() }), send);
    await expect(end).rejects.toMatchObject({ reason: "DEADLINE_WHILE_WAITING" });
    expect(send).not.toHaveBeenCalled();
  });
});

it("each service has a budget of its own", async () => {
  const resilience = budgeted(1);
  const send = attempts("done");
  for (const service of ["PDS", "PDS", "SDS", "VM"] as const) void resilience.run(aCall({ service }), send);
  await jest.advanceTimersByTimeAsync(500);
  expect(send).toHaveBeenCalledTimes(3);
});

describe("the settings", () => {
  const defaults = readConfig({});

  it("give the sandbox no budgets, 64 places a service and 8 a practice", () => {
    const policies = servicePolicies(defaults);
    for (const { maxConcurrency, rateLimit } of Object.values(policies)) {
      expect([maxConcurrency, rateLimit]).toEqual([64, undefined]);
    }
    expect(policies.SSP.backends?.maxConcurrency).toBe(8);
  });

  it("give live mode the five a second that an application has by default", () => {
    const { PDS, TOKEN, SDS, SSP } = servicePolicies({ ...defaults, SPINE_ENV: "live" });
    expect(PDS.rateLimit).toMatchObject({ limit: 5, gapMs: 1000 / 15 });
    expect(TOKEN.rateLimit).toMatchObject({ limit: 5, gapMs: 0 });
    expect(SDS.rateLimit).toMatchObject({ limit: 5, gapMs: 200 });
    expect(SSP.rateLimit).toBeUndefined();
  });

  it("are read from the environment", () => {
    const config = readConfig({ PDS_MAX_RPS: "40", SDS_MAX_RPS: "7", PRACTICE_MAX_CONCURRENCY: "3" });
    const { PDS, SDS, SSP } = servicePolicies(config);
    expect([PDS.rateLimit?.limit, SDS.rateLimit?.limit, SSP.backends?.maxConcurrency]).toEqual([40, 7, 3]);
    expect(() => readConfig({ PDS_MAX_RPS: "0" })).toThrow("PDS_MAX_RPS");
  });
});
