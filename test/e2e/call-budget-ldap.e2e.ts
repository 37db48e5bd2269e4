import { request } from "undici";
import type { Sandbox } from "../../src/sandbox/index.js";
import type { SeededAddress, SeededSystem } from "../fixtures/sds/directory-seed.js";
import { SLOTS, VISITORS } from "../fixtures/sds/directory-seed.js";
import { toLdif } from "../fixtures/sds/seed-ldif.js";
import { describeNeeding } from "../support/needs.js";
import { operation } from "../support/operations.js";
import { type Slapd, startSlapd } from "../support/slapd.js";
import { type RunningGraph, startGraph } from "../support/start-graph.js";

/** The rows of the call budget in which the directory has a part, over LDAP with a real server. */
const PRACTICES = ["T81001", "T81002", "T81003", "T81004", "T81005", "T81006", "T81008"];

describeNeeding("slapd", "the call budget over LDAP with OpenLDAP", () => {
  let slapd: Slapd | undefined;
  describeCallBudget(async (sandbox) => {
    slapd = await startSlapd({ ldif: await copyDirectory(sandbox) });
    return slapd.url;
  });
  afterAll(() => slapd?.stop());
});

describe("the call budget over LDAP with the sandbox's own server", () => {
  describeCallBudget(async (sandbox) => sandbox.ldapUrl);
});

function describeCallBudget(startDirectory: (sandbox: Sandbox) => Promise<string>): void {
  let graph: RunningGraph;
  beforeAll(async () => {
    graph = await startGraph({ startDirectory });
  });
  afterAll(() => graph?.close());

  const cost = async (query: string, session: string, variables: object = { nhsNumber: "9000000009" }) => {
    const answer = await graph.query(query, { ...variables }, { "spine-session": session });
    return { calls: graph.calls(answer).sort(), errors: answer.errors, data: answer.data };
  };
  const patient = (selection: string) =>
    `query ($nhsNumber: ID!) { patient(nhsNumber: $nhsNumber) { ${selection} } }`;

  test("free slots cost one LDAP search, and none again in the same session", async () => {
    const query = patient("practice { freeSlots { start } }");

    expect((await cost(query, "slots")).calls).toEqual([
      "PDS Patient.read",
      "SDS search T81001",
      "SSP slot-1 T81001",
    ]);
    expect((await cost(query, "slots")).calls).toEqual(["SSP slot-1 T81001"]);
  });

  test("the card costs one LDAP search for Spine beside PDS and one for the practice", async () => {
    const card = await cost(operation("03-card"), "card");

    expect(card.errors).toBeUndefined();
    expect(card.calls).toEqual([
      "PDS Patient.read",
      "SDS search T81001",
      "SDS search YES",
      "SSP metadata-1 T81001",
      "SSP slot-1 T81001",
      "VM observation",
    ]);
    expect((await cost(operation("03-card"), "card")).calls).toEqual(["SSP slot-1 T81001", "VM observation"]);
  });

  test("patients of six practices cost one LDAP search, after the last PDS response", async () => {
    const numbers = [
      "9000000009",
      "9990000018",
      "9990000093",
      "9990000107",
      "9990000115",
      "9990000123",
      "9990000158",
    ];

    const { calls, errors } = await cost(
      "query ($r: [_Any!]!) { _entities(representations: $r) { ... on Patient { practice { endpoint { asid } } } } }",
      "entities",
      { r: numbers.map((nhsNumber) => ({ __typename: "Patient", nhsNumber })) },
    );

    expect(errors).toBeUndefined();
    expect(calls).toEqual([...numbers.map(() => "PDS Patient.read"), "SDS search"]);
  });

  test("several practices cost one LDAP search", async () => {
    const { calls, data } = await cost(
      "query ($odsCodes: [ID!]!) { practices(odsCodes: $odsCodes) { endpoint { asid serviceRootUrl } } }",
      "practices",
      { odsCodes: PRACTICES },
    );

    expect(calls).toEqual(["SDS search"]);
    expect(JSON.stringify(data)).not.toContain("null");
  });
}

/** What the sandbox's directory says of the practices and of Spine, as records for slapd. */
async function copyDirectory(sandbox: Sandbox): Promise<string> {
  const copies = await Promise.all([
    ...PRACTICES.map((odsCode) => copyOne(sandbox, odsCode, SLOTS)),
    copyOne(sandbox, "YES", VISITORS),
  ]);
  return toLdif(
    copies.flatMap(({ systems }) => systems),
    copies.flatMap(({ addresses }) => addresses),
  );
}

interface Entry {
  readonly resource: { readonly address?: string; readonly identifier: { system: string; value: string }[] };
}

async function copyOne(
  sandbox: Sandbox,
  odsCode: string,
  interaction: string,
): Promise<{ systems: SeededSystem[]; addresses: SeededAddress[] }> {
  const ask = async (resource: string) => {
    const organisation = encodeURIComponent(`https://fhir.nhs.uk/Id/ods-organization-code|${odsCode}`);
    const identifier = encodeURIComponent(`https://fhir.nhs.uk/Id/nhsServiceInteractionId|${interaction}`);
    const url = `${sandbox.sdsUrl}/${resource}?organization=${organisation}&identifier=${identifier}`;
    const answer = await request(url, { headers: { apikey: "test", accept: "application/fhir+json" } });
    return ((await answer.body.json()) as { entry: Entry[] }).entry.map(
      ({ resource: { address, identifier } }) => ({
        address: address ?? "",
        partyKey: identifier.find(({ system }) => system.endsWith("nhsMhsPartyKey"))?.value ?? "",
        asid: identifier.find(({ system }) => system.endsWith("nhsSpineASID"))?.value ?? "",
      }),
    );
  };
  const [systems, addresses] = await Promise.all([ask("Device"), ask("Endpoint")]);
  return {
    systems: systems.map(({ asid, partyKey }) => ({ asid, odsCode, partyKey, interactions: [interaction] })),
    addresses: addresses.map(({ address, partyKey }) => ({
      id: `mhs-${odsCode}-${partyKey}`,
      odsCode,
      partyKey,
      interaction,
      addresses: [address],
    })),
  };
}
