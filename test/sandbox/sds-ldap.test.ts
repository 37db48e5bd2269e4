import { Client } from "ldapts";
import { HttpClient } from "../../src/platform/http/http-client.js";
import { LdapClient } from "../../src/platform/ldap/ldap-client.js";
import { PERSONAS } from "../../src/sandbox/index.js";
import { createFhirDirectory, createLdapDirectory, type Directory } from "../../src/upstreams/sds/index.js";
import { testContext } from "../support/call-context.js";
import { practice } from "../upstreams/sds/directory-suite.js";
import { useSandbox } from "./support/use-sandbox.js";

const BASE = "ou=services,o=nhs";
const MIGRANTS = "urn:nhs:names:services:visitorsandmigrants:fhir:rest:search:observation:1";

describe("SDS over LDAP", () => {
  const under = useSandbox({ population: { practices: 50, patients: 0 } });
  const http = new HttpClient();
  let ldap: LdapClient;
  let client: Client;
  beforeEach(() => {
    ldap = new LdapClient({ url: under.sandbox.ldapUrl });
    client = new Client({ url: under.sandbox.ldapUrl });
  });
  afterEach(() => Promise.all([ldap.close(), client.unbind()]));
  afterAll(() => http.close());

  const overLdap = (lookup: "parallel" | "ordered" = "parallel"): Directory =>
    createLdapDirectory({ ldap, baseDn: BASE, lookup, timeoutMs: 10_000 });
  const overFhir = (): Directory =>
    createFhirDirectory({ url: under.sandbox.sdsUrl, apiKey: "any", http, timeoutMs: 10_000 });
  /** Over a connection of its own, because a fault may end the connection. */
  const search = async (odsCode: string) => {
    const own = new Client({ url: under.sandbox.ldapUrl });
    try {
      return await own.search(BASE, { filter: `(nhsIDCode=${odsCode})` });
    } finally {
      await own.unbind().catch(() => undefined);
    }
  };

  it.each(["parallel", "ordered"] as const)(
    "gives our client the same results as FHIR, with SDS_LOOKUP=%s",
    async (lookup) => {
      const queries = [
        ...PERSONAS.practices.map(({ odsCode }) => practice(odsCode)),
        practice("T90007"),
        practice("T90049"),
        practice("T90051"),
        practice("YES", { interaction: MIGRANTS, partyKey: "YES-0000806" }),
      ];
      const found = await overLdap(lookup).lookUp(queries, testContext());
      expect(found).toEqual(await overFhir().lookUp(queries, testContext()));
      expect(found.filter(({ kind }) => kind === "entry").length).toBeGreaterThan(20);
    },
  );

  it("holds generated practices by ODS code, party key and ASID", async () => {
    const { searchEntries } = await search("T90007");
    const system = searchEntries.find(({ objectClass }) => [objectClass].flat().includes("nhsAs"));
    const count = searchEntries.length;
    expect(count).toBeGreaterThan(10);
    const by = async (filter: string) => (await client.search(BASE, { filter })).searchEntries.length;
    expect(await by(`(nhsMHSPartyKey=${system?.nhsMHSPartyKey})`)).toBe(count);
    expect(await by(`(&(objectClass=nhsAs)(uniqueIdentifier=${system?.uniqueIdentifier}))`)).toBe(1);
    expect(await by("(nhsIDCode=T90050)")).toBe(0);
  });

  it("holds a registration with two addresses as one entry with two values", async () => {
    const { searchEntries } = await search("T81018");
    const addresses = searchEntries.flatMap(({ nhsMHSEndPoint }) => (nhsMHSEndPoint ? [nhsMHSEndPoint] : []));
    expect(addresses.length).toBeGreaterThan(10);
    for (const values of addresses) expect(values).toHaveLength(2);
  });

  it("gives Spine's system its hundreds of interactions", async () => {
    const { searchEntries } = await client.search(BASE, {
      filter: `(&(nhsMHSPartyKey=YES-0000806)(objectClass=nhsAs)(nhsAsSvcIA=${MIGRANTS}))`,
    });
    expect(searchEntries).toMatchObject([{ uniqueIdentifier: "928942012545" }]);
    expect(searchEntries[0]?.nhsAsSvcIA?.length).toBeGreaterThan(300);
  });

  it("records a search with its practice and result", async () => {
    under.sandbox.reset();
    await search("T81001");
    expect(under.sandbox.requests).toMatchObject([
      {
        service: "SDS",
        method: "SEARCH",
        path: "ldap:///ou=services,o=nhs??sub?(nhsIDCode=T81001)",
        interaction: "search",
        odsCode: "T81001",
        status: 200,
        refusal: undefined,
      },
    ]);
  });

  it.each([
    ["status 503 as unavailable", { status: 503 }, { code: 52 }],
    ["status 429 as busy", { status: 429 }, { code: 51 }],
    [
      "a reset as a lost connection",
      "reset" as const,
      { message: expect.stringMatching(/ECONNRESET|Connection closed/) },
    ],
  ])("has the faults of SDS: %s, for the named practice only", async (_what, kind, error) => {
    under.sandbox.faults.add({ service: "SDS", interaction: "search", odsCode: "T81001", kind, times: 1 });
    expect((await search("T81101")).searchEntries.length).toBeGreaterThan(10);
    await expect(search("T81001")).rejects.toMatchObject(error);
    expect((await search("T81001")).searchEntries.length).toBeGreaterThan(10);
  });

  it("waits while a hold stops its processing", async () => {
    const hold = under.sandbox.hold({ service: "SDS", odsCode: "T81001" });
    const found = search("T81001");
    await hold.waiting();
    expect((await search("T81101")).searchEntries.length).toBeGreaterThan(10);
    hold.release();
    expect((await found).searchEntries.length).toBeGreaterThan(10);
  });
});
