import { HttpClient } from "../../src/platform/http/http-client.js";
import { yieldToEventLoop } from "../../src/platform/resilience/response-scheduler.js";
import { startLocalServer } from "../support/local-server.js";

/** A client with one connection, and a server that holds its answers until told. */
async function oneConnection() {
  const held: (() => void)[] = [];
  const server = await startLocalServer(async (_request, response) => {
    await new Promise<void>((release) => held.push(release));
    response.end("answered");
  });
  const http = new HttpClient({ connectionsPerOrigin: 1 });
  const ask = (path: string, timeoutMs = 5_000, signal?: AbortSignal) =>
    http.request({ method: "GET", url: `${server.url}${path}`, headers: {}, timeoutMs, signal });
  const firstIsIn = async () => {
    while (held.length === 0) await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    ask,
    firstIsIn,
    release: () => held.splice(0).forEach((go) => void go()),
    paths: () => server.requests.map(({ path }) => path),
    async close() {
      await http.close();
      await server.close();
    },
  };
}

test.each<[string, "timeout" | "cancelled"]>([
  ["called off", "cancelled"],
  ["out of time", "timeout"],
])("a request %s while it waits for a connection ends at once and is never sent", async (_how, kind) => {
  const { ask, firstIsIn, release, paths, close } = await oneConnection();
  const first = ask("/first");
  await firstIsIn();
  const gone = new AbortController();
  const waiting = ask("/waiting", kind === "timeout" ? 1 : 5_000, gone.signal);
  if (kind === "cancelled") gone.abort();

  await expect(waiting).rejects.toMatchObject({ kind });
  release();
  expect(await first).toMatchObject({ status: 200, body: "answered" });
  await close();
  expect(paths()).toEqual(["/first"]);
});

test("a request whose signal has already ended is never sent", async () => {
  const { ask, paths, close } = await oneConnection();

  await expect(ask("/late", 5_000, AbortSignal.abort())).rejects.toMatchObject({ kind: "cancelled" });
  await close();
  expect(paths()).toEqual([]);
});

test("a process that was paused while it connected, for longer than the time-out, sends nothing", async () => {
  const { ask, paths, close } = await oneConnection();
  const now = performance.now();
  const request = ask("/paused", 5_000);
  const clock = jest.spyOn(performance, "now").mockReturnValue(now + 60_000);

  await expect(request).rejects.toMatchObject({ kind: "timeout" });
  clock.mockRestore();
  await close();
  expect(paths()).toEqual([]);
});

test("a request that follows a read response reuses its connection", async () => {
  const ports = new Set<number | undefined>();
  const server = await startLocalServer((_request, response) => {
    ports.add(response.socket?.remotePort);
    response.end("{}");
  });
  const http = new HttpClient();
  for (const path of ["/a", "/b", "/c"]) {
    await http.request({ method: "GET", url: `${server.url}${path}`, headers: {}, timeoutMs: 5_000 });
    await yieldToEventLoop();
  }
  await http.close();
  await server.close();

  expect(ports.size).toBe(1);
});
