import type { LdapEntry } from "../../../src/platform/ldap/ldap-client.js";
import { testContext } from "../../support/call-context.js";
import { practice } from "./directory-suite.js";
import { as, codes, codesIn, directoryOver, mhs, queries, whole } from "./ldap-fake.js";

describe("an LDAP look-up", () => {
  it("requests six attributes, without the list of interactions", async () => {
    const { directory, searches } = directoryOver(whole);
    const { signal } = testContext();
    await directory.lookUp(queries(2), testContext({ signal }));
    expect(searches).toHaveLength(1);
    expect(searches[0]).toMatchObject({ baseDn: "ou=services,o=nhs", timeoutMs: 10_000, signal });
    expect(searches[0]?.attributes).toEqual([
      "objectClass",
      "nhsIDCode",
      "nhsMHSPartyKey",
      "uniqueIdentifier",
      "nhsMHSEndPoint",
      "nhsMhsSvcIA",
    ]);
  });

  it.each([
    [1, [1]],
    [50, [50]],
    [51, [50, 1]],
    [120, [50, 50, 20]],
  ])("searches for 50 organisations at most at once: %i", async (count, expected) => {
    const { directory, searches } = directoryOver(whole);
    const context = testContext();
    const answers = await directory.lookUp(queries(count), context);
    expect(searches.map(({ filter }) => codesIn(filter.toString()).length)).toEqual(expected);
    expect(answers.map((answer) => answer.kind === "entry" && answer.entry.asid)).toEqual(
      codes(count).map((code) => `asid-${code}`),
    );
    const first = count === 1 ? "P1000" : null;
    expect(context.calls.calls[0]).toMatchObject({
      service: "SDS",
      interaction: "search",
      target: first,
      outcome: "OK",
    });
    expect(context.calls.calls).toHaveLength(expected.length);
    expect(context.events.map(({ operation, outcome }) => [operation, outcome])).toEqual(
      expected.map(() => ["SDS search", "SUCCEEDED"]),
    );
  });

  it("is one search for equal queries", async () => {
    const { directory, searches } = directoryOver(whole);
    const [query] = queries(1);
    if (query) await directory.lookUp([query, { ...query }, query], testContext());
    expect(searches.map(({ filter }) => codesIn(filter.toString()))).toEqual([["P1000"]]);
  });

  it("without entries is not repeated", async () => {
    const { directory, searches } = directoryOver(() => []);
    const context = testContext();
    expect(await directory.lookUp(queries(2), context)).toEqual([{ kind: "none" }, { kind: "none" }]);
    expect(searches).toHaveLength(1);
    expect(context.calls.calls).toMatchObject([{ outcome: "NOT_FOUND" }]);
  });

  it("is followed by a second search only where several systems match", async () => {
    const { directory, searches } = directoryOver((filter) => {
      if (filter.includes("nhsAsSvcIA")) return [as("P1001", { uniqueidentifier: ["right"] })];
      return [...whole(filter), as("P1001", { uniqueidentifier: ["right"] })];
    });
    const answers = await directory.lookUp(queries(3), testContext());
    expect(answers.map((answer) => answer.kind === "entry" && answer.entry.asid)).toEqual([
      "asid-P1000",
      "right",
      "asid-P1002",
    ]);
    expect(searches.map(({ filter }) => codesIn(filter.toString()))).toEqual([codes(3), ["P1001"]]);
  });
});

describe("LDAP records", () => {
  const answerTo = async (...entries: LdapEntry[]) => {
    const { directory } = directoryOver(() => entries);
    return (await directory.lookUp(queries(1), testContext()))[0];
  };

  it.each([
    [
      "an address of nobody's is not taken for the one that was asked about",
      [mhs("P1000", { nhsidcode: [] }), as("P1000")],
    ],
    ["an address for another capability", [mhs("P1000", { nhsmhssvcia: ["urn:other"] }), as("P1000")]],
    ["a blank address", [mhs("P1000", { nhsmhsendpoint: [" "] }), as("P1000")]],
    ["an entry of another class", [mhs("P1000", { objectclass: ["person"] }), as("P1000")]],
    ["another organisation's", [mhs("P2000"), as("P2000")]],
  ])("give no entry: %s", async (_what, entries) => {
    expect(await answerTo(...entries)).toEqual({ kind: "none" });
  });

  it.each([
    ["of nobody's", as("P1000", { nhsidcode: [] })],
    ["of another organisation under the same key", as("P2000", { nhsmhspartykey: ["P1000-1"] })],
    ["without an ASID", as("P1000", { uniqueidentifier: [] })],
  ])("of a system %s are not joined to an address", async (_what, system) => {
    expect(await answerTo(mhs("P1000"), system)).toMatchObject({
      kind: "fault",
      error: { reason: "DIRECTORY_ENTRY_INCOMPLETE" },
    });
  });
});

describe("the two documented LDAP searches (SDS_LOOKUP=ordered)", () => {
  // Proves GPC-SPN-TST-01, GPC-SPN-TST-02, SDS-ORDER-CHECK.
  it("look up the address and then the system with its party key, for each organisation", async () => {
    const { directory, searches } = directoryOver(
      (filter) =>
        filter.includes("objectClass=nhsMhs") ? codesIn(filter).map((code) => mhs(code)) : whole(filter),
      { lookup: "ordered" },
    );
    expect(directory.batches).toBe(false);
    const context = testContext();
    await directory.lookUp(queries(2), context);
    expect(searches.map(({ filter }) => filter.toString())).toEqual([
      ...codes(2).map(
        (code) => `(&(nhsIDCode=${code})(objectClass=nhsMhs)(nhsMhsSvcIA=${practice(code).interaction}))`,
      ),
      ...codes(2).map((code) => `(&(nhsIDCode=${code})(objectClass=nhsAs)(nhsMHSPartyKey=${code}-1))`),
    ]);
    expect(context.calls.calls.map(({ target }) => target)).toEqual([...codes(2), ...codes(2)]);
  });

  it("end with the first one when there is no address", async () => {
    const { directory, searches } = directoryOver(() => [], { lookup: "ordered" });
    expect(await directory.lookUp(queries(1), testContext())).toEqual([{ kind: "none" }]);
    expect(searches).toHaveLength(1);
  });
});
