import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type ServerOptions } from "node:https";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { HttpClient, HttpFailure } from "../../src/platform/http/http-client.js";
import type { TlsFiles, TlsMaxVersion } from "../../src/platform/tls/tls-files.js";
import { TlsSource } from "../../src/platform/tls/tls-source.js";
import { httpFailureToError } from "../../src/upstreams/upstream-failures.js";
import { TestClock } from "../support/call-context.js";
import { createTestAuthorities, type TestCertificate } from "../support/certificates.js";

// Making RSA keys takes its time on a busy machine.
jest.setTimeout(30_000);

const authorities = createTestAuthorities();
const spine = authorities.found("Spine", "rsa");
const stranger = authorities.found("Stranger");
const LOCAL = ["DNS:localhost", "IP:127.0.0.1"];
const server = spine.issue("localhost", { usage: "serverAuth", names: LOCAL, algorithm: "rsa" });
const ours = spine.issue("consumer.example", { usage: "clientAuth", algorithm: "rsa" });
const theirs = stranger.issue("consumer.example", { usage: "clientAuth" });

const open: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});
afterAll(() => authorities.remove());

interface Seen {
  readonly url: string;
  readonly requests: string[];
  /** Of each connection: the name in the client's certificate, and the suite. */
  readonly connections: { name: string | undefined; suite: string; version: string | null }[];
}

/** A server as Spine's are: our certificate is demanded, TLS 1.2. */
async function serve(
  options: ServerOptions = {},
  beforeAnswer: (path: string) => Promise<void> = async () => {},
): Promise<Seen> {
  const seen: Omit<Seen, "url"> = { requests: [], connections: [] };
  const https = createServer(
    {
      cert: server.cert,
      key: server.key,
      ca: spine.cert,
      requestCert: true,
      rejectUnauthorized: true,
      maxVersion: "TLSv1.2",
      ...options,
    },
    async (request, response) => {
      seen.requests.push(`${request.method} ${request.url}`);
      await beforeAnswer(request.url ?? "");
      response.end("good");
    },
  );
  https.on("secureConnection", (socket: TLSSocket) => {
    seen.connections.push({
      name: socket.getPeerCertificate().subject?.CN?.toString(),
      suite: socket.getCipher().standardName,
      version: socket.getProtocol(),
    });
  });
  await new Promise<void>((resolve) => https.listen(0, "127.0.0.1", resolve));
  open.push(() => {
    https.closeAllConnections();
    https.close();
  });
  return { ...seen, url: `https://localhost:${(https.address() as AddressInfo).port}` };
}

function client(certificate?: TestCertificate, files: TlsFiles = {}, maxVersion?: TlsMaxVersion): HttpClient {
  const all: TlsFiles = {
    SPINE_CA_FILE: spine.certFile,
    ...(certificate && {
      SPINE_CLIENT_CERT_FILE: certificate.certFile,
      SPINE_CLIENT_KEY_FILE: certificate.keyFile,
    }),
    ...files,
  };
  const quiet = { info() {}, warn() {}, error() {} } as never;
  const tls = new TlsSource({ files: all, maxVersion, clock: new TestClock(Date.now()), log: quiet });
  return keep(new HttpClient({ tls }));
}

function keep(http: HttpClient): HttpClient {
  open.push(() => http.close());
  return http;
}

const post = (http: HttpClient, url: string) =>
  http.request({ method: "POST", url: `${url}/Appointment`, headers: {}, body: "{}", timeoutMs: 5_000 });

async function failureOf(http: HttpClient, url: string): Promise<HttpFailure> {
  const failure = await post(http, url).catch((error: unknown) => error);
  if (!(failure instanceof HttpFailure)) throw new Error("the exchange did not fail");
  return failure;
}

/** A failed handshake: unavailable, and certain that no command was carried out. */
async function expectNothingSent(http: HttpClient, { url, requests }: Seen, systemCode: string | RegExp) {
  const failure = await failureOf(http, url);
  expect(failure).toMatchObject({ kind: "tls", systemCode: expect.stringMatching(systemCode) });
  expect(httpFailureToError(failure, "SSP")).toMatchObject({
    code: "UPSTREAM_UNAVAILABLE",
    outcomeUnknown: false,
    service: "SSP",
  });
  expect(requests).toEqual([]);
}

// Proves GPC-SPN-TST-03.
test("with a valid certificate and key, the server sees our name", async () => {
  const seen = await serve();
  expect(await post(client(ours), seen.url)).toMatchObject({ status: 200, body: "good" });
  expect(seen.connections).toEqual([
    { name: "consumer.example", suite: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", version: "TLSv1.2" },
  ]);
});

// Proves GPC-SPN-TST-03.
describe("no TLS connection is established, and nothing is sent", () => {
  test("without a client certificate", async () => {
    await expectNothingSent(client(), await serve(), /ALERT_HANDSHAKE_FAILURE|ECONNRESET/);
  });

  test("to a server of another authority", async () => {
    const other = stranger.issue("localhost", { usage: "serverAuth", names: LOCAL, algorithm: "rsa" });
    await expectNothingSent(
      client(ours),
      await serve({ cert: other.cert, key: other.key }),
      /UNABLE_TO|SELF_SIGNED/,
    );
  });

  test("to a server whose certificate has expired", async () => {
    const over = spine.issue("localhost", {
      usage: "serverAuth",
      names: LOCAL,
      expired: true,
      algorithm: "rsa",
    });
    await expectNothingSent(
      client(ours),
      await serve({ cert: over.cert, key: over.key }),
      "CERT_HAS_EXPIRED",
    );
  });

  test("to a server of another name", async () => {
    const other = spine.issue("elsewhere", {
      usage: "serverAuth",
      names: ["DNS:elsewhere.example"],
      algorithm: "rsa",
    });
    const seen = await serve({ cert: other.cert, key: other.key });
    await expectNothingSent(client(ours), seen, "ERR_TLS_CERT_ALTNAME_INVALID");
  });

  test("to a server whose certificate was revoked", async () => {
    const folder = mkdtempSync(join(tmpdir(), "spine-graph-crl-"));
    open.push(() => rmSync(folder, { recursive: true }));
    const crl = join(folder, "crl.pem");
    writeFileSync(crl, spine.revocationList([]));
    const seen = await serve();
    expect(await post(client(ours, { SPINE_CRL_FILE: crl }), seen.url)).toMatchObject({ status: 200 });
    seen.requests.length = 0;
    writeFileSync(crl, spine.revocationList([server]));
    await expectNothingSent(client(ours, { SPINE_CRL_FILE: crl }), seen, "CERT_REVOKED");
  });

  // Proves GPC-SPN-TST-04.
  test.each(["AES128-SHA256", "ECDHE-RSA-CHACHA20-POLY1305", "AES256-GCM-SHA384"])(
    "to a server that offers only %s",
    async (ciphers) => {
      await expectNothingSent(client(ours), await serve({ ciphers }), /ERR_SSL|ECONNRESET/);
    },
  );

  test("to a server that offers only TLS 1.3, unless the setting permits it", async () => {
    const seen = await serve({ minVersion: "TLSv1.3", maxVersion: "TLSv1.3" });
    await expectNothingSent(client(ours), seen, /ERR_SSL|ECONNRESET/);
    expect(await post(client(ours, {}, "TLSv1.3"), seen.url)).toMatchObject({ status: 200 });
  });

  test("to a server that closes the connection during the handshake", async () => {
    const tcp = createTcpServer((socket) => socket.once("data", () => socket.destroy()));
    await new Promise<void>((resolve) => tcp.listen(0, "127.0.0.1", resolve));
    open.push(() => void tcp.close());
    const url = `https://localhost:${(tcp.address() as AddressInfo).port}`;
    await expectNothingSent(client(ours), { url, requests: [], connections: [] }, "ECONNRESET");
  });

  test("to a server without TLS", async () => {
    const tcp = createTcpServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    await new Promise<void>((resolve) => tcp.listen(0, "127.0.0.1", resolve));
    open.push(() => void tcp.close());
    const url = `https://localhost:${(tcp.address() as AddressInfo).port}`;
    await expectNothingSent(client(ours), { url, requests: [], connections: [] }, /ERR_SSL/);
  });
});

test("a refusal after the handshake is unavailable, and leaves open what the server has read", async () => {
  const foreign = { seen: await serve(), http: client(theirs) };
  const late = {
    seen: await serve({ minVersion: "TLSv1.3", maxVersion: "TLSv1.3" }),
    http: client(undefined, {}, "TLSv1.3"),
  };
  for (const { seen, http } of [foreign, late]) {
    expect(httpFailureToError(await failureOf(http, seen.url), "SSP").code).toBe("UPSTREAM_UNAVAILABLE");
    expect(seen.requests).toEqual([]);
  }
});

test("the system's authorities are not accepted for Spine, nor Spine's for another host", async () => {
  const seen = await serve({ requestCert: false, rejectUnauthorized: false });
  expect(await failureOf(keep(new HttpClient()), seen.url)).toMatchObject({ kind: "tls" });
});

// Proves GPC-SPN-TST-04.
test.each([
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-SHA384",
  "ECDHE-RSA-AES256-SHA",
  "DHE-RSA-AES128-GCM-SHA256",
  "DHE-RSA-AES256-GCM-SHA384",
  "DHE-RSA-AES256-SHA256",
  "DHE-RSA-AES256-SHA",
])("a server that offers only %s is accepted (assurance notes, 3.3)", async (ciphers) => {
  const seen = await serve({ ciphers, dhparam: "auto" } as ServerOptions);
  expect(await post(client(ours), seen.url)).toMatchObject({ status: 200 });
});

test("renewed files are used for new connections; established connections go on", async () => {
  const folder = mkdtempSync(join(tmpdir(), "spine-graph-renewed-"));
  open.push(() => rmSync(folder, { recursive: true }));
  const renewed = spine.issue("renewed.example", { usage: "clientAuth", algorithm: "rsa" });
  const files = { certFile: join(folder, "cert"), keyFile: join(folder, "key") };
  const put = (from: TestCertificate) => {
    copyFileSync(from.certFile, files.certFile);
    copyFileSync(from.keyFile, files.keyFile);
  };
  put(ours);
  let arrived = () => {};
  const hasArrived = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  let release = () => {};
  const isReleased = new Promise<void>((resolve) => {
    release = resolve;
  });
  const seen = await serve({}, async (path) => {
    if (path !== "/held/Appointment") return;
    arrived();
    await isReleased;
  });
  const http = client({ ...ours, ...files });
  const held = post(http, `${seen.url}/held`);
  await hasArrived;
  put(renewed);
  await post(http, seen.url);
  release();
  expect(await held).toMatchObject({ status: 200 });
  expect(seen.connections.map(({ name }) => name)).toEqual(["consumer.example", "renewed.example"]);
});
