import { connect } from "node:net";
import { HttpClient } from "../../src/platform/http/http-client.js";
import { type LocalServer, startLocalServer } from "../support/local-server.js";
import { type RunningGraph, startGraph } from "../support/start-graph.js";

/** Where one message ends and to whom it goes. */
describe("calls to upstream services", () => {
  let elsewhere: LocalServer;
  let upstream: LocalServer;
  beforeEach(async () => {
    elsewhere = await startLocalServer((_request, response) => void response.end("{}"));
    upstream = await startLocalServer((_request, response) => {
      response.writeHead(307, { location: `${elsewhere.url}/collect` }).end();
    });
  });
  afterEach(async () => {
    await upstream.close();
    await elsewhere.close();
  });

  test.each(["GET", "POST"] as const)("a redirect of a %s is not followed", async (method) => {
    const client = new HttpClient();
    const { status } = await client.request({
      method,
      url: `${upstream.url}/Patient/9000000009`,
      headers: { authorization: "Bearer x" },
      timeoutMs: 2_000,
    });
    await client.close();

    expect(status).toBe(307);
    expect(elsewhere.requests).toEqual([]);
  });
});

describe("requests to the server", () => {
  let graph: RunningGraph;
  beforeAll(async () => {
    graph = await startGraph();
  });
  afterAll(() => graph.close());

  const exchange = (text: string) =>
    new Promise<string>((resolve) => {
      const socket = connect(Number(new URL(graph.url).port), "127.0.0.1").setEncoding("latin1");
      let received = "";
      socket.on("data", (chunk) => {
        received += chunk;
      });
      socket.on("error", () => {});
      socket.once("close", () => resolve(received));
      socket.write(text);
    });

  const BODY = '{"query":"{ __typename }"}';
  const HIDDEN = "GET /health/live HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";

  test.each([
    ["two lengths", `content-length: ${BODY.length}\r\ncontent-length: 5\r\n`],
    ["a length and chunks", `content-length: ${BODY.length}\r\ntransfer-encoding: chunked\r\n`],
    ["an encoding that hides chunks", "transfer-encoding: chunked, identity\r\n"],
    ["a length that is no number", "content-length: 0x1A\r\n"],
  ])("a request with %s is refused, and nothing after it is read as a request", async (_what, headers) => {
    const answer = await exchange(
      `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n${headers}\r\n${BODY}${HIDDEN}`,
    );

    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });

  test.each(["TRACE", "PUT", "DELETE", "PATCH"])("%s is no method of the API", async (method) => {
    const answer = await exchange(
      `${method} /graphql HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer secret\r\n\r\n`,
    );

    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(answer).not.toContain("secret");
  });

  test("an address or an identity in a header of a proxy is not believed", async () => {
    const { errors, data } = await graph.query(
      '{ practice(odsCode: "T81001") { odsCode } }',
      {},
      { "x-forwarded-for": "10.0.0.1", "x-forwarded-host": "evil.example", "x-user-id": "another" },
    );

    expect([data, errors]).toEqual([{ practice: { odsCode: "T81001" } }, undefined]);
    expect(graph.logLines.join("")).not.toMatch(/10\.0\.0\.1|evil\.example|another/);
    expect(graph.auditLines.join("")).not.toMatch(/10\.0\.0\.1|evil\.example|"another"/);
  });

  test("every response says its type and charset", async () => {
    const statuses = await Promise.all(
      ["/health/live", "/metrics", "/nowhere", "/graphql"].map(async (path) => {
        const { headers, body } = await graph.get(path);
        await body.dump();
        return headers["content-type"];
      }),
    );

    for (const type of statuses) expect(type).toMatch(/^(application\/json|text\/plain).*; charset=utf-8/);
  });

  test("every response forbids a browser to guess its type, to load anything and to frame it", async () => {
    const heads = await Promise.all(
      ["/health/live", "/metrics", "/nowhere", "/graphql", "/graphql?query=%7B__typename%7D"].map(
        async (path) => {
          const { headers, body } = await graph.get(path, { "apollo-require-preflight": "1" });
          await body.dump();
          return headers;
        },
      ),
    );
    const malformed = await exchange("BREW / HTTP/1.1\r\nHost: x\r\n\r\n");

    for (const headers of heads) {
      expect(headers).toMatchObject({
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "content-security-policy": expect.stringMatching(/default-src 'none'.*frame-ancestors 'none'/),
      });
    }
    expect(malformed).toMatch(/\r\nx-content-type-options: nosniff\r\n/);
    expect(malformed).toMatch(/\r\ncontent-security-policy: default-src 'none';/);
  });
});
