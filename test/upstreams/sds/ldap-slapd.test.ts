import { type AddressInfo, createServer } from "node:net";
import { LdapClient } from "../../../src/platform/ldap/ldap-client.js";
import { createLdapDirectory, type LdapDirectoryOptions } from "../../../src/upstreams/sds/index.js";
import { EACH, practiceCode, practiceCodes } from "../../fixtures/sds/directory-seed.js";
import { seedLdif } from "../../fixtures/sds/seed-ldif.js";
import { testContext } from "../../support/call-context.js";
import { describeNeeding } from "../../support/needs.js";
import { createHastyPipeline } from "../../support/pipelines.js";
import { type Slapd, startSlapd } from "../../support/slapd.js";
import { startTcpProxy, type TcpProxy } from "../../support/tcp-proxy.js";
import { entryOf, practice } from "./directory-suite.js";

/** What only a real OpenLDAP server can show. */
describeNeeding("slapd", "the directory client and slapd", () => {
  let slapd: Slapd;
  let proxy: TcpProxy;
  let ldap: LdapClient;
  beforeAll(async () => {
    slapd = await startSlapd({ ldif: seedLdif(), sizeLimit: 40 });
  });
  afterAll(() => slapd?.stop());
  beforeEach(async () => {
    proxy = await startTcpProxy(slapd.port);
    ldap = new LdapClient({ url: `ldap://127.0.0.1:${proxy.port}` });
  });
  afterEach(async () => {
    await ldap.close();
    await proxy.close();
  });

  const directory = (facts: Partial<LdapDirectoryOptions> = {}) =>
    createLdapDirectory({
      ldap,
      baseDn: "ou=services,o=nhs",
      lookup: "parallel",
      timeoutMs: 10_000,
      ...facts,
    });
  const lookUp = (code: string, context = testContext(), facts: Partial<LdapDirectoryOptions> = {}) =>
    directory(facts).lookUp([practice(code)], context);

  it("answers 200 concurrent searches over one connection", async () => {
    const context = testContext();
    const numbers = Array.from({ length: 200 }, (_, index) => 1 + (index % EACH));
    const answers = await Promise.all(
      numbers.map((number) => lookUp(practiceCode("ordinary", number), context)),
    );
    expect(answers).toEqual(numbers.map((number) => [entryOf("ordinary", number)]));
    expect(context.calls.calls).toHaveLength(200);
    expect(proxy.connections).toBe(1);
  });

  it("is reconnected after the connection was cut between searches", async () => {
    await lookUp("A1001");
    proxy.cut();
    const context = testContext({ resilience: createHastyPipeline() });
    expect(await lookUp("A1001", context)).toEqual([entryOf("ordinary", 1)]);
    expect(context.calls.calls.at(-1)).toMatchObject({ interaction: "search", outcome: "OK" });
    expect(proxy.connections).toBe(2);
  });

  it("returns all entries when a chunk beyond its size limit is halved", async () => {
    const codes = [...practiceCodes("ordinary"), ...practiceCodes("withConsumer")];
    const context = testContext();
    const answers = await directory().lookUp(
      codes.map((code) => practice(code)),
      context,
    );
    expect(answers).toEqual(
      codes.map((_code, index) =>
        index < EACH ? entryOf("ordinary", index + 1) : entryOf("withConsumer", index + 1 - EACH),
      ),
    );
    // 15 practices of 2 records and 15 of 3: 75 in all; the second half holds 45 and is cut once more.
    expect(context.calls.calls.map(({ target, outcome }) => [target, outcome])).toEqual([
      [null, "UPSTREAM_BAD_RESPONSE"],
      [null, "OK"],
      [null, "UPSTREAM_BAD_RESPONSE"],
      [null, "OK"],
      [null, "OK"],
    ]);
  });

  it("refuses an unknown search base", async () => {
    const context = testContext();
    const [answer] = await lookUp("A1001", context, { baseDn: "ou=nowhere,o=nhs" });
    expect(answer).toMatchObject({
      kind: "fault",
      error: { code: "UPSTREAM_REFUSED", reason: "NO_SUCH_OBJECT", retryable: false },
    });
    expect(context.calls.calls).toHaveLength(1);
  });
});

describe("an LDAP server that accepts connections and never responds", () => {
  it("is a time-out, and leaves no connection open", async () => {
    let left: () => void = () => {};
    const clientLeft = new Promise<void>((resolve) => {
      left = resolve;
    });
    const server = createServer((socket) => socket.resume().on("close", left));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const ldap = new LdapClient({ url: `ldap://127.0.0.1:${port}`, connectTimeoutMs: 60 });
    const directory = createLdapDirectory({ ldap, baseDn: "o=nhs", lookup: "parallel", timeoutMs: 40 });
    const context = testContext();
    const answers = await directory.lookUp([practice("A1001"), practice("A1002")], context);
    expect(answers).toMatchObject(
      Array(2).fill({ kind: "fault", error: { code: "UPSTREAM_TIMEOUT", service: "SDS", retryable: true } }),
    );
    expect(context.calls.calls).toMatchObject([{ target: null, outcome: "UPSTREAM_TIMEOUT" }]);
    await clientLeft;
    await ldap.close();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
});
