import { useSandbox } from "./support/use-sandbox.js";
import { codeOf, INTERACTION, type Json, ODS_SYSTEM, send, type WireResponse } from "./support/wire.js";

const SLOTS = `${INTERACTION}rest:search:slot-1`;
const MIGRANTS = "urn:nhs:names:services:visitorsandmigrants:fhir:rest:search:observation:1";

const ods = (code: string) => `organization=${ODS_SYSTEM}%7C${code}`;
const interaction = (id: string) => `identifier=https://fhir.nhs.uk/Id/nhsServiceInteractionId%7C${id}`;
const partyKey = (key: string) => `identifier=https://fhir.nhs.uk/Id/nhsMhsPartyKey%7C${key}`;
const identifiers = (reply: WireResponse, name: string): string[] =>
  reply.json.entry.map(
    (one: Json) =>
      one.resource.identifier.find((held: Json) => held.system === `https://fhir.nhs.uk/Id/${name}`).value,
  );

describe("SDS", () => {
  const under = useSandbox();

  function get(query: string, headers: Record<string, string> = {}): Promise<WireResponse> {
    return send(`${under.sandbox.sdsUrl}/${query}`, { headers: { apikey: "any", ...headers } });
  }

  it("returns the address of a practice", async () => {
    const reply = await get(`Endpoint?${ods("T81001")}&${interaction(SLOTS)}`);
    expect(reply.status).toBe(200);
    expect(reply.json).toMatchObject({ resourceType: "Bundle", type: "searchset", total: 1 });
    expect(reply.json.entry[0].resource.address).toMatch(
      /^http:\/\/127\.0\.0\.1:\d+\/T81001\/STU3\/1\/gpconnect\/fhir$/,
    );
  });

  it("lists a consumer-only system before the provider, under another party key", async () => {
    const endpoint = await get(`Endpoint?${ods("T81001")}&${interaction(SLOTS)}`);
    const [key] = identifiers(endpoint, "nhsMhsPartyKey");
    const devices = await get(`Device?${ods("T81001")}&${interaction(SLOTS)}`);
    expect(identifiers(devices, "nhsMhsPartyKey")).toHaveLength(2);
    expect(identifiers(devices, "nhsMhsPartyKey")[0]).not.toBe(key);
    const joined = await get(
      `Device?${ods("T81001")}&${interaction(SLOTS)}&${partyKey(String(key).toLowerCase())}`,
    );
    expect(identifiers(joined, "nhsSpineASID")).toEqual(["918000081001"]);
  });

  it("has one endpoint for each interaction of a party", async () => {
    const reply = await get(`Endpoint?${ods("T81101")}&${partyKey("T81101-881101")}`);
    expect(reply.json.total).toBe(15);
  });

  it("finds Spine's own entry by interaction and party key, and the one Device that serves it", async () => {
    const endpoint = await get(`Endpoint?${interaction(MIGRANTS)}&${partyKey("YES-0000806")}`);
    expect(endpoint.json.total).toBe(1);
    const device = await get(`Device?${ods("YES")}&${interaction(MIGRANTS)}&${partyKey("YES-0000806")}`);
    expect(identifiers(device, "nhsSpineASID")).toEqual(["928942012545"]);
    const other = await get(
      `Device?${ods("YES")}&${interaction("urn:nhs:names:services:pds:QUPA_IN000008UK02")}`,
    );
    expect(other.json.total).toBe(2);
    // The real Device lists hundreds of interactions as well.
    expect(device.json.entry[0].resource.extension.length).toBe(479);
    const withoutVersion = await get(
      `Endpoint?${interaction(MIGRANTS.slice(0, -2))}&${partyKey("YES-0000806")}`,
    );
    expect(withoutVersion.json.total).toBe(0);
  });

  it("finds the consumer's own system by its supplier", async () => {
    const supplier = `manufacturing-organization=${ODS_SYSTEM}%7CTSUP9`;
    const reply = await get(`Device?${ods("T82000")}&${interaction(SLOTS)}&${supplier}`);
    expect(identifiers(reply, "nhsSpineASID")).toEqual(["200000000115"]);
  });

  it.each([
    ["an unknown practice", "T89999"],
    ["a code in lower case", "t81001"],
    ["a practice not in the directory", "T81007"],
  ])("has an empty list of entries for %s", async (_case, code) => {
    const reply = await get(`Endpoint?${ods(code)}&${interaction(SLOTS)}`);
    expect([reply.status, reply.json.total, reply.json.entry]).toEqual([200, 0, []]);
  });

  it("has an empty address, a closed port and an address with a trailing slash", async () => {
    const addressOf = async (code: string) =>
      (await get(`Endpoint?${ods(code)}&${interaction(SLOTS)}`)).json.entry[0].resource.address;
    expect(await addressOf("T81009")).toBe("");
    expect(await addressOf("T81002")).toBe("http://127.0.0.1:1/T81002/STU3/1/gpconnect/fhir");
    expect(await addressOf("T81008")).toMatch(/\/T81008\/STU3\/1\/gpconnect\/fhir\/$/);
  });

  it("lets the last of several parameters of one system win", async () => {
    const reply = await get(`Endpoint?${ods("T81002")}&${ods("T81101")}&${interaction(SLOTS)}`);
    expect(reply.json.entry[0].resource.managingOrganization.identifier.value).toBe("T81101");
  });

  it.each([
    ["Device without organisation", `Device?${interaction(SLOTS)}`],
    ["Device without interaction", `Device?${ods("T81001")}&${partyKey("T81001-881001")}`],
    ["Endpoint by organisation alone", `Endpoint?${ods("T81001")}`],
    ["Endpoint by interaction alone", `Endpoint?${interaction(SLOTS)}`],
    ["an unknown parameter", `Device?${ods("T81001")}&${interaction(SLOTS)}&_count=5`],
    [
      "a supplier on Endpoint",
      `Endpoint?${ods("T81001")}&${interaction(SLOTS)}&manufacturing-organization=x%7Cy`,
    ],
    ["a value without system", `Endpoint?organization=T81001&${interaction(SLOTS)}`],
  ])("refuses %s", async (_case, query) => {
    const reply = await get(query);
    expect([reply.status, codeOf(reply)]).toEqual([400, "BAD_REQUEST"]);
  });

  it("requires an API key, a known path, GET, a plain Accept and a UUID", async () => {
    const query = `Endpoint?${ods("T81001")}&${interaction(SLOTS)}`;
    const url = `${under.sandbox.sdsUrl}/${query}`;
    expect((await send(url)).status).toBe(401);
    expect((await get(query.replace("Endpoint", "endpoint"))).status).toBe(404);
    const posted = await send(url, { method: "POST", headers: { apikey: "any" } });
    expect([posted.status, posted.headers.allow]).toEqual([405, "GET"]);
    expect((await get(query, { accept: "application/fhir+json; fhirVersion=4.0" })).status).toBe(406);
    expect((await get(query, { accept: "application/json" })).headers["content-type"]).toBe(
      "application/json",
    );
    expect((await get(query, { "x-correlation-id": "journey-1" })).status).toBe(400);
  });

  it("mirrors the correlation id and creates one when absent", async () => {
    const query = `Endpoint?${ods("T81001")}&${interaction(SLOTS)}`;
    const id = "0b5f3cbe-54c6-4f8f-9d2a-6a8f4c1f9f10";
    expect((await get(query, { "x-correlation-id": id })).headers["x-correlation-id"]).toBe(id);
    expect((await get(query)).headers["x-correlation-id"]).toMatch(/^[0-9a-f-]{36}$/);
  });
});
