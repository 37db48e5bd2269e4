import fc from "fast-check";
import {
  AndFilter,
  Client,
  EqualityFilter,
  ExtensibleFilter,
  type Filter,
  GreaterThanEqualsFilter,
  NotFilter,
  OrFilter,
  PresenceFilter,
  SubstringFilter,
} from "ldapts";
import type { LdapServer } from "../../../src/sandbox/ldap/ldap-server.js";
import { ADDRESSES, SYSTEMS } from "../../fixtures/sds/directory-seed.js";
import { seedLdif } from "../../fixtures/sds/seed-ldif.js";
import { describeNeeding } from "../../support/needs.js";
import { type Slapd, startSlapd } from "../../support/slapd.js";
import { entriesOf, startServer } from "./support.js";

const ATTRIBUTES = [
  "objectClass",
  "nhsIDCode",
  "NHSMHSPARTYKEY",
  "nhsAsSvcIA",
  "nhsMhsSvcIA",
  "uniqueIdentifier",
  "nhsAsClient",
  "nhsMhsManufacturerOrg",
  "nhsMHSEndPoint",
  "nhsMhsFQDN",
  "nhsMisspelt",
];
/** Values of the seed, some in another letter case or with blanks. */
const VALUES = [
  ...["nhsAs", "NHSMHS", "nhsmhs", "YGP99", "ygp99", "host.example", "nothing"],
  ...SYSTEMS.slice(0, 60).flatMap(({ asid, odsCode, partyKey }) => [
    asid,
    odsCode,
    odsCode.toLowerCase(),
    partyKey,
    ` ${partyKey.toLowerCase()} `,
  ]),
  ...ADDRESSES.slice(0, 20).flatMap(({ interaction, addresses }) => [interaction, ...addresses]),
];

const attribute = fc.constantFrom(...ATTRIBUTES);
const value = fc.constantFrom(...VALUES);
const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.record({ attribute, value }).map((options) => new EqualityFilter(options)),
    attribute.map((name) => new PresenceFilter({ attribute: name })),
    fc.record({ attribute, value }).map((options) => new GreaterThanEqualsFilter(options)),
    fc.record({ attribute, value }).map((options) => {
      const { attribute: name, value: initial } = options;
      return new SubstringFilter({ attribute: name, initial: initial.trim().slice(0, 3) });
    }),
    fc
      .record({ matchType: attribute, value, rule: fc.constantFrom("caseIgnoreMatch", "caseExactMatch") })
      .map((options) => new ExtensibleFilter(options)),
    fc.array(tie("filter"), { minLength: 1, maxLength: 3 }).map((filters) => new AndFilter({ filters })),
    fc.array(tie("filter"), { minLength: 1, maxLength: 3 }).map((filters) => new OrFilter({ filters })),
    tie("filter").map((inner) => new NotFilter({ filter: inner })),
  ),
}));
const search = fc.record({
  filter,
  base: fc.constantFrom("ou=services,o=nhs", "ou=Services, o=NHS", "o=nhs", "ou=nowhere,o=nhs"),
  scope: fc.constantFrom("base", "one", "sub", "children"),
  attributes: fc.constantFrom<string[]>(
    [],
    ["*"],
    ["1.1"],
    ["nhsidcode", "NHSMHSENDPOINT"],
    ["nhsMisspelt", "nhsAsSvcIA"],
  ),
  sizeLimit: fc.constantFrom(0, 0, 0, 3),
});

/** The sandbox's server must not agree with our client by mistake: OpenLDAP decides what a search returns. */
describeNeeding("slapd", "the sandbox's LDAP server and OpenLDAP", () => {
  let slapd: Slapd;
  let server: LdapServer;
  const clients: Client[] = [];
  beforeAll(async () => {
    slapd = await startSlapd({ ldif: seedLdif(), sizeLimit: 500 });
    server = await startServer(entriesOf(seedLdif()));
    clients.push(new Client({ url: slapd.url }), new Client({ url: server.url }));
  });
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.unbind()));
    await server?.close();
    await slapd?.stop();
  });

  test("return the same entries, or the same result code, for 500 searches", async () => {
    let matched = 0;
    await fc.assert(
      fc.asyncProperty(search, async ({ base, sizeLimit, ...options }) => {
        const [expected, found] = await Promise.all(
          clients.map((client) => run(client, base, { ...options, sizeLimit })),
        );
        if (Array.isArray(expected) && expected.length > 0) matched += 1;
        // Which entries a size limit leaves out is not defined.
        const compared = (result: unknown) =>
          sizeLimit > 0 && Array.isArray(result) ? result.length : result;
        expect(compared(found)).toEqual(compared(expected));
      }),
      { numRuns: 500, seed: 20260114 },
    );
    // Enough searches find something.
    expect(matched).toBeGreaterThan(60);
  });
});

type Options = Parameters<Client["search"]>[1];

/** The entries in order of name, or the code of the failure. The order of entries and of values is not defined. */
async function run(client: Client, base: string, options: Options): Promise<unknown> {
  try {
    const { searchEntries } = await client.search(base, options);
    return searchEntries
      .map((entry) =>
        Object.fromEntries(
          Object.entries(entry).map(([name, values]) => [
            name,
            name === "dn" ? values : [values].flat().map(String).sort(),
          ]),
        ),
      )
      .sort((one, other) => String(one.dn).localeCompare(String(other.dn)));
  } catch (error) {
    return (error as { code?: number }).code ?? error;
  }
}
