import type { ResiliencePipeline } from "../../../src/platform/resilience/index.js";
import { createPipeline } from "../../support/pipelines.js";
import { aCall, attempts, deadline, endOf, lasting, practiceDown, toPractice } from "./resilience-harness.js";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const HANG_MS = 8_000;

/** Sends so many calls to each practice, which hold their places until the time-out; returns how many got one. */
async function hang(resilience: ResiliencePipeline, practices: readonly string[], each: number) {
  const held = new Map(practices.map((odsCode) => [odsCode, 0]));
  for (const odsCode of practices) {
    for (let made = 0; made < each; made++) {
      const send = () => {
        held.set(odsCode, (held.get(odsCode) ?? 0) + 1);
        return lasting(HANG_MS, practiceDown())();
      };
      resilience.run(toPractice(odsCode, { maxRetries: 0 }), send).catch(() => {});
    }
  }
  await jest.advanceTimersByTimeAsync(0);
  return held;
}

const names = (count: number) => Array.from({ length: count }, (_, index) => `T8${1000 + index}`);

it("at most eight calls to one practice are in progress", async () => {
  const held = await hang(createPipeline(), ["T81001"], 30);
  expect(held.get("T81001")).toBe(8);
});

it("a hanging practice does not delay calls to another practice", async () => {
  const resilience = createPipeline();
  await hang(resilience, ["T81001"], 150);
  const send = attempts("done");
  for (let made = 0; made < 8; made++) void resilience.run(toPractice("T81002"), send);
  await jest.advanceTimersByTimeAsync(0);
  expect(send).toHaveBeenCalledTimes(8);
});

it.each([8, 30, 100])("%d hanging practices of one search leave places for other requests", async (count) => {
  const resilience = createPipeline();
  const held = await hang(resilience, names(count), 20);
  const out = [...held.values()].reduce((sum, each) => sum + each, 0);
  expect(out).toBeLessThanOrEqual(60);
  const send = attempts("done");
  for (let made = 0; made < 4; made++) {
    void resilience.run(toPractice(`B8200${made}`, { flow: ["ben", "1"] }), send);
  }
  await jest.advanceTimersByTimeAsync(0);
  expect(send).toHaveBeenCalledTimes(4);
});

it("a search over many healthy practices uses nearly every place", async () => {
  const resilience = createPipeline();
  let out = 0;
  let most = 0;
  const send = async () => {
    most = Math.max(most, ++out);
    await lasting(70, "done")();
    out--;
  };
  const ends = names(200).flatMap((odsCode) =>
    Array.from({ length: 6 }, () => resilience.run(toPractice(odsCode), send)),
  );
  const startedAt = performance.now();
  let doneAt = 0;
  void Promise.all(ends).then(() => {
    doneAt = performance.now();
  });
  await jest.advanceTimersByTimeAsync(5_000);
  expect(most).toBe(60);
  // 1200 calls in 60 places of 70 ms are 20 rounds; the last practices' calls need one more.
  expect(doneAt - startedAt).toBe(21 * 70);
});

it("each service has a bulkhead of its own", async () => {
  const resilience = createPipeline({ services: { PDS: { maxConcurrency: 2 } } });
  const slow = jest.fn(lasting(1_000, "done"));
  for (let made = 0; made < 5; made++) void resilience.run(aCall(), slow);
  const other = attempts("done");
  void resilience.run(aCall({ service: "SDS" }), other);
  await jest.advanceTimersByTimeAsync(0);
  expect(slow).toHaveBeenCalledTimes(2);
  expect(other).toHaveBeenCalledTimes(1);
  await jest.advanceTimersByTimeAsync(1_000);
  expect(slow).toHaveBeenCalledTimes(4);
});

it("one practice never fills the bulkhead of the proxy, however small it is", async () => {
  const resilience = createPipeline({ services: { SSP: { maxConcurrency: 4 } } });
  const held = await hang(resilience, ["T81001"], 10);
  expect(held.get("T81001")).toBe(2);
});

it("a call that waits for a practice until its deadline is never sent", async () => {
  const resilience = createPipeline();
  await hang(resilience, ["T81001"], 8);
  const send = attempts("done");
  const end = await endOf(
    resilience.run(toPractice("T81001", { purpose: "write", signal: deadline(2_000) }), send),
  );
  expect(end).toMatchObject({ code: "UPSTREAM_TIMEOUT", service: "PROVIDER", outcomeUnknown: false });
  expect(send).not.toHaveBeenCalled();
});

it("a place is released after every kind of outcome", async () => {
  const resilience = createPipeline({ services: { PDS: { maxConcurrency: 1 } } });
  for (const end of [practiceDown(), new Error("a fault of our own"), "done"]) {
    const made = resilience
      .run(aCall({ maxRetries: 0 }), attempts<string>(end))
      .catch(({ message }) => message);
    await jest.advanceTimersByTimeAsync(0);
    expect(await made).toBe(end instanceof Error ? end.message : end);
  }
});
