import { connect, type Socket } from "node:net";
import { Agent, request } from "undici";
import { shutdownDelayMs } from "../../src/server/http/drain.js";
import { type LocalServer, startLocalServer } from "../support/local-server.js";
import { type RunningGraph, startGraph } from "../support/start-graph.js";

const PATIENT = JSON.stringify({ query: '{ patient(nhsNumber: "9000000009") { nhsNumber } }' });

let pds: LocalServer;
let graph: RunningGraph;
let held: (() => void)[];
let sockets: Socket[];
beforeEach(async () => {
  held = [];
  sockets = [];
  pds = await startLocalServer((_request, response) => {
    held.push(() => void response.writeHead(404).end());
  });
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  for (const release of held.splice(0)) release();
  await pds.close();
});

const start = async (environment: Record<string, string> = {}) => {
  graph = await startGraph({ environment: { PDS_URL: pds.url, ...environment } });
};

function open(text: string): { socket: Socket; closed: Promise<string> } {
  const socket = connect(Number(new URL(graph.url).port), "127.0.0.1").setEncoding("utf8");
  sockets.push(socket);
  let received = "";
  socket.on("error", () => {});
  socket.on("data", (chunk) => {
    received += chunk;
  });
  socket.write(text);
  return { socket, closed: new Promise((resolve) => socket.once("close", () => resolve(received))) };
}

const head = (length: number) =>
  `POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;
const arrived = async (count: number) => {
  while (held.length < count) await new Promise((resolve) => setImmediate(resolve));
};

test("a running operation ends with its response and Connection: close, and then the server is closed", async () => {
  await start();
  const running = open(head(PATIENT.length) + PATIENT);
  await arrived(1);
  const closing = graph.close();
  for (const release of held.splice(0)) release();

  expect(await running.closed).toMatch(/^HTTP\/1\.1 200 [\s\S]*connection: close\r\n[\s\S]*"data"/i);
  await closing;
});

test.each([
  ["half-sent headers", "POST /graphql HTTP/1.1\r\nhost: loc"],
  ["a half-sent body", `${head(100)}{"query`],
  ["an idle keep-alive connection", "GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n"],
  ["a connection without a byte", ""],
])("%s does not hold up the end of the server", async (_case, text) => {
  await start();
  const client = open(text);
  await new Promise((resolve) => client.socket.once("connect", resolve));
  // The bytes have arrived once another connection, opened later, is served.
  await (await graph.get("/health/live")).body.dump();
  const before = performance.now();
  await graph.close();

  expect(performance.now() - before).toBeLessThan(3_000);
  await client.closed;
});

test("an operation that does not end is cut off at the time limit", async () => {
  await start({ SHUTDOWN_TIMEOUT_MS: "300", REQUEST_DEADLINE_MS: "600000", PDS_TIMEOUT_MS: "600000" });
  const running = open(head(PATIENT.length) + PATIENT);
  await arrived(1);
  const before = performance.now();
  await graph.close();

  expect(performance.now() - before).toBeLessThan(3_000);
  expect(await running.closed).toBe("");
});

test("while operations run to their end, a busy keep-alive client gets 503 and its connection is closed", async () => {
  await start();
  const running = open(head(PATIENT.length) + PATIENT);
  await arrived(1);
  const pipelined = open(head(PATIENT.length) + PATIENT);
  await arrived(2);
  const closing = graph.close();
  // A second request on a connection whose first one is still running.
  pipelined.socket.write("GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n");
  for (const release of held.splice(0)) release();

  expect(await running.closed).toContain('"data"');
  expect(await pipelined.closed).toMatch(/connection: close/i);
  await closing;
});

test("a client with a pool of connections that keeps sending does not hold up the end", async () => {
  await start();
  const dispatcher = new Agent({ connections: 4, keepAliveTimeout: 60_000 });
  let isSending = true;
  const sending = (async () => {
    while (isSending) {
      await request(`${graph.url}/health/live`, { dispatcher })
        .then(({ body }) => body.dump())
        .catch(() => {
          isSending = false;
        });
    }
  })();
  const before = performance.now();
  await graph.close();

  expect(performance.now() - before).toBeLessThan(3_000);
  await sending;
  await dispatcher.close();
});

test("clients that keep sending to a full server do not hold up its end, and the running operation still ends", async () => {
  await start({ MAX_CONCURRENT_OPERATIONS: "1" });
  const running = open(head(PATIENT.length) + PATIENT);
  await arrived(1);
  const agent = new Agent({ connections: 50 });
  const statuses = new Set<number>();
  const flood = Array.from({ length: 50 }, async () => {
    for (;;) {
      const response = await request(`${graph.url}/graphql`, {
        dispatcher: agent,
        method: "POST",
        headers: { "content-type": "application/json" },
        body: PATIENT,
      }).catch(() => undefined);
      if (response === undefined) return;
      await response.body.dump();
      statuses.add(response.statusCode);
    }
  });
  while (!statuses.has(503)) await new Promise((resolve) => setImmediate(resolve));
  const before = performance.now();
  let isClosed = false;
  const closing = graph.close().then(() => {
    isClosed = true;
  });
  // The next one in the queue may still get the place of the first.
  while (!isClosed) {
    for (const release of held.splice(0)) release();
    await new Promise((resolve) => setImmediate(resolve));
  }

  expect(await running.closed).toMatch(/^HTTP\/1\.1 200 /);
  await closing;
  // Far below the grace of 25 s.
  expect(performance.now() - before).toBeLessThan(10_000);
  await Promise.all(flood);
  expect([...statuses].filter((status) => status !== 200 && status !== 503)).toEqual([]);
  await agent.close();
});

test("after SIGTERM a server serves new requests during the delay, and its readiness fails at once", async () => {
  await start({ SHUTDOWN_DELAY_MS: "400" });
  const begunAt = performance.now();
  const closing = graph.close();
  const ready = await graph.get("/health/ready");

  expect(ready.statusCode).toBe(503);
  expect(await ready.body.json()).toEqual({ status: "leaving" });
  const late = open(head(PATIENT.length) + PATIENT);
  await arrived(1);
  for (const release of held.splice(0)) release();
  expect(await late.closed).toMatch(/^HTTP\/1\.1 200 [\s\S]*connection: close\r\n[\s\S]*"data"/i);
  await closing;
  // Timers may fire up to a millisecond early.
  expect(performance.now() - begunAt).toBeGreaterThanOrEqual(399);
});

test("without a setting, live mode has a delay and the sandbox none", () => {
  expect(shutdownDelayMs({ SPINE_ENV: "live", SHUTDOWN_DELAY_MS: undefined })).toBe(5_000);
  expect(shutdownDelayMs({ SPINE_ENV: "sandbox", SHUTDOWN_DELAY_MS: undefined })).toBe(0);
  expect(shutdownDelayMs({ SPINE_ENV: "live", SHUTDOWN_DELAY_MS: 0 })).toBe(0);
});
