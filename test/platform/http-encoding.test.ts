import { gzipSync } from "node:zlib";
import { HttpClient } from "../../src/platform/http/http-client.js";
import { type LocalServer, startLocalServer } from "../support/local-server.js";

const BODY = JSON.stringify({ resourceType: "Bundle", note: "€ and 名, over several chunks. ".repeat(400) });
const PIECE_BYTES = 97;

const http = new HttpClient();
let server: LocalServer | undefined;
afterEach(() => server?.close());
afterAll(() => http.close());

const ask = (url: string) =>
  http.request({ method: "GET", url: `${url}/metadata`, headers: {}, timeoutMs: 5_000 });

/** In small pieces that split letters, without a length: so the transfer is chunked. */
async function serveInPieces(body: Buffer, headers: Record<string, string>): Promise<string> {
  server = await startLocalServer(async (_request, response) => {
    response.writeHead(200, headers);
    for (let at = 0; at < body.length; at += PIECE_BYTES) {
      await new Promise<void>((sent) => response.write(body.subarray(at, at + PIECE_BYTES), () => sent()));
    }
    response.end();
  });
  return server.url;
}

// Proves GPC-SPN-TST-12.
test.each([
  ["as it is", Buffer.from(BODY), {}],
  ["packed", gzipSync(BODY), { "content-encoding": "gzip" }],
  ["packed, in capitals", gzipSync(BODY), { "content-encoding": "GZIP" }],
])("a chunked response is read completely, %s", async (_how, body, headers: Record<string, string>) => {
  const answer = await ask(await serveInPieces(body, headers));

  expect(answer.headers["transfer-encoding"]).toBe("chunked");
  expect(answer.body).toBe(BODY);
  expect(server?.requests[0]?.headers["accept-encoding"]).toBe("gzip");
});

test("a response that claims to be compressed and is not is a failure", async () => {
  const url = await serveInPieces(Buffer.from(BODY), { "content-encoding": "gzip" });

  await expect(ask(url)).rejects.toMatchObject({ kind: "reset" });
});
