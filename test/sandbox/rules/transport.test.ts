import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import { type Agent, getGlobalDispatcher, setGlobalDispatcher } from "undici";
import { clientCredentials, filesOf, offerSuites, trusting } from "../support/tls.js";
import { useSandbox } from "../support/use-sandbox.js";
import { send } from "../support/wire.js";

const SUITES = [
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-SHA384",
  "ECDHE-RSA-AES256-SHA",
  "DHE-RSA-AES128-GCM-SHA256",
  "DHE-RSA-AES256-GCM-SHA384",
  "DHE-RSA-AES256-SHA256",
  "DHE-RSA-AES256-SHA",
];
/** The first of them, by number, to show that the handshake of our own is sound. */
const ECDHE_RSA_AES128_GCM_SHA256 = 0xc02f;
const HANDSHAKE_FAILURE = 40;
const SERVERS = ["ssp", "practices"] as const;

describe("transport with TLS", () => {
  const under = useSandbox({ tls: true });
  const before = getGlobalDispatcher();
  const agents: Agent[] = [];
  const connections = (credentials?: { cert: string; key: string }) => {
    const agent = trusting(under.sandbox, credentials);
    agents.push(agent);
    return agent;
  };
  beforeAll(() => setGlobalDispatcher(connections(clientCredentials(under.sandbox))));
  afterAll(async () => {
    setGlobalDispatcher(before);
    await Promise.all(agents.map((agent) => agent.close()));
  });
  const portOf = (server: (typeof SERVERS)[number]) => Number(new URL(under.sandbox.urls[server]).port);

  test.each(SERVERS)("P-T1: plain HTTP to %s is refused without a response", async (server) => {
    const socket = connect(portOf(server), "127.0.0.1");
    socket.on("error", () => undefined);
    socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    let received = "";
    socket.on("data", (chunk) => {
      received += chunk;
    });
    await once(socket, "close");
    expect(received).not.toContain("HTTP");
  });

  test("P-T2: a valid client certificate is accepted and the capability statement comes back", async () => {
    const reply = await (await under.caller()).metadata();
    expect([reply.status, reply.json.resourceType]).toEqual([200, "CapabilityStatement"]);
  });

  test.each([
    ["wrong-host", /another host/],
    ["unknown-issuer", /UNABLE_TO_VERIFY_LEAF_SIGNATURE/],
    ["revoked", /CERT_REVOKED/],
    ["expired", /CERT_HAS_EXPIRED/],
  ])(
    "P-T3: a client certificate that is %s gets 495 from the proxy and from a practice",
    async (refused, reason) => {
      const dispatcher = connections(clientCredentials(under.sandbox, refused));
      const caller = await under.caller();
      expect((await caller.metadata({ dispatcher })).status).toBe(495);
      expect((await send(`${caller.root}/metadata`, { dispatcher })).status).toBe(495);
      const reasons = under.sandbox.requests.slice(-2).map(({ service, refusal }) => [service, refusal]);
      const refusal = { code: "495", diagnostics: expect.stringMatching(reason) };
      expect(reasons).toEqual([
        ["SSP", refusal],
        ["PRACTICE", refusal],
      ]);
    },
  );

  test("P-T3: the consumer's certificate gets 495 from a practice, which accepts the proxy's alone", async () => {
    expect((await send(`${(await under.caller()).root}/metadata`)).status).toBe(495);
  });

  test("P-T4: no client certificate gets 496 from the proxy and from a practice", async () => {
    const dispatcher = connections();
    const caller = await under.caller();
    expect((await caller.metadata({ dispatcher })).status).toBe(496);
    expect((await send(`${caller.root}/metadata`, { dispatcher })).status).toBe(496);
  });

  test.each(SUITES)("P-T5: the suite %s connects to the proxy and to a practice", async (ciphers) => {
    for (const server of SERVERS) expect(await handshake(server, { ciphers })).toBe(ciphers);
  });

  test.each([
    ["unknown", 0x1234],
    ["NULL-MD5", 0x0001],
    ["AES128-SHA256", 0x003c],
  ])("P-T6: the suite %s fails in the handshake", async (_name, suite) => {
    for (const server of SERVERS) {
      expect(await offerSuites(portOf(server), [suite])).toEqual({ alert: HANDSHAKE_FAILURE });
      const withAnother = await offerSuites(portOf(server), [suite, ECDHE_RSA_AES128_GCM_SHA256]);
      expect(withAnother).toEqual({ suite: ECDHE_RSA_AES128_GCM_SHA256 });
    }
  });

  test.each(["TLSv1.1", "TLSv1.3"] as const)(
    "%s is refused: Spine's rules name 1.2 alone",
    async (version) => {
      const options = { minVersion: version, maxVersion: version, ciphers: "DEFAULT:@SECLEVEL=0" } as const;
      for (const server of SERVERS) await expect(handshake(server, options)).rejects.toThrow(/version/);
    },
  );

  /** The suite of a handshake with the consumer's certificate. */
  async function handshake(server: (typeof SERVERS)[number], options: ConnectionOptions): Promise<string> {
    const socket = connectTls({
      host: "127.0.0.1",
      port: portOf(server),
      ca: readFileSync(filesOf(under.sandbox).ca),
      ...clientCredentials(under.sandbox),
      maxVersion: "TLSv1.2",
      ...options,
    });
    try {
      await once(socket, "secureConnect");
      return socket.getCipher().name;
    } finally {
      socket.destroy();
    }
  }
});
