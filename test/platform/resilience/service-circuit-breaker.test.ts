import type { ResiliencePipeline } from "../../../src/platform/resilience/index.js";
import { createPipeline } from "../../support/pipelines.js";
import {
  aCall,
  attempts,
  lasting,
  make,
  refused,
  told,
  tooMany,
  upstreamError,
} from "./resilience-harness.js";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const pds = () => aCall();
const down = () => upstreamError({ httpStatus: 503 });

describe("a service's circuit breaker", () => {
  it("opens at half of twenty attempts in ten seconds, and not before", async () => {
    const resilience = createPipeline();
    await make(resilience, 10, pds, "done");
    await make(resilience, 9, pds, down());
    expect(await told(resilience, pds())).toBe("sent");
    // 11 good, 9 bad; the next two make it 11 of 22.
    await make(resilience, 1, pds, down());
    expect(await told(resilience, { ...pds() })).toBe("sent");
    await make(resilience, 2, pds, down());
    expect(await told(resilience, pds())).toBe("PDS is open");
  });

  it("stays closed below twenty attempts", async () => {
    const resilience = createPipeline();
    await make(resilience, 19, pds, down());
    expect(await told(resilience, pds())).toBe("sent");
  });

  it("ignores attempts older than ten seconds", async () => {
    const resilience = createPipeline();
    await make(resilience, 19, pds, down());
    await jest.advanceTimersByTimeAsync(10_001);
    await make(resilience, 19, pds, down());
    expect(await told(resilience, pds())).toBe("sent");
  });

  it.each([
    ["4xx", refused()],
    ["429", tooMany({ retryAfterMs: 0 })],
    ["a response that cannot be used", upstreamError({ code: "UPSTREAM_BAD_RESPONSE", httpStatus: 200 })],
    ["501", upstreamError({ httpStatus: 501 })],
    ["a fault of our own", new Error("disk full")],
  ])("does not count %s", async (_name, end) => {
    const resilience = createPipeline();
    await make(resilience, 40, pds, end);
    expect(await told(resilience, pds())).toBe("sent");
  });

  it.each([
    ["503", down()],
    ["500", upstreamError({ httpStatus: 500 })],
    ["504", upstreamError({ httpStatus: 504, code: "UPSTREAM_TIMEOUT" })],
    ["silence", upstreamError({ code: "UPSTREAM_TIMEOUT", outcomeUnknown: true })],
    ["a refused connection", upstreamError()],
    ["a TLS failure", upstreamError({ retryable: false })],
  ])("counts %s", async (_name, end) => {
    const resilience = createPipeline();
    await make(resilience, 20, pds, end);
    expect(await told(resilience, pds())).toBe("PDS is open");
  });

  it("does not open for another service", async () => {
    const resilience = createPipeline();
    await make(resilience, 20, pds, down());
    expect(await told(resilience, aCall({ service: "SDS" }))).toBe("sent");
    expect(await told(resilience, aCall({ service: "TOKEN" }))).toBe("sent");
  });

  it("counts writes, and each retry as an attempt", async () => {
    const resilience = createPipeline();
    await make(resilience, 14, () => aCall({ purpose: "write" }), down());
    const calls = [1, 2].map(() => resilience.run(pds(), attempts<string>(down())).catch(() => {}));
    await jest.advanceTimersByTimeAsync(5_000);
    await Promise.all(calls);
    expect(await told(resilience, pds())).toBe("PDS is open");
  });
});

describe("an open circuit breaker", () => {
  async function opened(): Promise<ResiliencePipeline> {
    const resilience = createPipeline();
    await make(resilience, 20, pds, down());
    return resilience;
  }

  it("lets one probe through after five seconds, and closes when it succeeds", async () => {
    const resilience = await opened();
    await jest.advanceTimersByTimeAsync(4_999);
    expect(await told(resilience, pds())).toBe("PDS is open");
    await jest.advanceTimersByTimeAsync(1);
    const probe = resilience.run(pds(), lasting(100, "done"));
    // Nobody waits for the probe.
    expect(await told(resilience, pds())).toBe("PDS is open");
    await jest.advanceTimersByTimeAsync(100);
    await expect(probe).resolves.toBe("done");
    expect(await told(resilience, pds())).toBe("sent");
  });

  it("starts to count afresh once it is closed", async () => {
    const resilience = await opened();
    await jest.advanceTimersByTimeAsync(5_000);
    expect(await told(resilience, pds())).toBe("sent");
    await make(resilience, 9, pds, down());
    expect(await told(resilience, pds())).toBe("sent");
  });

  it("closes when the probe gets a 4xx response", async () => {
    const resilience = await opened();
    await jest.advanceTimersByTimeAsync(5_000);
    await make(resilience, 1, pds, refused());
    expect(await told(resilience, pds())).toBe("sent");
  });

  it("waits another five seconds after a failed probe", async () => {
    const resilience = await opened();
    await jest.advanceTimersByTimeAsync(5_000);
    await make(resilience, 1, pds, down());
    await jest.advanceTimersByTimeAsync(4_999);
    expect(await told(resilience, pds())).toBe("PDS is open");
    await jest.advanceTimersByTimeAsync(1);
    expect(await told(resilience, pds())).toBe("sent");
  });

  it("counts the wait from the start of a slow probe", async () => {
    const resilience = await opened();
    await jest.advanceTimersByTimeAsync(5_000);
    void resilience.run(aCall({ maxRetries: 0 }), lasting(8_000, down())).catch(() => {});
    await jest.advanceTimersByTimeAsync(8_000);
    expect(await told(resilience, pds())).toBe("sent");
  });

  it("sends another probe at once after an aborted one", async () => {
    const resilience = await opened();
    await jest.advanceTimersByTimeAsync(5_000);
    const client = new AbortController();
    const probe = resilience.run(aCall({ signal: client.signal }), lasting(200, upstreamError()));
    client.abort();
    const end = expect(probe).rejects.toThrow();
    await jest.advanceTimersByTimeAsync(200);
    await end;
    await make(resilience, 1, pds, down());
    expect(await told(resilience, pds())).toBe("PDS is open");
  });

  it("is never probed with a write", async () => {
    const resilience = await opened();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(await told(resilience, aCall({ purpose: "write" }))).toBe("PDS is open");
    expect(await told(resilience, pds())).toBe("sent");
    expect(await told(resilience, aCall({ purpose: "write" }))).toBe("sent");
  });

  it("rejects a call before it requests a token", async () => {
    const resilience = await opened();
    const prepare = jest.fn(async () => {});
    expect(await told(resilience, aCall({ prepare }))).toBe("PDS is open");
    expect(prepare).not.toHaveBeenCalled();
  });
});

it("an aborted read counts as a failure only after the time in which a response was due", async () => {
  const cutShort = async (afterMs: number) => {
    const resilience = createPipeline();
    for (let made = 0; made < 20; made++) {
      const client = new AbortController();
      void resilience
        .run(aCall({ signal: client.signal }), lasting(afterMs, upstreamError()))
        .catch(() => {});
      setTimeout(() => client.abort(), afterMs - 1);
    }
    await jest.advanceTimersByTimeAsync(afterMs);
    return told(resilience, pds());
  };
  expect(await cutShort(2_900)).toBe("sent");
  expect(await cutShort(3_100)).toBe("PDS is open");
});
