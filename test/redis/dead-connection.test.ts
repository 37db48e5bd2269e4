import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { describeNeeding } from "../support/needs.js";
import { startRedis, type TestRedis, until } from "../support/redis.js";
import { closeInstances, connected, createInstance, inDeployment } from "./instance.js";

/** Stands between us and Redis and can swallow what goes through, as a network does that lost its path. */
async function startProxy(target: string): Promise<{ url: string; swallow(): void; close(): void }> {
  const port = Number(new URL(target).port);
  const pairs = new Set<readonly [Socket, Socket]>();
  const server: Server = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) socket.on("error", () => {});
    pairs.add([near, far]);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** The connections there are stay open and carry nothing any more; new ones are as good as ever. */
    swallow() {
      for (const [near, far] of pairs) {
        near.unpipe(far);
        far.unpipe(near);
        near.resume();
      }
    },
    close() {
      for (const sockets of pairs) for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

// A real server has to come up, and come back; a busy machine takes its time.
jest.setTimeout(30_000);

describeNeeding("redis-server", "a connection that is dead and looks alive", () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterEach(closeInstances);
  afterAll(() => redis.stop());

  test("is given up and made anew, without anything failing", async () => {
    const proxy = await startProxy(redis.url);
    try {
      const instance = createInstance(proxy.url);
      await connected(instance);
      await instance.ask(inDeployment("kept"));
      proxy.swallow();
      await until("use of a new connection", async () => {
        const before = instance.calls();
        await instance.ask(inDeployment("kept"));
        return instance.calls() === before;
      });
    } finally {
      proxy.close();
    }
  });
});
