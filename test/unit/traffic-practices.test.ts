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
  traffic,
} from "./traffic-support.js";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe("a practice's circuit", () => {
  const practice = () => toPractice("T81001");

  it("opens at five failures in a row, for this practice only", async () => {
    const roads = traffic();
    await make(roads, 4, practice, practiceDown());
    expect(await told(roads, practice())).toBe("sent");
    await make(roads, 5, practice, practiceDown());
    expect(await told(roads, practice())).toBe("PROVIDER is open");
    expect(await told(roads, toPractice("T81002"))).toBe("sent");
  });

  it("is not moved by answers that do not count", async () => {
    const roads = traffic();
    for (const end of [practiceDown(), refused(), tooMany({ service: "PROVIDER", retryAfterMs: 0 })]) {
      await make(roads, 4, practice, end);
    }
    await make(roads, 1, practice, practiceDown());
    expect(await told(roads, practice())).toBe("PROVIDER is open");
  });

  it("is told of a call's failure once, however often the call is repeated", async () => {
    const roads = traffic();
    const calls = [1, 2, 3, 4].map(() =>
      roads.run(practice(), attempts<string>(practiceDown())).catch(() => {}),
    );
    await jest.advanceTimersByTimeAsync(5_000);
    await Promise.all(calls);
    expect(await told(roads, practice())).toBe("sent");
  });

  it("never opens the proxy's, however many practices fail", async () => {
    const roads = traffic();
    for (let index = 0; index < 50; index++) {
      await make(roads, 5, () => toPractice(`T8${1000 + index}`), practiceDown());
    }
    expect(await told(roads, toPractice("B82001"))).toBe("sent");
  });

  it("opens again and again while the practice is down, and the practice is forgotten when it is up", async () => {
    const roads = traffic();
    await make(roads, 5, practice, practiceDown());
    for (const _round of [1, 2, 3]) {
      await jest.advanceTimersByTimeAsync(5_000);
      await make(roads, 1, practice, practiceDown());
      expect(await told(roads, practice())).toBe("PROVIDER is open");
    }
    await jest.advanceTimersByTimeAsync(5_000);
    expect(await told(roads, practice())).toBe("sent");
    await make(roads, 4, practice, practiceDown());
    expect(await told(roads, practice())).toBe("sent");
  });
});

describe("behind the proxy", () => {
  const spread = (index: number) => toPractice(`T8${1000 + index}`);

  it("the proxy's own failures open its circuit, and no practice's", async () => {
    const roads = traffic();
    await make(roads, 20, () => toPractice("T81001"), proxyDown());
    expect(await told(roads, toPractice("T81002"))).toBe("SSP is open");
    await jest.advanceTimersByTimeAsync(5_000);
    expect(await told(roads, toPractice("T81001"))).toBe("sent");
  });

  it("silence is the practice's, while the proxy brings others their answers", async () => {
    const roads = traffic();
    expect(await told(roads, toPractice("B82001"))).toBe("sent");
    for (let index = 0; index < 30; index++) await make(roads, 4, () => spread(index), eitherDown());
    expect(await told(roads, toPractice("B82001"))).toBe("sent");
    await make(roads, 1, () => spread(0), eitherDown());
    expect(await told(roads, spread(0))).toBe("PROVIDER is open");
  });

  it("silence is the proxy's too, when it brings nobody an answer", async () => {
    const roads = traffic();
    expect(await told(roads, toPractice("B82001"))).toBe("sent");
    await jest.advanceTimersByTimeAsync(10_000);
    for (let index = 0; index < 5; index++) await make(roads, 4, () => spread(index), eitherDown(503));
    expect(await told(roads, toPractice("B82001"))).toBe("SSP is open");
  });
});
