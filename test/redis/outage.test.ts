import { describeNeeding } from "../support/needs.js";
import { startRedis, type TestRedis, until } from "../support/redis.js";
import {
  answerTo,
  closeInstances,
  connected,
  createInstance,
  type Instance,
  inDeployment,
} from "./instance.js";

/** No address of a Redis: nothing listens on TCP port 1 of loopback. */
const NOWHERE = "redis://127.0.0.1:1";

// A real server has to come up, and come back; a busy machine takes its time.
jest.setTimeout(30_000);

describeNeeding("redis-server", "a Redis that is lost", () => {
  let redis: TestRedis;
  beforeEach(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    await closeInstances();
    await redis.stop();
  });

  /** Asks many things of two instances at once and checks each answer. */
  function createLoad(instances: readonly Instance[]) {
    const tally = { asked: 0, failed: 0, wrong: 0 };
    async function one(index: number): Promise<void> {
      const instance = instances[index % instances.length];
      if (instance === undefined) return;
      const key = `key ${index % 37}`;
      const text = `encounter ${index % 5}`;
      const isOwn = index % 3 === 0;
      const right = answerTo(inDeployment(key), isOwn ? text : undefined);
      tally.asked += 1;
      try {
        const answer = await (isOwn ? instance.askInSession(text, key) : instance.ask(inDeployment(key)));
        if (answer !== right) tally.wrong += 1;
      } catch {
        tally.failed += 1;
      }
    }
    /** Asks in waves of 20, `between` the fifth and the sixth of them. */
    async function run(waves: number, between?: () => Promise<void>): Promise<void> {
      for (let wave = 0; wave < waves; wave++) {
        const asking = Array.from({ length: 20 }, (_, index) => one(wave * 20 + index));
        if (wave === 5) await between?.();
        await Promise.all(asking);
      }
    }
    return { tally, run };
  }

  test("dies and comes back under load: nothing fails, nothing is wrong, and it is used again", async () => {
    const instances = [createInstance(redis.url), createInstance(redis.url)] as const;
    await connected(...instances);
    const { tally, run } = createLoad(instances);
    const calls = () => instances[0].calls() + instances[1].calls();

    await run(20);
    const warm = calls();
    await run(10);
    expect(calls()).toBe(warm);

    await run(20, () => redis.kill());
    const without = calls();
    await run(10);
    expect(calls()).toBeGreaterThan(without);

    await run(20, () => redis.restart());
    // It may need a moment; load goes on meanwhile.
    await until("use of the cache", async () => {
      const before = calls();
      await run(10);
      return calls() === before;
    });
    expect(tally).toEqual({ asked: tally.asked, failed: 0, wrong: 0 });
    expect(tally.asked).toBeGreaterThanOrEqual(1_800);

    const [one, other] = instances;
    const fresh = inDeployment("asked after the outage");
    await one.ask(fresh);
    const before = other.calls();
    await other.ask(fresh);
    expect(other.calls()).toBe(before);
  });

  test("hangs under load: nothing fails, the wait is bounded, and it is used again", async () => {
    const instances = [createInstance(redis.url), createInstance(redis.url)] as const;
    await connected(...instances);
    const { tally, run } = createLoad(instances);
    await run(20);
    redis.freeze();
    const start = Date.now();
    await run(20);
    // 20 waves, none of which may wait for it more than a few times half a second in all; each would by itself.
    expect(Date.now() - start).toBeLessThan(8_000);
    redis.thaw();
    const calls = () => instances[0].calls() + instances[1].calls();
    await until("use of the cache", async () => {
      const before = calls();
      await run(10);
      return calls() === before;
    });
    expect(tally).toEqual({ asked: tally.asked, failed: 0, wrong: 0 });
  });

  test("was never there: each ask goes upstream at once", async () => {
    const instance = createInstance(NOWHERE);
    const start = Date.now();
    for (let index = 0; index < 1_000; index++) {
      const entry = inDeployment(`key ${index % 10}`);
      expect(await instance.ask(entry)).toBe(answerTo(entry));
    }
    expect(instance.calls()).toBe(1_000);
    // Waiting for the connection, as the client does by itself, would make it minutes.
    expect(Date.now() - start).toBeLessThan(5_000);
  });

  test("comes up later than we do: it is used from then on", async () => {
    await redis.kill();
    const [one, other] = [createInstance(redis.url), createInstance(redis.url)];
    const entry = inDeployment("T81001");
    await one.ask(entry);
    await other.ask(entry);
    expect([one.calls(), other.calls()]).toEqual([1, 1]);
    await redis.restart();
    await connected(one, other);
    await one.ask(entry);
    await other.ask(entry);
    expect([one.calls(), other.calls()]).toEqual([2, 1]);
  });

  test("a closed store is a miss, and makes no new connection", async () => {
    const instance = createInstance(redis.url);
    await connected(instance);
    await instance.store.close();
    const entry = inDeployment("T81001");
    await instance.ask(entry);
    expect(await instance.ask(entry)).toBe(answerTo(entry));
    expect(instance.calls()).toBe(2);
    expect(await redis.clients()).toBe(1); // the one that asks
  });
});
