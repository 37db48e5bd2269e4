import { brotliCompressSync, gzipSync } from "node:zlib";
import { HttpClient } from "../../src/platform/http/http-client.js";
import { type LocalServer, startLocalServer } from "../support/local-server.js";

const BODY = JSON.stringify({ resourceType: "Bundle", note: "€ and 名, over several chunks. ".repeat(400) });
const PIECE_BYTES = 97;

const http = new HttpClient({ maxResponseBytes: 100_000 });
let server: LocalServer | undefined;
afterEach(() => server?.close());
afterAll(() => http.close());

const get = (url: string) =>
  http.request({ method: "GET", url: `${url}/metadata`, headers: {}, timeoutMs: 5_000 });

/** Serves the body in small pieces that split characters, without a length: so the transfer is chunked. */
async function serve(body: Buffer, headers: Record<string, string> = {}, status = 200): Promise<string> {
  server = await startLocalServer(async (_request, response) => {
    response.writeHead(status, headers);
    for (let at = 0; at < body.length; at += PIECE_BYTES) {
      await new Promise<void>((sent) => response.write(body.subarray(at, at + PIECE_BYTES), () => sent()));
    }
    response.end();
  });
  return server.url;
}

// Proves GPC-SPN-TST-12.
test.each([
  ["uncompressed", Buffer.from(BODY), {}],
  ["with identity named", Buffer.from(BODY), { "content-encoding": "identity" }],
  ["compressed", gzipSync(BODY), { "content-encoding": "gzip" }],
  ["compressed, in capitals", gzipSync(BODY), { "content-encoding": "GZIP" }],
  ["compressed, by the old name", gzipSync(BODY), { "content-encoding": "x-gzip" }],
  [
    "in parts",
    Buffer.concat([gzipSync(BODY.slice(0, 500)), gzipSync(BODY.slice(500))]),
    { "content-encoding": "gzip" },
  ],
])("a chunked response is read completely, %s", async (_how, body, headers: Record<string, string>) => {
  const response = await get(await serve(body, headers));

  expect(response.headers["transfer-encoding"]).toBe("chunked");
  expect(response.body).toBe(BODY);
  expect(server?.requests[0]?.headers["accept-encoding"]).toBe("gzip");
});

test.each([
  ["claims to be compressed and is not", Buffer.from(BODY), "gzip"],
  ["is compressed and truncated", gzipSync(BODY).subarray(0, -12), "gzip"],
  ["has an encoding that we do not accept", brotliCompressSync(BODY), "br"],
  ["is compressed twice", gzipSync(gzipSync(BODY)), "gzip, gzip"],
])("a response that %s is undecodable", async (_what, body, encoding) => {
  const url = await serve(body, { "content-encoding": encoding });

  await expect(get(url)).rejects.toMatchObject({ kind: "undecodable" });
});

test("a small response that decompresses beyond the limit is too large", async () => {
  const url = await serve(gzipSync("x".repeat(100_001)), { "content-encoding": "gzip" });

  await expect(get(url)).rejects.toMatchObject({ kind: "too-large" });
});

const FAMILY = "MUÑOZ €5";
const WINDOWS_1252 = Buffer.from([0x4d, 0x55, 0xd1, 0x4f, 0x5a, 0x20, 0x80, 0x35]);

test.each([
  ["no content type", Buffer.from(FAMILY), undefined],
  ["no charset", Buffer.from(FAMILY), "application/fhir+json"],
  ["utf-8", Buffer.from(FAMILY), "application/fhir+json;charset=utf-8"],
  ["utf-8 quoted, in capitals", Buffer.from(FAMILY), 'application/fhir+json; Charset="UTF-8"; q=1'],
  ["utf-8 with a byte order mark", Buffer.from(`\uFEFF${FAMILY}`), "application/json;charset=utf8"],
  ["windows-1252", WINDOWS_1252, "application/fhir+json;charset=windows-1252"],
  ["iso-8859-1", WINDOWS_1252, "application/fhir+json; charset=ISO-8859-1"],
])("a body with %s is decoded by its charset", async (_what, body, contentType) => {
  const url = await serve(body, contentType === undefined ? {} : { "content-type": contentType });

  expect((await get(url)).body).toBe(FAMILY);
});

test("every byte of windows-1252 that differs from ISO-8859-1 is read as its character", async () => {
  const differing = Buffer.from(Array.from({ length: 32 }, (_, index) => 0x80 + index));
  const url = await serve(differing, { "content-type": "text/plain;charset=windows-1252" });

  expect((await get(url)).body).toBe("€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8DŽ\x8F\x90‘’“”•–—˜™š›œ\x9DžŸ");
});

const bytes = (...values: readonly number[]) => Buffer.from(values);

test.each([
  ["latin-1 without a charset", WINDOWS_1252, "application/fhir+json"],
  ["latin-1 declared as utf-8", WINDOWS_1252, "application/fhir+json;charset=utf-8"],
  ["latin-1 declared as ASCII", WINDOWS_1252, "application/fhir+json;charset=us-ascii"],
  ["a truncated last character", Buffer.from("€").subarray(0, 2), "application/json"],
  ["an overlong encoding", bytes(0xc0, 0xaf), "application/json"],
  ["an encoded surrogate", bytes(0xed, 0xa0, 0x80), "application/json"],
  ["a code point beyond Unicode", bytes(0xf4, 0x90, 0x80, 0x80), "application/json"],
  ["an unknown charset", Buffer.from("{}"), "application/json;charset=klingon"],
  ["utf-16", Buffer.from("{}", "utf16le"), "application/json;charset=utf-16"],
])(
  "a successful response with %s is undecodable, and no character is replaced",
  async (_what, body, contentType) => {
    const url = await serve(body, { "content-type": contentType });

    await expect(get(url)).rejects.toMatchObject({ kind: "undecodable" });
  },
);

test("a replacement character that was received is kept", async () => {
  expect((await get(await serve(Buffer.from("a\uFFFDb")))).body).toBe("a\uFFFDb");
});

test.each([
  ["invalid text", WINDOWS_1252, {}],
  ["a broken compression", Buffer.from("<h1>Bad Gateway</h1>"), { "content-encoding": "gzip" }],
  [
    "an unknown charset",
    Buffer.from("<h1>Bad Gateway</h1>"),
    { "content-type": "text/html;charset=klingon" },
  ],
])(
  "a failed response keeps its status, whatever its body: %s",
  async (_what, body, headers: Record<string, string>) => {
    expect(await get(await serve(body, headers, 502))).toMatchObject({ status: 502 });
  },
);
