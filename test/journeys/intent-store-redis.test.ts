import { connectRedis, type RedisConnection } from "../../src/platform/cache/redis-connection.js";
import { createRedisIntentStore, type IntentStore } from "../../src/platform/intents/index.js";
import { createLog } from "../../src/platform/telemetry/log.js";
import { TestClock } from "../support/call-context.js";
import { describeNeeding } from "../support/needs.js";
import { startRedis, type TestRedis, until } from "../support/redis.js";
import { CommandHarness } from "./command-harness.js";
import { describeIntentStore } from "./intent-store-suite.js";

describeNeeding("redis-server", "intents in Redis", () => {
  const clock = new TestClock();
  const connections: RedisConnection[] = [];
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    await Promise.all(connections.splice(0).map((connection) => connection.close()));
  });
  afterAll(() => redis.stop());

  /** Another instance with a connection of its own, once that is up. */
  async function open(): Promise<IntentStore> {
    const connection = connectRedis({ url: redis.url, log: createLog("silent") });
    connections.push(connection);
    await until("the connection to Redis", () =>
      connection.commands.get("anything").then(
        () => true,
        () => false,
      ),
    );
    return createRedisIntentStore({ client: connection.commands, clock, close: connection.close });
  }

  const empty = async () => {
    await redis.kill();
    await redis.restart();
  };

  describe("the suite of all stores", () => {
    describeIntentStore(async () => ({
      clock,
      open,
      reopen: async (store) => {
        await store.close();
        return open();
      },
      lose: empty,
      dump: async () => JSON.stringify([...(await redis.dump())]),
      close: empty,
    }));
  });

  test("Redis gone: refused at once, nothing sent, and it works again when Redis is back", async () => {
    const store = await open();
    const harness = new CommandHarness({ store: () => store });
    await redis.kill();

    await expect(harness.book({ idempotencyKey: "k" })).rejects.toMatchObject({
      reason: "INTENT_STORE_UNAVAILABLE",
      retryable: true,
    });
    expect(harness.practice.writes).toEqual([]);

    await redis.restart();
    await until("Redis to be back", () =>
      store.open().then(
        () => true,
        () => false,
      ),
    );
    expect(await harness.book({ idempotencyKey: "k" })).toMatchObject({ kind: "booked" });
  });

  test("Redis stands still: refused within its time, and nothing was sent", async () => {
    const store = await open();
    const harness = new CommandHarness({ store: () => store });
    redis.freeze();
    try {
      await expect(harness.book({ idempotencyKey: "still" })).rejects.toMatchObject({ retryable: true });
      expect(harness.practice.writes).toEqual([]);
    } finally {
      redis.thaw();
    }
  });

  test("Redis loses everything while nobody looks: the practice's own book still prevents a second", async () => {
    const store = await open();
    const harness = new CommandHarness({ store: () => store });
    const first = await harness.book({ idempotencyKey: "another" });
    expect(first).toMatchObject({ kind: "booked" });

    await empty();
    await until("Redis to be back", () =>
      store.open().then(
        () => true,
        () => false,
      ),
    );

    expect(await harness.book({ idempotencyKey: "another" })).toMatchObject({
      kind: "booked",
      recovered: true,
    });
    expect(harness.practice.standing()).toHaveLength(1);
  });

  test("what lies in Redis cannot be read", async () => {
    const store = await open();
    const harness = new CommandHarness({ store: () => store });
    await harness.book({ idempotencyKey: "key-of-the-caller", description: "Something private" });

    const text = JSON.stringify([...(await redis.dump())]);
    expect(text).toContain("intents");
    for (const secret of ["9000000009", "Lindqvist", "key-of-the-caller", "private", "T81001", "T82000"]) {
      expect(text).not.toContain(secret);
    }
  });
});
