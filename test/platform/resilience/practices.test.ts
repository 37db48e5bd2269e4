import { createPipeline } from "../../support/pipelines.js";
import {
  attempts,
  eitherDown,
  make,
  practiceDown,
  proxyDown,
  refused,
  told,
  tooMany,
  toPractice,
} from "./resilience-harness.js";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe("a practice's circuit breaker", () => {
  const practice = () => toPractice("T81001");

  it("opens after five failures in a row, for this practice only", async () => {
    const resilience = createPipeline();
    await make(resilience, 4, practice, practiceDown());
    expect(await told(resilience, practice())).toBe("sent");
    await make(resilience, 5, practice, practiceDown());
    expect(await told(resilience, practice())).toBe("PROVIDER is open");
    expect(await told(resilience, toPractice("T81002"))).toBe("sent");
  });

  it("ignores 4xx and 429 responses", async () => {
    const resilience = createPipeline();
    for (const end of [practiceDown(), refused(), tooMany({ service: "PROVIDER", retryAfterMs: 0 })]) {
      await make(resilience, 4, practice, end);
    }
    await make(resilience, 1, practice, practiceDown());
    expect(await told(resilience, practice())).toBe("PROVIDER is open");
  });

  it("counts a failing call once, however often it is retried", async () => {
    const resilience = createPipeline();
    const calls = [1, 2, 3, 4].map(() =>
      resilience.run(practice(), attempts<string>(practiceDown())).catch(() => {}),
    );
    await jest.advanceTimersByTimeAsync(5_000);
    await Promise.all(calls);
    expect(await told(resilience, practice())).toBe("sent");
  });

  it("never opens the proxy's circuit breaker, however many practices fail", async () => {
    const resilience = createPipeline();
    for (let index = 0; index < 50; index++) {
      await make(resilience, 5, () => toPractice(`T8${1000 + index}`), practiceDown());
    }
    expect(await told(resilience, toPractice("B82001"))).toBe("sent");
  });

  it("opens after each failed probe while the practice is down, and starts afresh when it is up", async () => {
    const resilience = createPipeline();
    await make(resilience, 5, practice, practiceDown());
    for (const _round of [1, 2, 3]) {
      await jest.advanceTimersByTimeAsync(5_000);
      await make(resilience, 1, practice, practiceDown());
      expect(await told(resilience, practice())).toBe("PROVIDER is open");
    }
    await jest.advanceTimersByTimeAsync(5_000);
    expect(await told(resilience, practice())).toBe("sent");
    await make(resilience, 4, practice, practiceDown());
    expect(await told(resilience, practice())).toBe("sent");
  });
});

it("lets a practice be probed again after the proxy's circuit breaker has rejected its probe", async () => {
  const resilience = createPipeline();
  await make(resilience, 5, () => toPractice("T81001"), practiceDown());
  await jest.advanceTimersByTimeAsync(5_000);
  // The proxy fails after the call was admitted, and before it is sent.
  const prepare = () => make(resilience, 20, () => toPractice("T81002"), proxyDown());
  expect(await told(resilience, toPractice("T81001", { prepare }))).toBe("SSP is open");
  await jest.advanceTimersByTimeAsync(5_000);
  expect(await told(resilience, toPractice("T81001"))).toBe("sent");
});

describe("a failure behind the proxy", () => {
  const spread = (index: number) => toPractice(`T8${1000 + index}`);

  it("of the proxy itself opens the proxy's circuit breaker, and no practice's", async () => {
    const resilience = createPipeline();
    await make(resilience, 20, () => toPractice("T81001"), proxyDown());
    expect(await told(resilience, toPractice("T81002"))).toBe("SSP is open");
    await jest.advanceTimersByTimeAsync(5_000);
    expect(await told(resilience, toPractice("T81001"))).toBe("sent");
  });

  it("by silence counts against the practice, while the proxy returns other practices' responses", async () => {
    const resilience = createPipeline();
    expect(await told(resilience, toPractice("B82001"))).toBe("sent");
    for (let index = 0; index < 30; index++) await make(resilience, 4, () => spread(index), eitherDown());
    expect(await told(resilience, toPractice("B82001"))).toBe("sent");
    await make(resilience, 1, () => spread(0), eitherDown());
    expect(await told(resilience, spread(0))).toBe("PROVIDER is open");
  });

  it("by silence counts against the proxy too, when it returns no responses at all", async () => {
    const resilience = createPipeline();
    expect(await told(resilience, toPractice("B82001"))).toBe("sent");
    await jest.advanceTimersByTimeAsync(10_000);
    for (let index = 0; index < 5; index++) await make(resilience, 4, () => spread(index), eitherDown(503));
    expect(await told(resilience, toPractice("B82001"))).toBe("SSP is open");
  });
});
