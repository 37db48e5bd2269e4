import {
  PrimaryRateLimiter,
  PrimaryRateLimits,
} from "../../../src/platform/resilience/primary-rate-limit.js";
import { rateLimitPerSecond } from "../../../src/platform/resilience/rate-limit.js";

beforeEach(() => jest.useFakeTimers({ now: 0 }));
afterEach(() => jest.useRealTimers());

test("workers take the permits of one limit, and another limit has its own", () => {
  const limits = new PrimaryRateLimits();
  const limit = rateLimitPerSecond(2);

  expect([limits.take("one", limit), limits.take("one", limit)]).toEqual([0, 0]);
  expect(limits.take("one", limit)).toBeGreaterThan(0);
  expect(limits.take("other", limit)).toBe(0);
});

test("a permit that took longer to arrive than the limit's guard is given up", async () => {
  let delayMs = 40;
  const limiter = new PrimaryRateLimiter(
    () => new Promise((resolve) => void setTimeout(() => resolve(0), delayMs)),
  );

  const prompt = limiter.take();
  await jest.advanceTimersByTimeAsync(delayMs);
  expect(await prompt).toBe(0);

  delayMs = 60;
  const stale = limiter.take();
  await jest.advanceTimersByTimeAsync(delayMs);
  expect(await stale).toBeGreaterThan(0);
});

test("without its primary a worker sends nothing", async () => {
  const limiter = new PrimaryRateLimiter(() => Promise.reject(new Error("gone")));

  expect(await limiter.take()).toBeGreaterThan(0);
});
