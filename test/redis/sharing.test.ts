import { TestClock, testCaller } from "../support/call-context.js";
import { describeNeeding } from "../support/needs.js";
import { startRedis, type TestRedis } from "../support/redis.js";
import { answerTo, closeInstances, connected, createInstance, inDeployment, SECRET } from "./instance.js";

// A real server has to come up, and come back; a busy machine takes its time.
jest.setTimeout(30_000);

describeNeeding("redis-server", "instances over one Redis", () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    await closeInstances();
    await redis.clear();
  });
  afterAll(() => redis.stop());

  const entry = inDeployment("T81001");

  test("share answers", async () => {
    const [one, other] = [createInstance(redis.url), createInstance(redis.url)];
    await connected(one, other);
    expect(await one.ask(entry)).toBe(answerTo(entry));
    expect(await other.ask(entry)).toBe(answerTo(entry));
    expect([one.calls(), other.calls()]).toEqual([1, 0]);
  });

  test("share sessions, and what belongs to them", async () => {
    const [one, other] = [createInstance(redis.url), createInstance(redis.url)];
    await connected(one, other);
    const answer = await one.askInSession("an encounter", "9000000009");
    expect(await other.askInSession("an encounter", "9000000009")).toBe(answer);
    expect(other.calls()).toBe(0);
    await other.askInSession("another encounter", "9000000009");
    expect(other.calls()).toBe(1);
  });

  test("share nothing with one that was given another key", async () => {
    const [one, foreign] = [createInstance(redis.url), createInstance(redis.url, [`${SECRET} of others`])];
    await connected(one, foreign);
    await one.ask(entry);
    expect(await foreign.ask(entry)).toBe(answerTo(entry));
    expect(foreign.calls()).toBe(1);
  });

  test("keep all there is while the key is changed", async () => {
    const coming = "the secret that is to come, long enough";
    const before = createInstance(redis.url, [SECRET]);
    const during = createInstance(redis.url, [coming, SECRET]);
    await connected(before, during);
    const [old, fresh] = [inDeployment("asked before"), inDeployment("asked during")];
    await before.ask(old);
    expect(await during.ask(old)).toBe(answerTo(old));
    expect(during.calls()).toBe(0);
    // An instance that was not restarted yet cannot read what the new key sealed: a miss, and no more than that.
    await during.ask(fresh);
    expect(await before.ask(fresh)).toBe(answerTo(fresh));
    expect(before.calls()).toBe(2);
    expect(await during.ask(fresh)).toBe(answerTo(fresh));
    expect(during.calls()).toBe(1);
  });

  test("have entries vanish from Redis when their life ends", async () => {
    const clock = new TestClock();
    const one = createInstance(redis.url, [SECRET], clock);
    await connected(one);
    await redis.clear();
    await one.ask(entry);
    await one.sessions.open("an encounter", testCaller);
    const lives = await redis.livesMs();
    expect(lives).toHaveLength(2);
    const hour = 3_600_000;
    // Read a moment later than written; jitter takes up to a tenth of the hour.
    expect(Math.min(...lives)).toBeGreaterThan(hour / 2 - 60_000);
    expect(Math.min(...lives)).toBeLessThanOrEqual(hour / 2);
    expect(Math.max(...lives)).toBeGreaterThan(hour * 0.9 - 60_000);
    expect(Math.max(...lives)).toBeLessThanOrEqual(hour);
  });

  test("take a value that was copied to another key for a miss", async () => {
    const one = createInstance(redis.url);
    await connected(one);
    await redis.clear();
    await one.askInSession("an encounter", "9000000009");
    const before = await redis.dump();
    await one.askInSession("an encounter", "9990000018");
    const after = await redis.dump();
    const stolen = [...before.values()];
    const [target] = [...after.keys()].filter((name) => !before.has(name));
    expect(stolen).toHaveLength(2);
    for (const text of stolen) {
      await redis.put(target ?? "", text);
      const calls = one.calls();
      expect(await one.askInSession("an encounter", "9990000018")).toContain("9990000018");
      expect(one.calls()).toBe(calls + 1);
    }
  });

  test.each([
    "",
    "garbage",
    "{}",
    '{"value":{"value":"planted","expiresAt":9e15}}',
    "e1.AAAAAAAA.AAAA",
    "\u0000\uffff",
  ])("take garbage for a miss: %j", async (garbage) => {
    const one = createInstance(redis.url);
    await connected(one);
    await redis.clear();
    await one.ask(entry);
    const [name = ""] = [...(await redis.dump()).keys()];
    await redis.put(name, garbage);
    expect(await one.ask(entry)).toBe(answerTo(entry));
    expect(one.calls()).toBe(2);
    // Asking again has put it right.
    await one.ask(entry);
    expect(one.calls()).toBe(2);
  });

  test("take a value cut short, or of another type, for a miss", async () => {
    const one = createInstance(redis.url);
    await connected(one);
    await redis.clear();
    await one.ask(entry);
    const [[name, text] = ["", ""]] = [...(await redis.dump())];
    await redis.put(name, text.slice(0, -1));
    expect(await one.ask(entry)).toBe(answerTo(entry));
    await redis.putList(name);
    expect(await one.ask(entry)).toBe(answerTo(entry));
    expect(one.calls()).toBe(3);
  });
});
