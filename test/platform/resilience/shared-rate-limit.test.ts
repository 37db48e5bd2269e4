import { createClient } from "@keyv/redis";
import { type RateLimit, rateLimitPerSecond } from "../../../src/platform/resilience/index.js";
import {
  type ScriptRunner,
  SharedRateLimiter,
  shareOf,
} from "../../../src/platform/resilience/shared-rate-limit.js";
import { describeNeeding } from "../../support/needs.js";
import { createPipeline } from "../../support/pipelines.js";
import { startRedis, type TestRedis } from "../../support/redis.js";
import { aCall } from "./resilience-harness.js";

describe("an instance's share of the rate limit", () => {
  it.each<[RateLimit, number, RateLimit]>([
    [{ limit: 20, windowMs: 1_050, gapMs: 0 }, 4, { limit: 5, windowMs: 1_050, gapMs: 0 }],
    [{ limit: 5, windowMs: 1_050, gapMs: 200 }, 4, { limit: 1, windowMs: 1_050, gapMs: 800 }],
    [{ limit: 5, windowMs: 1_050, gapMs: 0 }, 8, { limit: 1, windowMs: 1_680, gapMs: 0 }],
  ])("of %j among %d", (budget, instances, share) => {
    expect(shareOf(budget, instances)).toEqual(share);
  });
});

describe("a shared rate limiter", () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  let answer: () => Promise<unknown>;
  const asked: (readonly string[])[] = [];
  const runner: ScriptRunner = {
    eval: (_script, keys, args) => {
      asked.push([...keys, ...args]);
      return answer();
    },
  };
  const lost = () => Promise.reject(new Error("ECONNREFUSED"));
  const granted = () => Promise.resolve([0, 2]);
  const rateLimit = rateLimitPerSecond(8);
  const permits = () => new SharedRateLimiter({ runner, name: "PDS", rateLimit });
  const take = async (source: SharedRateLimiter) => {
    const taken = source.take();
    await jest.advanceTimersByTimeAsync(250);
    return taken;
  };

  it("requests each permit under the name of the limit, with a distinct member", async () => {
    answer = granted;
    asked.length = 0;
    const source = permits();
    expect([await take(source), await take(source)]).toEqual([0, 0]);
    const [first, second] = asked;
    expect(first?.slice(0, 5)).toEqual([
      "spine-graph:budget:{PDS}:sent",
      "spine-graph:budget:{PDS}:instances",
      "8",
      "1050",
      "0",
    ]);
    expect(first?.[5]).not.toBe(second?.[5]);
    expect(first?.[6]).toBe(second?.[6]);
  });

  it("returns how long to wait", async () => {
    answer = () => Promise.resolve([340, 1]);
    expect(await take(permits())).toBe(340);
  });

  it.each([
    ["fails", lost],
    ["hangs", () => new Promise(() => {})],
    ["returns something else", () => Promise.resolve("OK")],
  ])("continues with its share when Redis %s", async (_how, broken) => {
    answer = broken;
    const source = permits();
    // Silence for a window, since nobody knows what the others sent; then 8 divided by 4.
    expect(await take(source)).toBeGreaterThan(500);
    await jest.advanceTimersByTimeAsync(1_050);
    expect([await take(source), await take(source)]).toEqual([0, 0]);
    expect(await take(source)).toBeGreaterThan(0);
  });

  /** Granted, but so long after the request. */
  const grantedAfter = (ms: number) => () =>
    new Promise((resolve) => void setTimeout(() => resolve([0, 2]), ms));

  it("gives up a permit that took longer to arrive than the guard of the limit", async () => {
    const source = permits();
    answer = grantedAfter(40);
    expect(await take(source)).toBe(0);
    answer = grantedAfter(60);
    expect(await take(source)).toBeGreaterThan(0);
    answer = granted;
    expect(await take(source)).toBe(0);
  });

  it("continues with its share while permits are always late, so that calls are still sent", async () => {
    answer = grantedAfter(60);
    const source = permits();
    let sent = 0;
    for (let tries = 0; tries < 40; tries += 1) if ((await take(source)) === 0) sent += 1;
    // Ten seconds, of which one window is silent: two permits in each of the others, at most.
    expect(sent).toBeGreaterThan(8);
    expect(sent).toBeLessThanOrEqual(20);
  });

  it("divides the limit by the number of instances last seen", async () => {
    answer = () => Promise.resolve([0, 8]);
    const source = permits();
    await take(source);
    answer = lost;
    await take(source);
    await jest.advanceTimersByTimeAsync(1_050);
    expect(await take(source)).toBe(0);
    expect(await take(source)).toBeGreaterThan(0);
  });

  it("does not call a lost Redis for every permit", async () => {
    answer = lost;
    const source = permits();
    await source.take();
    asked.length = 0;
    for (let made = 0; made < 20; made++) await source.take();
    expect(asked).toHaveLength(0);
  });

  it("grants no permit for one window after Redis is back", async () => {
    answer = lost;
    const source = permits();
    await take(source);
    await jest.advanceTimersByTimeAsync(1_050);
    expect(await source.take()).toBe(0);
    answer = granted;
    await jest.advanceTimersByTimeAsync(1_000);
    expect(await source.take()).toBe(50);
    await jest.advanceTimersByTimeAsync(50);
    expect(await source.take()).toBe(0);
  });
});

describeNeeding("redis-server", "a rate limit in Redis", () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  const clients: { destroy(): void }[] = [];
  afterEach(() => {
    for (const client of clients.splice(0)) client.destroy();
  });

  /** One more instance of the program, with a connection of its own. */
  async function anInstance(name: string, rateLimit: RateLimit) {
    const client = createClient({ url: redis.url, disableOfflineQueue: true });
    client.on("error", () => {});
    clients.push(client);
    await client.connect();
    const runner: ScriptRunner = {
      eval: (script, keys, args) => client.eval(script, { keys: [...keys], arguments: [...args] }),
    };
    const services = { PDS: { maxConcurrency: 64, rateLimit } };
    return createPipeline({
      services,
      createRateLimiter: () => new SharedRateLimiter({ runner, name, rateLimit }),
    });
  }

  it("is never exceeded by three instances together, and is used fully", async () => {
    const rateLimit = { limit: 10, windowMs: 300, gapMs: 0 };
    const instances = await Promise.all([1, 2, 3].map(() => anInstance("together", rateLimit)));
    const sentAt: number[] = [];
    const startedAt = performance.now();
    await Promise.all(
      instances.flatMap((resilience) =>
        Array.from({ length: 20 }, () =>
          resilience.run(aCall(), async () => void sentAt.push(performance.now())),
        ),
      ),
    );
    // Shorter than Redis's, whose answers may take different times to us on a busy machine.
    const window = rateLimit.windowMs / 2;
    const counts = sentAt.map((start) => sentAt.filter((at) => at >= start && at < start + window).length);
    expect(Math.max(...counts)).toBeLessThanOrEqual(10);
    // 60 calls are six windows' worth.
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(5 * rateLimit.windowMs - 10);
  });

  it("keeps the gap that a spike arrest requires", async () => {
    const rateLimit = { limit: 1_000, windowMs: 1_000, gapMs: 40 };
    const [one, other] = await Promise.all([1, 2].map(() => anInstance("gap", rateLimit)));
    const startedAt = performance.now();
    const send = async () => performance.now();
    await Promise.all([one, other, one, other].map((resilience) => resilience?.run(aCall(), send)));
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(119);
  });

  it("counts each name separately", async () => {
    const rateLimit = { limit: 1, windowMs: 60_000, gapMs: 0 };
    for (const name of ["PDS", "SDS"]) {
      await expect((await anInstance(name, rateLimit)).run(aCall(), async () => name)).resolves.toBe(name);
    }
  });

  it("stays shared over a pause of this process that is longer than Redis may take", async () => {
    const rateLimit = { limit: 1, windowMs: 60_000, gapMs: 0 };
    const client = await createClient({ url: redis.url }).connect();
    clients.push(client);
    const warn = jest.fn();
    const runner: ScriptRunner = {
      eval: (script, keys, args) => client.eval(script, { keys: [...keys], arguments: [...args] }),
    };
    const source = new SharedRateLimiter({ runner, name: "paused", rateLimit, log: { warn, info: warn } });

    const taken = source.take();
    const end = performance.now() + 500;
    while (performance.now() < end);

    // The permit came late and is given up: after the pause its window may be another one.
    expect(await taken).toBeGreaterThan(0);
    expect(warn).not.toHaveBeenCalled();
  });

  it("leaves no keys behind", async () => {
    const rateLimit = { limit: 5, windowMs: 50, gapMs: 0 };
    await (await anInstance("brief", rateLimit)).run(aCall(), async () => "done");
    const client = createClient({ url: redis.url });
    clients.push(client);
    await client.connect();
    const life = await client.pTTL("spine-graph:budget:{brief}:sent");
    expect(life).toBeGreaterThan(0);
    expect(life).toBeLessThanOrEqual(1_050);
    expect(await client.pTTL("spine-graph:budget:{brief}:instances")).toBeLessThanOrEqual(300_000);
  });

  it("continues when Redis dies, and is shared again when it is back", async () => {
    const rateLimit = { limit: 40, windowMs: 100, gapMs: 0 };
    const resilience = await anInstance("dying", rateLimit);
    const ask = () => resilience.run(aCall(), async () => "done");
    await expect(ask()).resolves.toBe("done");
    await redis.kill();
    await expect(ask()).resolves.toBe("done");
    await redis.restart();
    const client = createClient({ url: redis.url });
    clients.push(client);
    await client.connect();
    const deadline = Date.now() + 10_000;
    while ((await client.zCard("spine-graph:budget:{dying}:instances")) === 0) {
      if (Date.now() > deadline) throw new Error("the budget was not shared again");
      await expect(ask()).resolves.toBe("done");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }, 20_000);
});
