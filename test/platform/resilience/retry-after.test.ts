import { retryAfterMs } from "../../../src/platform/http/retry-after.js";
import { statusToError } from "../../../src/upstreams/upstream-failures.js";
import { TestClock } from "../../support/call-context.js";
import { createPipeline } from "../../support/pipelines.js";
import {
  aCall,
  attempts,
  deadline,
  endOf,
  tooMany,
  toPractice,
  upstreamError,
} from "./resilience-harness.js";

describe("the delay that response headers ask for", () => {
  const clock = new TestClock(Date.parse("2026-11-23T09:00:00Z"));

  it.each([
    [{ "retry-after": "2" }, 2_000],
    [{ "retry-after": "0" }, 0],
    [{ "retry-after": " 7 " }, 7_000],
    [{ "retry-after": "Mon, 23 Nov 2026 09:00:30 GMT" }, 30_000],
    [{ "retry-after": "Mon, 23 Nov 2026 08:59:00 GMT" }, 0],
    [{ "retry-after": "Mon, 23 Nov 2026 12:00:05 GMT", date: "Mon, 23 Nov 2026 12:00:00 GMT" }, 5_000],
    [{ "x-rate-limit-reset": "3" }, 3_000],
    [{ "x-rate-limit-reset": "0.25" }, 250],
    [{ "x-rate-limit-reset": `${Date.parse("2026-11-23T09:00:04Z") / 1000}` }, 4_000],
    [{ "retry-after": "1", "x-rate-limit-reset": "3" }, 3_000],
    [{ "retry-after": "soon" }, undefined],
    [{ "retry-after": "-5" }, undefined],
    [{ "retry-after": "" }, undefined],
    [{}, undefined],
  ])("%j is %p ms", (headers, expected) => {
    expect(retryAfterMs(headers as Record<string, string>, clock)).toBe(expected);
  });

  it.each([
    [429, 2_000],
    [503, 2_000],
    [500, undefined],
    [404, undefined],
  ])("is used with status %d: %p", (status, expected) => {
    const error = statusToError(status, "PDS", undefined, { headers: { "retry-after": "2" } });
    expect(error.retryAfterMs).toBe(expected);
  });
});

describe("a service that asks for a pause", () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const overloaded = (retryAfter: number) => upstreamError({ httpStatus: 503, retryAfterMs: retryAfter });

  /** Makes one call that fails, then others at once; returns when each was sent. */
  async function sentAfter(error: Error, calls: ReturnType<typeof aCall>[], resilience = createPipeline()) {
    const startedAt = performance.now();
    const sent = calls.map(() => -1);
    await resilience
      .run({ ...(calls[0] ?? aCall()), maxRetries: 0 }, attempts<string>(error))
      .catch(() => {});
    const ends = calls.map((call, index) =>
      resilience.run(call, async () => {
        sent[index] = performance.now() - startedAt;
      }),
    );
    await jest.advanceTimersByTimeAsync(600_000);
    await Promise.all(ends);
    return sent;
  }

  it.each([
    ["429 with Retry-After", tooMany({ retryAfterMs: 3_000 }), 3_000],
    ["503 with Retry-After", overloaded(3_000), 3_000],
    ["429 without a delay", tooMany(), 1_000],
    ["503 without a delay", upstreamError({ httpStatus: 503 }), 0],
    ["429 with no delay", tooMany({ retryAfterMs: 0 }), 0],
    ["a request for a whole day", tooMany({ retryAfterMs: 86_400_000 }), 300_000],
  ])("is not called during the pause: %s", async (_name, error, expected) => {
    const sent = await sentAfter(error, [aCall(), aCall({ purpose: "write" }), aCall({ service: "SDS" })]);
    expect(sent).toEqual([expected, expected, 0]);
  });

  it("is not called during the longest of several pauses", async () => {
    const resilience = createPipeline();
    const ends = [5_000, 1_000].map((retryAfterMs) =>
      resilience.run(aCall({ maxRetries: 0 }), attempts<string>(tooMany({ retryAfterMs }))).catch(() => {}),
    );
    await Promise.all(ends);
    const send = attempts("done");
    void resilience.run(aCall(), send);
    await jest.advanceTimersByTimeAsync(4_999);
    expect(send).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1);
    expect(send).toHaveBeenCalledTimes(1);
  });

  it("gets a retry when the pause is over, and not before", async () => {
    const at: number[] = [];
    const once = attempts<string>(tooMany({ retryAfterMs: 2_000 }), "done");
    const end = createPipeline().run(aCall({ signal: deadline(10_000) }), () => {
      at.push(performance.now());
      return once();
    });
    expect(await endOf(end)).toBe("done");
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBe(2_000);
  });

  it("gets no retry when the pause outlasts the request", async () => {
    const send = attempts<string>(tooMany({ retryAfterMs: 20_000 }), "done");
    const end = await endOf(createPipeline().run(aCall({ signal: deadline(10_000) }), send), 0);
    expect(end).toMatchObject({ code: "UPSTREAM_RATE_LIMITED", httpStatus: 429, retryAfterMs: 20_000 });
    expect(send).toHaveBeenCalledTimes(1);
  });

  it("rejects a call at once when the pause outlasts the request", async () => {
    const resilience = createPipeline();
    await endOf(
      resilience.run(aCall({ maxRetries: 0 }), attempts<string>(tooMany({ retryAfterMs: 20_000 }))),
      0,
    );
    const send = attempts("done");
    expect(await endOf(resilience.run(aCall({ signal: deadline(10_000) }), send), 0)).toMatchObject({
      code: "UPSTREAM_RATE_LIMITED",
      service: "PDS",
      reason: "ASKED_TO_PAUSE",
      retryable: true,
      outcomeUnknown: false,
      retryAfterMs: 20_000,
    });
    expect(send).not.toHaveBeenCalled();
  });

  describe("behind a proxy", () => {
    const [first, second] = ["T81001", "T81002"];
    const limited = (details: object) => tooMany({ retryAfterMs: 3_000, ...details });
    const calls = () => [toPractice(first), toPractice(second)];

    it("a pause of a practice holds for that practice only", async () => {
      expect(await sentAfter(limited({ service: "PROVIDER" }), calls())).toEqual([3_000, 0]);
    });

    it("a pause of the proxy holds for every practice", async () => {
      expect(await sentAfter(limited({ service: "SSP" }), calls())).toEqual([3_000, 3_000]);
    });

    it("a pause of unknown origin holds for the practice only, while the proxy returns other responses", async () => {
      const resilience = createPipeline();
      const either = limited({ service: "SSP", originUnsure: true });
      expect(await sentAfter(either, calls())).toEqual([3_000, 3_000]);
      await resilience.run(toPractice(second), attempts("done"));
      expect(await sentAfter(either, calls(), resilience)).toEqual([3_000, 0]);
    });
  });
});
