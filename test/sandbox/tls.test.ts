import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "ldapts";
import { type Agent, getGlobalDispatcher, setGlobalDispatcher } from "undici";
import { createLog } from "../../src/platform/telemetry/log.js";
import { startSandbox } from "../../src/sandbox/index.js";
import { clientCredentials, filesOf, trusting } from "./support/tls.js";
import { useSandbox } from "./support/use-sandbox.js";
import { send } from "./support/wire.js";

const REQUEST_ID = { "x-request-id": "0b5f3cbe-54c6-4f8f-9d2a-6a8f4c1f9f10" };

describe("a sandbox with TLS", () => {
  const logLines: string[] = [];
  const under = useSandbox({ tls: true, log: createLog("trace", (line) => logLines.push(line)) });
  const before = getGlobalDispatcher();
  let withCertificate: Agent;
  let withoutCertificate: Agent;
  beforeAll(() => {
    withCertificate = trusting(under.sandbox, clientCredentials(under.sandbox));
    withoutCertificate = trusting(under.sandbox);
    setGlobalDispatcher(withoutCertificate);
  });
  afterAll(async () => {
    setGlobalDispatcher(before);
    await Promise.all([withCertificate.close(), withoutCertificate.close()]);
  });

  it("has https and ldaps URLs, in SDS too", async () => {
    const { gateway, ldap, ...others } = under.sandbox.urls;
    for (const url of [gateway, ...Object.values(others)]) expect(url).toMatch(/^https:\/\/127\.0\.0\.1:/);
    expect(ldap).toMatch(/^ldaps:\/\/127\.0\.0\.1:/);
    expect((await under.caller()).root).toMatch(/^https:/);
    // The address of the practice that is down still refuses connections, behind the proxy.
    const down = await under.caller("T81002");
    expect((await down.metadata({ dispatcher: withCertificate })).status).toBe(502);
  });

  it("is not trusted by a client that does not know its authority", async () => {
    await expect(send(under.sandbox.pdsUrl, { dispatcher: before })).rejects.toThrow(/certificate/);
  });

  it.each(["pds", "gateway"] as const)("serves PDS without a client certificate: %s", async (name) => {
    const { urls } = under.sandbox;
    const base = name === "pds" ? urls.pds : `${urls.gateway}/pds`;
    expect((await send(`${base}/Patient/9000000009`, { headers: REQUEST_ID })).status).toBe(200);
  });

  it("serves console and control API without a client certificate", async () => {
    const { gateway } = under.sandbox.urls;
    expect((await send(`${gateway}/__sandbox/clock`)).status).toBe(200);
  });

  it.each(["vm", "ssp"] as const)(
    "requires the client certificate for %s, on the gateway too",
    async (name) => {
      const { urls } = under.sandbox;
      for (const url of [urls[name], `${urls.gateway}/${name}`]) {
        expect((await send(`${url}/x`)).status).toBe(496);
        expect((await send(`${url}/x`, { dispatcher: withCertificate })).status).toBeLessThan(495);
      }
    },
  );

  it.each([
    [undefined, "P-T4", "The client certificate of the consumer"],
    ["expired", "P-T3", expect.stringContaining("CERT_HAS_EXPIRED")],
  ])(
    "names in the journal the rule that the certificate %s broke, and no other",
    async (refused, id, needed) => {
      const credentials = refused === undefined ? {} : clientCredentials(under.sandbox, refused);
      const dispatcher = trusting(under.sandbox, credentials);
      const { ssp, gateway } = under.sandbox.urls;
      await send(`${ssp}/x`, { dispatcher });
      const { json } = await send(`${gateway}/__sandbox/journal?service=SSP`);
      expect(json.at(-1)).toMatchObject({
        rules: { broken: [{ id }] },
        nearMiss: { needed, notJudged: expect.not.arrayContaining(["P-T8"]) },
      });
      await dispatcher.close();
    },
  );

  it("leaves the uses of a fault to the requests that a certificate lets in", async () => {
    under.sandbox.faults.add({ service: "VM", kind: { status: 503 }, times: 1 });
    expect((await send(`${under.sandbox.urls.vm}/x`)).status).toBe(496);
    expect((await send(`${under.sandbox.urls.vm}/x`, { dispatcher: withCertificate })).status).toBe(503);
  });

  describe("by LDAP", () => {
    async function search(refused?: string | null) {
      const ca = readFileSync(filesOf(under.sandbox).ca, "utf8");
      const credentials = refused === null ? {} : clientCredentials(under.sandbox, refused);
      const client = new Client({ url: under.sandbox.ldapUrl, tlsOptions: { ca, ...credentials } });
      try {
        return (await client.search("ou=services,o=nhs", { filter: "(nhsIDCode=T81001)" })).searchEntries;
      } finally {
        await client.unbind().catch(() => undefined);
      }
    }

    it("accepts the consumer's certificate", async () => {
      expect((await search()).length).toBeGreaterThan(10);
    });

    it.each([null, "wrong-host", "unknown-issuer", "revoked", "expired"])(
      "closes the connection with the client certificate %s",
      async (refused) => {
        await expect(search(refused)).rejects.toThrow();
        expect((await search()).length).toBeGreaterThan(10);
      },
    );
  });

  it("logs no key and no certificate", () => {
    expect(logLines.length).toBeGreaterThan(5);
    expect(logLines.join("")).not.toMatch(/BEGIN|PRIVATE/);
  });
});

describe("the files for consumers", () => {
  const modes = (folder: string) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .sort()
      .map((name) => [name, (statSync(join(folder, name)).mode & 0o777).toString(8)]);

  it("are readable by their owner alone, without the keys of the servers, and removed at the end", async () => {
    const sandbox = await startSandbox({ tls: true });
    const { folder } = filesOf(sandbox);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(modes(folder)).toEqual([
      ["ca.pem", "600"],
      ["client-key.pem", "600"],
      ["client.pem", "600"],
      ["crl.pem", "600"],
      ["refused", "700"],
      ...["expired", "revoked", "unknown-issuer", "wrong-host"].flatMap((name) => [
        [`refused/${name}-key.pem`, "600"],
        [`refused/${name}.pem`, "600"],
      ]),
    ]);
    await sandbox.close();
    expect(existsSync(folder)).toBe(false);
  });

  it("stay in a folder that the caller chose, and replace older ones and their rights", async () => {
    const folder = mkdtempSync(join(tmpdir(), "spine-graph-chosen-"));
    writeFileSync(join(folder, "client-key.pem"), "old", { mode: 0o644 });
    const sandbox = await startSandbox({ tls: { folder } });
    await sandbox.close();
    expect(modes(folder)).toContainEqual(["client-key.pem", "600"]);
    expect(readFileSync(join(folder, "client-key.pem"), "utf8")).toContain("PRIVATE KEY");
    rmSync(folder, { recursive: true });
  });

  it("are removed when the sandbox cannot start", async () => {
    const occupant = createServer().listen(0, "127.0.0.1");
    await once(occupant, "listening");
    const own = () => readdirSync(tmpdir()).filter((name) => name.startsWith("spine-sandbox-"));
    const address = occupant.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const existing = new Set(own());
    await expect(startSandbox({ tls: true, port })).rejects.toThrow(/EADDRINUSE/);
    expect(own().filter((name) => !existing.has(name))).toEqual([]);
    await new Promise((closed) => occupant.close(closed));
  });
});
