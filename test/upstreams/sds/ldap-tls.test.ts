import type { AddressInfo } from "node:net";
import { createServer, type TlsOptions } from "node:tls";
import { inspect } from "node:util";
import { LdapClient, type LdapTls } from "../../../src/platform/ldap/ldap-client.js";
import { createLdapDirectory } from "../../../src/upstreams/sds/index.js";
import { seedLdif } from "../../fixtures/sds/seed-ldif.js";
import { testContext } from "../../support/call-context.js";
import {
  createTestAuthorities,
  type TestAuthorities,
  type TestAuthority,
  type TestCertificate,
} from "../../support/certificates.js";
import { describeNeeding } from "../../support/needs.js";
import { type Slapd, startSlapd } from "../../support/slapd.js";
import { startTcpProxy } from "../../support/tcp-proxy.js";
import { entryOf, practice } from "./directory-suite.js";

const HERE = ["DNS:localhost", "IP:127.0.0.1"];

/** Mutual TLS as on Spine: a client certificate is demanded, and its lack shows as a line that goes dead. */
describeNeeding("slapd", "the directory over ldaps", () => {
  let authorities: TestAuthorities;
  let spine: TestAuthority;
  let stranger: TestAuthority;
  let ours: TestCertificate;
  let slapd: Slapd;
  beforeAll(async () => {
    authorities = createTestAuthorities();
    spine = authorities.found("spine");
    stranger = authorities.found("stranger");
    ours = spine.issue("consumer", { usage: "clientAuth" });
    const server = spine.issue("localhost", { usage: "serverAuth", names: HERE });
    slapd = await startSlapd({ ldif: seedLdif(), tls: { authority: spine, server } });
  });
  afterAll(async () => {
    await slapd?.stop();
    authorities?.remove();
  });

  const identity = ({ cert, key }: TestCertificate): LdapTls => ({ cert, key });

  async function lookUp(port: number, tls: LdapTls, host = "localhost") {
    const proxy = await startTcpProxy(port);
    const ldap = new LdapClient({ url: `ldaps://${host}:${proxy.port}`, tls });
    const directory = createLdapDirectory({
      ldap,
      baseDn: "ou=services,o=nhs",
      lookup: "parallel",
      timeoutMs: 10_000,
    });
    const context = testContext();
    const answers = await directory.lookUp([practice("A1001")], context);
    await ldap.close();
    await proxy.close();
    return { answer: answers[0], connections: proxy.connections, calls: context.calls.calls };
  }

  /** One clear answer, no second try, and nothing in it but what went wrong. */
  function expectClosed({ answer, connections, calls }: Awaited<ReturnType<typeof lookUp>>) {
    expect(answer).toMatchObject({
      kind: "fault",
      error: { service: "SDS", code: "UPSTREAM_UNAVAILABLE", retryable: false, cause: { kind: "tls" } },
    });
    expect(connections).toBe(1);
    expect(calls).toMatchObject([{ outcome: "UPSTREAM_UNAVAILABLE" }]);
    expect(inspect(answer, { depth: 10 })).not.toMatch(/A1001|services|127\.0\.0\.1|BEGIN/);
  }

  it.each(["localhost", "127.0.0.1"])("accepts a client with a certificate at %s", async (host) => {
    const { answer } = await lookUp(slapd.port, { ca: spine.cert, ...identity(ours) }, host);
    expect(answer).toEqual(entryOf("ordinary", 1));
  });

  it("refuses a client without a certificate", async () => {
    expectClosed(await lookUp(slapd.port, { ca: spine.cert }));
  });

  it("refuses a client certificate of another authority", async () => {
    const foreign = stranger.issue("consumer", { usage: "clientAuth" });
    expectClosed(await lookUp(slapd.port, { ca: spine.cert, ...identity(foreign) }));
  });

  it("refuses an expired client certificate", async () => {
    const expired = spine.issue("consumer", { usage: "clientAuth", expired: true });
    expectClosed(await lookUp(slapd.port, { ca: spine.cert, ...identity(expired) }));
  });

  it.each([
    ["from another authority", () => ({ ca: stranger.cert })],
    ["from an authority that the system does not know", () => ({})],
  ])("is refused by the client with a certificate %s", async (_what, trust) => {
    expectClosed(await lookUp(slapd.port, { ...trust(), ...identity(ours) }));
  });

  it("is not called with a key that does not match the certificate", async () => {
    const other = spine.issue("consumer", { usage: "clientAuth" });
    const { answer, connections } = await lookUp(slapd.port, {
      ca: spine.cert,
      cert: ours.cert,
      key: other.key,
    });
    expect(answer).toMatchObject({
      kind: "fault",
      error: { code: "UPSTREAM_UNAVAILABLE", retryable: false, cause: { kind: "tls" } },
    });
    expect(connections).toBe(0);
  });

  describe("behind another server", () => {
    async function throughServer(options: TlsOptions, tls: LdapTls) {
      const server = createServer(options).on("tlsClientError", () => {});
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const result = await lookUp((server.address() as AddressInfo).port, tls);
      await new Promise<void>((resolve) => server.close(() => resolve()));
      return result;
    }

    it.each([
      ["an expired certificate", { names: HERE, expired: true }],
      ["another host's certificate", { names: ["DNS:elsewhere.example"] }],
    ])("is refused by the client with %s", async (_what, options) => {
      const { cert, key } = spine.issue("localhost", { usage: "serverAuth", ...options });
      expectClosed(await throughServer({ cert, key }, { ca: spine.cert, ...identity(ours) }));
    });

    it("is not called with an outdated TLS version", async () => {
      const { cert, key } = spine.issue("localhost", { usage: "serverAuth", names: HERE });
      const old = { cert, key, maxVersion: "TLSv1.1", minVersion: "TLSv1", ciphers: "DEFAULT@SECLEVEL=0" };
      expectClosed(await throughServer(old as TlsOptions, { ca: spine.cert, ...identity(ours) }));
    });
  });
});
