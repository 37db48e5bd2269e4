import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Agent, request } from "undici";
import type { OdsCode } from "../../src/domain/ods-code.js";
import { connectRedis } from "../../src/platform/cache/redis-connection.js";
import { createLog } from "../../src/platform/telemetry/log.js";
import { createRedisCounter } from "../../src/server/admission/request-counter.js";
import { RequestRates } from "../../src/server/admission/request-rates.js";
import { TestClock, testCaller } from "../support/call-context.js";
import { type LocalServer, startLocalServer } from "../support/local-server.js";
import { describeNeeding } from "../support/needs.js";
import { startRedis, type TestRedis, until } from "../support/redis.js";
import { type RunningGraph, startGraph } from "../support/start-graph.js";
import { MAJA, startIssuer, type TestIssuer } from "./support/issuer.js";

const PATIENT = '{ patient(nhsNumber: "9000000009") { nhsNumber } }';
const PUBLIC = "{ __typename }";

const post = (graph: RunningGraph, query: string, headers: Record<string, string> = {}) =>
  request(`${graph.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ query }),
  });

async function read({ statusCode, headers, body }: Awaited<ReturnType<typeof post>>) {
  const { data, errors } = (await body.json()) as {
    data?: unknown;
    errors?: { extensions: Record<string, unknown> }[];
  };
  return { statusCode, headers, data, extensions: errors?.[0]?.extensions };
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function heapAfterCollection(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

describe("the limit of operations at the same time", () => {
  let pds: LocalServer;
  let graph: RunningGraph;
  let held: (() => void)[];
  beforeEach(async () => {
    held = [];
    pds = await startLocalServer((_request, response) => {
      held.push(() => response.writeHead(404).end());
    });
    graph = await startGraph({ environment: { MAX_CONCURRENT_OPERATIONS: "2", PDS_URL: pds.url } });
  });
  afterEach(async () => {
    await pds.close();
    await graph.close();
  });

  /** Waits until PDS, which does not respond, has received so many requests. */
  const arrived = async (count: number) => {
    while (held.length < count) await new Promise((resolve) => setImmediate(resolve));
  };
  const occupy = async () => {
    const running = [post(graph, PATIENT), post(graph, PATIENT)];
    await arrived(2);
    return async () => {
      for (const release of held) release();
      await Promise.all(running.map(async (response) => read(await response)));
    };
  };

  test("further operations get 503 with Retry-After, also when they have waited, and no audit record", async () => {
    const finish = await occupy();
    const records = graph.auditLines.length;

    const refused = await Promise.all(
      Array.from({ length: 20 }, async () => read(await post(graph, PUBLIC))),
    );

    for (const { statusCode, headers, data, extensions } of refused) {
      expect({ statusCode, data, extensions }).toEqual({
        statusCode: 503,
        data: undefined,
        extensions: { code: "RATE_LIMITED", reason: "OVERLOADED", correlationId: expect.any(String) },
      });
      expect(headers["retry-after"]).toBe("1");
      expect(headers["cache-control"]).toBe("no-store");
    }
    expect(graph.auditLines).toHaveLength(records);
    const metrics = await (await graph.get("/metrics")).body.text();
    expect(metrics).toContain('http_requests_refused_total{reason="OVERLOADED"} 20');

    await finish();
    expect((await read(await post(graph, PUBLIC))).statusCode).toBe(200);
  });

  /** Until the queue takes nobody: none of the running operations ends within the time of a wait. */
  const fill = async () => {
    const finish = await occupy();
    for (let waited = 0; waited < 2; waited += 1) {
      expect((await read(await post(graph, PUBLIC))).statusCode).toBe(503);
    }
    return finish;
  };

  test("a full server refuses before it has received a body, and browsers can read the refusal", async () => {
    const finish = await fill();
    const { hostname, port } = new URL(graph.url);
    const socket = connect(Number(port), hostname).setEncoding("utf8");
    socket.write(
      "POST /graphql HTTP/1.1\r\nhost: localhost\r\norigin: https://studio.apollographql.com\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n",
    );
    const [received] = (await once(socket, "data")) as [string];
    socket.destroy();

    expect(received).toMatch(/^HTTP\/1\.1 503 /);
    expect(received).toMatch(/\r\nretry-after: 1\r\n/i);
    expect(received).toMatch(/\r\naccess-control-allow-origin: https:\/\/studio\.apollographql\.com\r\n/i);
    expect(received).toMatch(/\r\naccess-control-expose-headers: [^\r]*retry-after/i);
    expect(received).toMatch(/"reason":"OVERLOADED"/);
    await finish();
  });

  test("a flood on a full server is refused to the last request, and leaves no socket, memory or record", async () => {
    const finish = await fill();
    const agent = new Agent({ connections: 50 });
    const send = async () => {
      const response = await request(`${graph.url}/graphql`, {
        dispatcher: agent,
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ query: PATIENT }),
      });
      await response.body.dump();
      return `${response.statusCode} ${response.headers["retry-after"]}`;
    };
    const floodWith = async (requests: number) => {
      const statuses = await Promise.all(Array.from({ length: requests }, send));
      return [...new Set(statuses)];
    };
    const sockets = () => process.getActiveResourcesInfo().filter((kind) => kind === "TCPSocketWrap").length;
    const socketsBefore = sockets();
    // The first requests compile code and fill pools.
    await floodWith(200);
    const recordsBefore = graph.auditLines.length + graph.logLines.length;
    const heapBefore = heapAfterCollection();

    expect(await floodWith(600)).toEqual(["503 1"]);

    expect(heapAfterCollection() - heapBefore).toBeLessThan(2_000_000);
    expect(graph.auditLines.length + graph.logLines.length).toBe(recordsBefore);
    await agent.close();
    while (sockets() > socketsBefore) await new Promise((resolve) => setImmediate(resolve));
    await finish();
    expect((await read(await post(graph, PUBLIC))).statusCode).toBe(200);
  });

  test("health responds while the server is full", async () => {
    const finish = await occupy();
    const health = await graph.get("/health/ready");
    await health.body.dump();

    expect(health.statusCode).toBe(200);
    await finish();
  });

  test("clients that go away give their places back", async () => {
    for (let round = 1; round <= 3; round += 1) {
      const clients = [0, 1].map(() => {
        const socket = connect(Number(new URL(graph.url).port), "127.0.0.1");
        const body = JSON.stringify({ query: PATIENT });
        socket.write(
          `POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
        );
        return socket;
      });
      await arrived(2 * round);
      for (const socket of clients) socket.destroy();
      let status = 503;
      while (status === 503) status = (await read(await post(graph, PUBLIC))).statusCode;
      expect(status).toBe(200);
    }
  });

  test("senders of slow bodies take no place", async () => {
    const slow = Array.from({ length: 10 }, () => {
      const socket = connect(Number(new URL(graph.url).port), "127.0.0.1");
      socket.write(
        'POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"query',
      );
      return socket;
    });
    await Promise.all(slow.map((socket) => once(socket, "connect")));

    expect((await read(await post(graph, PUBLIC))).statusCode).toBe(200);
    for (const socket of slow) socket.destroy();
  });
});

describe("the rate of requests", () => {
  let issuer: TestIssuer;
  let graph: RunningGraph;
  beforeEach(async () => {
    issuer = await startIssuer();
    graph = await startGraph({
      environment: { ...issuer.environment, CALLER_MAX_RPS: "3", ANONYMOUS_MAX_RPS: "2" },
    });
  });
  afterEach(async () => {
    await graph.close();
    await issuer.close();
  });
  const as = async (sub: string) => ({ authorization: `Bearer ${await issuer.sign({ ...MAJA, sub })}` });
  const send = async (headers: Record<string, string>) => read(await post(graph, PUBLIC, headers));

  test("a caller over the limit gets 429 with RateLimit headers; others do not, nor the next second", async () => {
    const maja = await as("maja");
    const rates: unknown[] = [];
    for (let sent = 0; sent < 4; sent += 1) {
      const { statusCode, headers } = await send(maja);
      rates.push([statusCode, headers.ratelimit, headers["retry-after"]]);
    }
    expect(rates).toEqual([
      [200, '"caller";r=2;t=1', undefined],
      [200, '"caller";r=1;t=1', undefined],
      [200, '"caller";r=0;t=1', undefined],
      [429, '"caller";r=0;t=1', "1"],
    ]);
    const refused = await send(maja);
    expect(refused.headers["ratelimit-policy"]).toBe('"caller";q=3;w=1');
    expect(refused.extensions).toEqual({
      code: "RATE_LIMITED",
      reason: "CALLER_RATE",
      correlationId: expect.any(String),
    });

    expect((await send(await as("other"))).statusCode).toBe(200);
    graph.clock.advance(1_000);
    expect((await send(maja)).statusCode).toBe(200);
  });

  test("the callers of an organisation share ten times the limit", async () => {
    const statuses: number[] = [];
    for (let caller = 0; caller < 11; caller += 1) {
      const headers = await as(`caller-${caller}`);
      for (let sent = 0; sent < 3; sent += 1) statuses.push((await send(headers)).statusCode);
    }
    expect(statuses.filter((status) => status === 200)).toHaveLength(30);
    expect(statuses.slice(30)).toEqual([429, 429, 429]);
  });

  test("an organisation has a limit of its own, which the headers name when it leaves a caller less", async () => {
    const limited = await startGraph({
      environment: { ...issuer.environment, CALLER_MAX_RPS: "3", ORGANISATION_MAX_RPS: "4" },
    });
    const rates: unknown[] = [];
    for (const sub of ["maja", "maja", "ada", "ada", "grace", "maja"]) {
      const { statusCode, headers, extensions } = await read(await post(limited, PUBLIC, await as(sub)));
      rates.push([statusCode, headers.ratelimit, headers["ratelimit-policy"], extensions?.reason]);
    }
    await limited.close();

    expect(rates).toEqual([
      [200, '"caller";r=2;t=1', '"caller";q=3;w=1', undefined],
      [200, '"caller";r=1;t=1', '"caller";q=3;w=1', undefined],
      [200, '"organisation";r=1;t=1', '"organisation";q=4;w=1', undefined],
      [200, '"organisation";r=0;t=1', '"organisation";q=4;w=1', undefined],
      [429, '"organisation";r=0;t=1', '"organisation";q=4;w=1', "CALLER_RATE"],
      [429, '"organisation";r=0;t=1', '"organisation";q=4;w=1', "CALLER_RATE"],
    ]);
  });

  test.each(["", "Bearer forged.token.here", "Basic x"])(
    "requests with the authorization %p have a small budget, beyond which nothing is audited or logged",
    async (authorization) => {
      // With plain JSON a refused caller gets 200 and the error.
      const accept = "application/graphql-response+json";
      const headers: Record<string, string> = { accept, ...(authorization !== "" && { authorization }) };
      for (let sent = 0; sent < 2; sent += 1) {
        expect((await read(await post(graph, PATIENT, headers))).statusCode).toBe(401);
      }
      const written = [graph.auditLines.length, graph.logLines.length];

      for (let sent = 0; sent < 50; sent += 1) {
        const { statusCode, extensions } = await read(await post(graph, PATIENT, headers));
        expect([statusCode, extensions?.code]).toEqual([429, "RATE_LIMITED"]);
      }
      expect([graph.auditLines.length, graph.logLines.length]).toEqual(written);
      expect((await send(await as("maja"))).statusCode).toBe(200);
    },
  );

  test("without authentication there are no rates", async () => {
    const open = await startGraph({ environment: { CALLER_MAX_RPS: "1", ANONYMOUS_MAX_RPS: "1" } });
    for (let sent = 0; sent < 5; sent += 1) {
      const { statusCode, headers } = await read(await post(open, PUBLIC));
      expect([statusCode, headers.ratelimit]).toEqual([200, undefined]);
    }
    await open.close();
  });
});

describeNeeding("redis-server", "request rates of several instances", () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  const startInstance = async () => {
    const connection = connectRedis({ url: redis.url, log: createLog("silent") });
    await until("the connection", () =>
      connection.scripts.eval("return 1", [], []).then(
        () => true,
        () => false,
      ),
    );
    const rates = new RequestRates({
      clock: new TestClock(),
      hashKey: Buffer.alloc(32, 7),
      shared: createRedisCounter(connection.scripts),
      callerLimit: 3,
      organisationLimit: 5,
      anonymousLimit: 1,
    });
    return { rates, close: connection.close };
  };

  test("are counted together, under keys that name nobody, and continue alone when Redis is lost", async () => {
    const [one, other] = [await startInstance(), await startInstance()];
    const caller = {
      ...testCaller,
      organisation: { ...testCaller.organisation, odsCode: "T82000" as OdsCode },
    };
    const exceeded: boolean[] = [];
    for (const { rates } of [one, other, one, other])
      exceeded.push((await rates.countCaller(caller)).exceeded);
    expect(exceeded).toEqual([false, false, false, true]);
    const keys = [...(await redis.dump()).keys()].join(" ");
    expect(keys).not.toMatch(/T82000|user-7f3a|Lindqvist/);

    // Another person of the same organisation, whose limit is used up by all instances together.
    const colleague = { ...caller, person: { ...caller.person, localId: "user-2" } };
    expect(await one.rates.countCaller(colleague)).toMatchObject({ policy: "organisation", remaining: 0 });
    expect(await other.rates.countCaller(colleague)).toMatchObject({
      policy: "organisation",
      exceeded: true,
    });

    await redis.kill();
    const alone: boolean[] = [];
    for (let sent = 0; sent < 4; sent += 1) alone.push((await one.rates.countCaller(caller)).exceeded);
    expect(alone).toEqual([false, false, false, true]);
    await one.close();
    await other.close();
  });
});

describeNeeding("redis-server", "a pause of this process", () => {
  test("does not count as a loss of Redis, which would give callers a second limit of this process", async () => {
    const redis = await startRedis();
    const connection = connectRedis({ url: redis.url, log: createLog("silent") });
    await until("the connection", () =>
      connection.scripts.eval("return 1", [], []).then(
        () => true,
        () => false,
      ),
    );
    const counter = createRedisCounter(connection.scripts);
    await counter.increment("one caller");
    const TIMES_THE_TIMEOUT_MS = 300;

    const counted = counter.increment("one caller");
    const end = performance.now() + TIMES_THE_TIMEOUT_MS;
    while (performance.now() < end);

    expect(await counted).toBe(2);
    await connection.close();
    await redis.stop();
  });
});

describe("slow and many clients", () => {
  let graph: RunningGraph;
  beforeAll(async () => {
    graph = await startGraph({ environment: { REQUEST_RECEIVE_TIMEOUT_MS: "200", MAX_CONNECTIONS: "20" } });
  });
  afterAll(() => graph.close());

  const open = (text: string): Socket => {
    const socket = connect(Number(new URL(graph.url).port), "127.0.0.1").setEncoding("utf8");
    socket.on("error", () => {});
    socket.write(text);
    return socket;
  };
  const receive = async (socket: Socket): Promise<string> => {
    let received = "";
    socket.on("data", (chunk) => {
      received += chunk;
    });
    await new Promise((resolve) => socket.once("close", resolve));
    return received;
  };

  test.each([
    ["headers", "POST /graphql HTTP/1.1\r\nhost: loc"],
    [
      "body",
      'POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"q',
    ],
  ])(
    "a client that does not finish its %s gets 408 in GraphQL form, and the connection is closed",
    async (_part, text) => {
      const received = await receive(open(text));

      expect(received).toMatch(/^HTTP\/1\.1 408 /);
      expect(JSON.parse(received.split("\r\n\r\n")[1] ?? "")).toMatchObject({
        errors: [{ extensions: { code: "BAD_USER_INPUT", reason: "REQUEST_TIMEOUT" } }],
      });
    },
  );

  describe("500 senders of one byte at a time", () => {
    let slow: RunningGraph;
    let senders: Socket[];
    let drip: NodeJS.Timeout;
    beforeEach(async () => {
      slow = await startGraph({ environment: { REQUEST_RECEIVE_TIMEOUT_MS: "300" } });
      const head =
        "POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n";
      senders = Array.from({ length: 500 }, () => {
        const socket = connect(Number(new URL(slow.url).port), "127.0.0.1").setEncoding("utf8");
        socket.on("error", () => {});
        socket.write(head);
        return socket;
      });
      drip = setInterval(() => {
        for (const socket of senders) if (socket.writable) socket.write(" ");
      }, 20);
    });
    afterEach(async () => {
      clearInterval(drip);
      for (const socket of senders) socket.destroy();
      await slow.close();
    });

    test("are all cut off at the time limit, and others are served meanwhile", async () => {
      const ends = senders.map(receive);
      const response = await post(slow, PUBLIC);
      await response.body.dump();

      expect(response.statusCode).toBe(200);
      // Each either reads its 408, or hits the closed connection with its next byte.
      for (const received of await Promise.all(ends)) expect(received).toMatch(/^(HTTP\/1\.1 408 |$)/);
    });
  });

  test("connections beyond the cap are closed, and the others are served", async () => {
    const others = Array.from({ length: 20 }, () => open(""));
    await Promise.all(others.map((socket) => once(socket, "connect")));
    expect(await receive(open("GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n"))).toBe("");

    const [first, ...rest] = others;
    first?.write("GET /health/live HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    expect(first && (await receive(first))).toContain('{"status":"ok"}');
    for (const socket of rest) socket.destroy();
  });
});
