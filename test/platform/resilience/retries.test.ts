import type { UpstreamErrorDetails } from "../../../src/platform/errors.js";
import type { CalledService } from "../../../src/upstreams/policies.js";
import { createPipeline, passThrough } from "../../support/pipelines.js";
import {
  aCall,
  attempts,
  deadline,
  endOf,
  lasting,
  practiceDown,
  refused,
  tooMany,
  toPractice,
  upstreamError,
} from "./resilience-harness.js";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** How many attempts a read makes that always fails so. */
async function attemptsOf(service: CalledService, details: Partial<UpstreamErrorDetails>, purpose = "read") {
  const send = attempts<string>(upstreamError(details));
  const call = aCall({
    service,
    purpose: purpose as "read" | "write",
    target: service === "SSP" ? "T81001" : null,
  });
  await endOf(createPipeline().run(call, send));
  return send.mock.calls.length;
}

describe("the attempts of a read", () => {
  const silence = { code: "UPSTREAM_TIMEOUT", outcomeUnknown: true } as const;
  const rows: [name: string, details: Partial<UpstreamErrorDetails>, made: Record<CalledService, number>][] =
    [
      ["refused, reset, no name", {}, { PDS: 3, TOKEN: 3, SDS: 4, SSP: 4, VM: 4 }],
      ["silence", silence, { PDS: 2, TOKEN: 2, SDS: 2, SSP: 2, VM: 2 }],
      ["TLS", { retryable: false }, { PDS: 1, TOKEN: 1, SDS: 1, SSP: 1, VM: 1 }],
      ["408", code(408), { PDS: 3, TOKEN: 3, SDS: 1, SSP: 1, VM: 1 }],
      ["429", code(429), { PDS: 3, TOKEN: 3, SDS: 4, SSP: 4, VM: 4 }],
      ["444", code(444), { PDS: 1, TOKEN: 1, SDS: 1, SSP: 4, VM: 1 }],
      ["500", code(500), { PDS: 3, TOKEN: 3, SDS: 2, SSP: 2, VM: 1 }],
      ["501", code(501), { PDS: 1, TOKEN: 1, SDS: 1, SSP: 1, VM: 1 }],
      ["502", code(502), { PDS: 3, TOKEN: 3, SDS: 4, SSP: 4, VM: 4 }],
      ["503", code(503), { PDS: 3, TOKEN: 3, SDS: 4, SSP: 4, VM: 4 }],
      ["504", code(504), { PDS: 3, TOKEN: 3, SDS: 4, SSP: 4, VM: 4 }],
      ["520", code(520), { PDS: 3, TOKEN: 3, SDS: 2, SSP: 2, VM: 1 }],
      ["599", code(599), { PDS: 3, TOKEN: 3, SDS: 4, SSP: 4, VM: 4 }],
      ...[302, 400, 401, 403, 404, 405, 409, 410, 412, 415, 422, 495].map((status): (typeof rows)[number] => [
        `${status}`,
        code(status),
        { PDS: 1, TOKEN: 1, SDS: 1, SSP: 1, VM: 1 },
      ]),
      ["bad content", { ...code(200), retryable: false }, { PDS: 1, TOKEN: 1, SDS: 1, SSP: 1, VM: 1 }],
      [
        "an oversized response",
        { code: "UPSTREAM_BAD_RESPONSE", retryable: false },
        { PDS: 1, TOKEN: 1, SDS: 1, SSP: 1, VM: 1 },
      ],
      [
        "a changed address",
        { ...code(400), reason: "ENDPOINT_CHANGED", retryable: true },
        { PDS: 1, TOKEN: 1, SDS: 1, SSP: 1, VM: 1 },
      ],
    ];

  /** The code as `statusToError` gives it. */
  function code(httpStatus: number): Partial<UpstreamErrorDetails> {
    if (httpStatus === 504 || httpStatus === 599) return { httpStatus, code: "UPSTREAM_TIMEOUT" };
    if (httpStatus >= 500) return { httpStatus, code: "UPSTREAM_UNAVAILABLE", retryable: httpStatus !== 501 };
    if (httpStatus === 429) return { httpStatus, code: "UPSTREAM_RATE_LIMITED" };
    if (httpStatus < 300) return { httpStatus, code: "UPSTREAM_BAD_RESPONSE" };
    return { httpStatus, code: "UPSTREAM_REFUSED", retryable: httpStatus === 408 || httpStatus === 444 };
  }

  it.each(rows)("%s", async (_name, details, made) => {
    for (const service of ["PDS", "TOKEN", "SDS", "SSP", "VM"] as const) {
      expect([service, await attemptsOf(service, details)]).toEqual([service, made[service]]);
    }
  });

  it.each(rows)("%s: a write is sent once", async (_name, details) => {
    for (const service of ["PDS", "SSP"] as const)
      expect(await attemptsOf(service, details, "write")).toBe(1);
  });
});

describe("a retry", () => {
  it("comes after a growing delay with jitter", async () => {
    const gaps: number[][] = [];
    for (let made = 0; made < 30; made++) {
      const at: number[] = [];
      const send = attempts<string>(practiceDown());
      const end = createPipeline().run(toPractice("T81001"), () => {
        at.push(performance.now());
        return send();
      });
      await endOf(end, 5_000);
      gaps.push(at.slice(1).map((each, index) => each - (at[index] ?? 0)));
    }
    const of = (index: number) => gaps.map((each) => each[index] ?? 0);
    expect(Math.min(...of(0))).toBeGreaterThanOrEqual(150);
    expect(Math.max(...of(0))).toBeLessThanOrEqual(302);
    expect(Math.min(...of(1))).toBeGreaterThanOrEqual(300);
    expect(Math.max(...of(2))).toBeLessThanOrEqual(602);
    expect(new Set(of(0)).size).toBeGreaterThan(5);
  });

  it("returns its response, and prepares again", async () => {
    const prepare = jest.fn(async () => {});
    const send = attempts<string>(
      upstreamError({ httpStatus: 503 }),
      upstreamError({ httpStatus: 502 }),
      "done",
    );
    expect(await endOf(createPipeline().run(aCall({ prepare }), send))).toBe("done");
    expect(send).toHaveBeenCalledTimes(3);
    expect(prepare).toHaveBeenCalledTimes(3);
  });

  it("is made at most as often as the call allows", async () => {
    const send = attempts<string>(upstreamError({ httpStatus: 503 }));
    await endOf(createPipeline().run(aCall({ maxRetries: 1 }), send));
    expect(send).toHaveBeenCalledTimes(2);
  });

  it("has the outcome of the last attempt", async () => {
    const send = attempts<string>(upstreamError({ httpStatus: 503 }), refused({ reason: "GONE_AWAY" }));
    expect(await endOf(createPipeline().run(aCall(), send))).toMatchObject({ reason: "GONE_AWAY" });
  });

  it("is not made after a fault of our own, or without a token", async () => {
    const broken = attempts<string>(new Error("disk full"));
    await expect(createPipeline().run(aCall(), broken)).rejects.toThrow("disk full");
    expect(broken).toHaveBeenCalledTimes(1);
    const prepare = attempts<void>(upstreamError({ httpStatus: 503 }));
    const send = attempts("done");
    await endOf(createPipeline().run(aCall({ prepare }), send));
    expect(prepare).toHaveBeenCalledTimes(1);
    expect(send).not.toHaveBeenCalled();
  });
});

describe("the request's deadline", () => {
  it("allows no retry that does not fit", async () => {
    const send = jest.fn(lasting(900, upstreamError({ httpStatus: 503 })));
    const startedAt = performance.now();
    let endedAt = 0;
    const end = createPipeline()
      .run(aCall({ signal: deadline(2_000) }), send)
      .catch((error) => {
        endedAt = performance.now();
        return error;
      });
    expect(await endOf(end)).toMatchObject({ httpStatus: 503 });
    // 900 ms, a pause of at least 150, and 900 again would be followed by another 900.
    expect(send.mock.calls.length).toBeLessThanOrEqual(2);
    expect(endedAt - startedAt).toBeLessThanOrEqual(2_000);
  });

  it("allows a retry after a time-out only when the whole time-out fits again", async () => {
    const silence = upstreamError({ code: "UPSTREAM_TIMEOUT" });
    const short = jest.fn(lasting(8_000, silence));
    await endOf(createPipeline().run(aCall({ signal: deadline(15_000) }), short));
    expect(short).toHaveBeenCalledTimes(1);
    const long = jest.fn(lasting(8_000, silence));
    await endOf(createPipeline().run(aCall({ signal: deadline(20_000) }), long));
    expect(long).toHaveBeenCalledTimes(2);
  });

  it("a delay between attempts ends when the client goes away", async () => {
    const client = new AbortController();
    const send = attempts<string>(upstreamError({ httpStatus: 503 }));
    const end = createPipeline().run(aCall({ signal: client.signal }), send);
    await jest.advanceTimersByTimeAsync(10);
    client.abort();
    await expect(end).rejects.toMatchObject({ httpStatus: 503 });
    expect(send).toHaveBeenCalledTimes(1);
  });
});

describe("a 401", () => {
  const denied = () => refused({ httpStatus: 401 });

  it("is followed by one attempt with fresh credentials", async () => {
    const [renew, prepare] = [jest.fn(), jest.fn(async () => {})];
    const send = attempts<string>(denied(), "done");
    expect(await endOf(createPipeline().run(aCall({ renew, prepare }), send))).toBe("done");
    expect([renew, prepare, send].map((each) => each.mock.calls.length)).toEqual([1, 2, 2]);
  });

  it("is final the second time", async () => {
    const renew = jest.fn();
    const send = attempts<string>(denied());
    expect(await endOf(createPipeline().run(aCall({ renew }), send))).toMatchObject({ httpStatus: 401 });
    expect([renew, send].map((each) => each.mock.calls.length)).toEqual([1, 2]);
  });
});

describe("the retry budget of a request", () => {
  it("allows one attempt to a destination after all retries failed, until one succeeds", async () => {
    const resilience = createPipeline();
    const request = aCall().signal;
    const ask = async (signal: AbortSignal, odsCode: string, ...ends: (string | Error)[]) => {
      const send = attempts<string | Error>(...ends);
      await endOf(resilience.run(toPractice(odsCode, { signal }), send));
      return send.mock.calls.length;
    };
    expect(await ask(request, "T81001", practiceDown())).toBe(4);
    expect(await ask(request, "T81001", practiceDown())).toBe(1);
    expect(await ask(request, "T81002", practiceDown())).toBe(4);
    expect(await ask(aCall().signal, "T81001", practiceDown())).toBe(4);
    expect(await ask(request, "T81001", "done")).toBe(1);
    expect(await ask(request, "T81001", practiceDown())).toBe(4);
  });
});

it("the pass-through pipeline sends each call at once and once", async () => {
  const prepare = jest.fn(async () => {});
  const send = attempts<string>(tooMany());
  await expect(passThrough.run(aCall({ prepare }), send)).rejects.toMatchObject({ httpStatus: 429 });
  expect([prepare, send].map((each) => each.mock.calls.length)).toEqual([1, 1]);
});
