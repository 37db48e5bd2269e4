import type { TrafficCall } from "../../src/platform/traffic/index.js";
import {
  aCall,
  attempts,
  eitherDown,
  lasting,
  practiceDown,
  proxyDown,
  refused,
  tooMany,
  toPractice,
  traffic,
  upstreamError,
} from "./traffic-support.js";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

type Roads = ReturnType<typeof traffic>;

/** Makes calls of one attempt each, one after another. */
async function make(roads: Roads, count: number, call: () => TrafficCall, end: string | Error) {
  for (let made = 0; made < count; made++) {
    await roads.run({ ...call(), maxRepeats: 0 }, attempts<string>(end)).catch(() => {});
  }
}

/** What a call is told now, `sent` when it is let through. */
async function told(roads: Roads, call: TrafficCall): Promise<string> {
  return roads.run(call, attempts("sent")).catch(({ code, service, reason, retryable, outcomeUnknown }) => {
    expect([code, reason, retryable, outcomeUnknown]).toEqual([
      "UPSTREAM_UNAVAILABLE",
      "CIRCUIT_OPEN",
      true,
      false,
    ]);
    return `${service} is open`;
  });
}

const pds = () => aCall();
const down = () => upstreamError({ httpStatus: 503 });

describe("a service's circuit", () => {
  it("opens at half of twenty attempts in ten seconds, and no sooner", async () => {
    const roads = traffic();
    await make(roads, 10, pds, "done");
    await make(roads, 9, pds, down());
    expect(await told(roads, pds())).toBe("sent");
    // 11 good, 9 bad; the next two make it 11 of 22.
    await make(roads, 1, pds, down());
    expect(await told(roads, { ...pds() })).toBe("sent");
    await make(roads, 2, pds, down());
    expect(await told(roads, pds())).toBe("PDS is open");
  });

  it("stays closed below twenty attempts", async () => {
    const roads = traffic();
    await make(roads, 19, pds, down());
    expect(await told(roads, pds())).toBe("sent");
  });

  it("forgets what is older than ten seconds", async () => {
    const roads = traffic();
    await make(roads, 19, pds, down());
    await jest.advanceTimersByTimeAsync(10_001);
    await make(roads, 19, pds, down());
    expect(await told(roads, pds())).toBe("sent");
  });

  it.each([
    ["4xx", refused()],
    ["429", tooMany({ retryAfterMs: 0 })],
    ["content that cannot be used", upstreamError({ code: "UPSTREAM_BAD_RESPONSE", httpStatus: 200 })],
    ["501", upstreamError({ httpStatus: 501 })],
    ["a fault of our own", new Error("disk full")],
  ])("does not count %s", async (_name, end) => {
    const roads = traffic();
    await make(roads, 40, pds, end);
    expect(await told(roads, pds())).toBe("sent");
  });

  it.each([
    ["503", down()],
    ["500", upstreamError({ httpStatus: 500 })],
    ["504", upstreamError({ httpStatus: 504, code: "UPSTREAM_TIMEOUT" })],
    ["silence", upstreamError({ code: "UPSTREAM_TIMEOUT", outcomeUnknown: true })],
    ["a refused connection", upstreamError()],
    ["a failure of TLS", upstreamError({ retryable: false })],
  ])("counts %s", async (_name, end) => {
    const roads = traffic();
    await make(roads, 20, pds, end);
    expect(await told(roads, pds())).toBe("PDS is open");
  });

  it("opens for no other service", async () => {
    const roads = traffic();
    await make(roads, 20, pds, down());
    expect(await told(roads, aCall({ service: "SDS" }))).toBe("sent");
    expect(await told(roads, aCall({ service: "TOKEN" }))).toBe("sent");
  });

  it("counts the attempts of writes too, and a repeat as an attempt", async () => {
    const roads = traffic();
    await make(roads, 14, () => aCall({ purpose: "write" }), down());
    const calls = [1, 2].map(() => roads.run(pds(), attempts<string>(down())).catch(() => {}));
    await jest.advanceTimersByTimeAsync(5_000);
    await Promise.all(calls);
    expect(await told(roads, pds())).toBe("PDS is open");
  });
});

describe("an open circuit", () => {
  async function opened(): Promise<Roads> {
    const roads = traffic();
    await make(roads, 20, pds, down());
    return roads;
  }

  it("lets one probe through after five seconds, and closes when it is answered", async () => {
    const roads = await opened();
    await jest.advanceTimersByTimeAsync(4_999);
    expect(await told(roads, pds())).toBe("PDS is open");
    await jest.advanceTimersByTimeAsync(1);
    const probe = roads.run(pds(), lasting(100, "done"));
    // Nobody waits for the probe.
    expect(await told(roads, pds())).toBe("PDS is open");
    await jest.advanceTimersByTimeAsync(100);
    await expect(probe).resolves.toBe("done");
    expect(await told(roads, pds())).toBe("sent");
  });

  it("starts afresh once closed", async () => {
    const roads = await opened();
    await jest.advanceTimersByTimeAsync(5_000);
    expect(await told(roads, pds())).toBe("sent");
    await make(roads, 9, pds, down());
    expect(await told(roads, pds())).toBe("sent");
  });

  it("closes when the probe brings an answer that does not count", async () => {
    const roads = await opened();
    await jest.advanceTimersByTimeAsync(5_000);
    await make(roads, 1, pds, refused());
    expect(await told(roads, pds())).toBe("sent");
  });

  it("rests another five seconds after a probe that failed", async () => {
    const roads = await opened();
    await jest.advanceTimersByTimeAsync(5_000);
    await make(roads, 1, pds, down());
    await jest.advanceTimersByTimeAsync(4_999);
    expect(await told(roads, pds())).toBe("PDS is open");
    await jest.advanceTimersByTimeAsync(1);
    expect(await told(roads, pds())).toBe("sent");
  });

  it("is not kept open by the length of a probe", async () => {
    const roads = await opened();
    await jest.advanceTimersByTimeAsync(5_000);
    void roads.run(aCall({ maxRepeats: 0 }), lasting(8_000, down())).catch(() => {});
    await jest.advanceTimersByTimeAsync(8_000);
    expect(await told(roads, pds())).toBe("sent");
  });

  it("sends another probe at once after one that was called off", async () => {
    const roads = await opened();
    await jest.advanceTimersByTimeAsync(5_000);
    const client = new AbortController();
    const probe = roads.run(aCall({ signal: client.signal }), lasting(200, upstreamError()));
    client.abort();
    const end = expect(probe).rejects.toThrow();
    await jest.advanceTimersByTimeAsync(200);
    await end;
    await make(roads, 1, pds, down());
    expect(await told(roads, pds())).toBe("PDS is open");
  });

  it("is never probed with a write", async () => {
    const roads = await opened();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(await told(roads, aCall({ purpose: "write" }))).toBe("PDS is open");
    expect(await told(roads, pds())).toBe("sent");
    expect(await told(roads, aCall({ purpose: "write" }))).toBe("sent");
  });

  it("asks for no token", async () => {
    const roads = await opened();
    const prepare = jest.fn(async () => {});
    expect(await told(roads, aCall({ prepare }))).toBe("PDS is open");
    expect(prepare).not.toHaveBeenCalled();
  });
});

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

it("a read that its own request cut short counts only when it had a fair chance", async () => {
  const cutShort = async (afterMs: number) => {
    const roads = traffic();
    for (let made = 0; made < 20; made++) {
      const client = new AbortController();
      void roads.run(aCall({ signal: client.signal }), lasting(afterMs, upstreamError())).catch(() => {});
      setTimeout(() => client.abort(), afterMs - 1);
    }
    await jest.advanceTimersByTimeAsync(afterMs);
    return told(roads, pds());
  };
  expect(await cutShort(2_900)).toBe("sent");
  expect(await cutShort(3_100)).toBe("PDS is open");
});
