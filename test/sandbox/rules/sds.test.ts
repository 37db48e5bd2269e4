import { startSandbox } from "../../../src/sandbox/index.js";
import {
  A_WEDNESDAY,
  FakeClock,
  INTERACTION,
  type Json,
  ODS_SYSTEM,
  send,
  type WireResponse,
} from "../support/wire.js";
import { refusal, useFreshSandbox } from "./support.js";

const SLOTS = `${INTERACTION}rest:search:slot-1`;
const MIGRANTS = "urn:nhs:names:services:visitorsandmigrants:fhir:rest:search:observation:1";
const HALF_AN_HOUR_MS = 1_800_000;
const FRESH = { "cache-control": "no-cache" };

const ods = (code: string) => `organization=${ODS_SYSTEM}%7C${code}`;
const interaction = (id: string) => `identifier=https://fhir.nhs.uk/Id/nhsServiceInteractionId%7C${id}`;
const partyKey = (key: string) => `identifier=https://fhir.nhs.uk/Id/nhsMhsPartyKey%7C${key}`;
const endpoints = (code: string) => `Endpoint?${ods(code)}&${interaction(SLOTS)}`;
const devices = (code: string) => `Device?${ods(code)}&${interaction(SLOTS)}`;

const resources = (reply: WireResponse): Json[] => reply.json.entry.map(({ resource }: Json) => resource);
const identifier = (resource: Json, name: string): string =>
  resource.identifier.find(({ system }: Json) => system === `https://fhir.nhs.uk/Id/${name}`).value;

const under = useFreshSandbox();

function get(query: string, headers: Record<string, string> = {}): Promise<WireResponse> {
  return send(`${under.sandbox.sdsUrl}/${query}`, { headers: { apikey: "any", ...headers } });
}

/** Party keys of the endpoints and of the systems of a practice, from the directory itself. */
async function partyKeys(code: string): Promise<[endpoints: string[], systems: string[]]> {
  const [found, systems] = [await get(endpoints(code), FRESH), await get(devices(code), FRESH)];
  const keys = (reply: WireResponse) => resources(reply).map((one) => identifier(one, "nhsMhsPartyKey"));
  return [keys(found), keys(systems)];
}

test.each([
  ["a Device without organisation", `Device?${interaction(SLOTS)}`],
  ["a Device without interaction", `Device?${ods("T81001")}&${partyKey("T81001-881001")}`],
  ["an Endpoint by organisation alone", `Endpoint?${ods("T81001")}`],
  ["an Endpoint by interaction alone", `Endpoint?${interaction(SLOTS)}`],
  ["a supplier on Endpoint", `${endpoints("T81001")}&manufacturing-organization=${ODS_SYSTEM}%7CX`],
  ["an unknown parameter", `${devices("T81001")}&_count=5`],
  ["a value without system", `Endpoint?organization=T81001&${interaction(SLOTS)}`],
])("SDS-1: %s is 400 BAD_REQUEST", async (_case, query) => {
  expect(refusal(await get(query))).toEqual([400, "BAD_REQUEST"]);
});

test("SDS-1: of several organisations the last one wins, and a code in lower case finds nothing", async () => {
  const [last] = resources(await get(`Endpoint?${ods("T81002")}&${ods("T81101")}&${interaction(SLOTS)}`));
  expect(last.managingOrganization.identifier.value).toBe("T81101");
  expect((await get(endpoints("t81001"))).json.total).toBe(0);
});

test("SDS-1: a wrong path is 404, another method 405 with Allow", async () => {
  expect(refusal(await get("endpoint"))).toEqual([404, "NO_RECORD_FOUND"]);
  expect(refusal(await get("metadata"))).toEqual([404, "NO_RECORD_FOUND"]);
  const url = `${under.sandbox.sdsUrl}/${endpoints("T81001")}`;
  const posted = await send(url, { method: "POST", headers: { apikey: "any" } });
  expect([...refusal(posted), posted.headers.allow]).toEqual([405, "NOT_IMPLEMENTED", "GET"]);
});

test("SDS-2: ids differ between two reads of the directory, and no match is an empty list", async () => {
  const ids = async () => resources(await get(endpoints("T81001"), FRESH)).map(({ id }) => id);
  expect(await ids()).not.toEqual(await ids());
  const none = await get(endpoints("T89999"));
  expect([none.status, none.json.total, none.json.entry]).toEqual([200, 0, []]);
});

test("SDS-2: fullUrl and self name an internal host", async () => {
  const { json } = await get(endpoints("T81001"));
  for (const url of [json.entry[0].fullUrl, json.link[0].url])
    expect(url.startsWith(under.sandbox.sdsUrl)).toBe(false);
});

test("SDS-3: the Device of Spine that serves Visitors & Migrants lists 478 interactions", async () => {
  const query = `Device?${ods("YES")}&${interaction(MIGRANTS)}&${partyKey("YES-0000806")}`;
  const [spine] = resources(await get(query));
  const listed = spine.extension.filter(({ url }: Json) => url.endsWith("NhsServiceInteractionId"));
  expect(listed).toHaveLength(478);
});

test("SDS-4: the service and the gateway use two code systems, and no API key is 401", async () => {
  const systemOf = (reply: WireResponse) => reply.json.issue[0].details.coding[0].system;
  const withoutKey = await send(`${under.sandbox.sdsUrl}/${endpoints("T81001")}`);
  expect(refusal(withoutKey)).toEqual([401, "ACCESS_DENIED"]);
  expect(systemOf(withoutKey)).toContain("/R4/CodeSystem/");
  expect(systemOf(await get("Device"))).toContain("/STU3/ValueSet/");
});

test("SDS-5: a correlation id that is no UUID is 400; a UUID is mirrored, also from the cache", async () => {
  expect((await get(endpoints("T81001"), { "x-correlation-id": "journey-1" })).status).toBe(400);
  for (const id of ["0b5f3cbe-54c6-4f8f-9d2a-6a8f4c1f9f10", "1b5f3cbe-54c6-4f8f-9d2a-6a8f4c1f9f11"])
    expect((await get(endpoints("T81001"), { "x-correlation-id": id })).headers["x-correlation-id"]).toBe(id);
});

test.each(["application/fhir+json; fhirVersion=4.0", "application/fhir+json;charset=utf-8", "text/html"])(
  "SDS-6: Accept %s is 406",
  async (accept) => {
    expect(refusal(await get(endpoints("T81001"), { accept }))).toEqual([406, "MISSING_OR_INVALID_HEADER"]);
  },
);

describe("the cache of the gateway", () => {
  const idOf = async (headers = {}) => resources(await get(endpoints("T81001"), headers))[0].id;

  test("SDS-7: a response is kept for 30 minutes, for each Accept", async () => {
    const first = await idOf();
    under.clock.ms += HALF_AN_HOUR_MS - 1;
    expect(await idOf()).toBe(first);
    expect(await idOf({ accept: "application/json" })).not.toBe(first);
    under.clock.ms += 1;
    expect(await idOf()).not.toBe(first);
  });

  test("SDS-7: no-cache reads the directory, and its response replaces the kept one", async () => {
    const first = await idOf();
    const fresh = await idOf(FRESH);
    expect(fresh).not.toBe(first);
    expect(await idOf()).toBe(fresh);
  });

  test("SDS-7: a request that was refused is judged again", async () => {
    expect((await get(`Endpoint?${ods("T81001")}`)).status).toBe(400);
    expect((await get(`Endpoint?${ods("T81001")}`)).status).toBe(400);
    expect((await send(`${under.sandbox.sdsUrl}/${endpoints("T81001")}`)).status).toBe(401);
  });

  test("SDS-10: a time-out of the directory is an empty 200 that stays until no-cache", async () => {
    under.sandbox.directory.timeOut(1);
    for (const _reading of [1, 2]) expect((await get(endpoints("T81001"))).json.total).toBe(0);
    expect((await get(endpoints("T81001"), FRESH)).json.total).toBe(1);
    expect((await get(endpoints("T81001"))).json.total).toBe(1);
  });
});

test.each(["application", "national"] as const)(
  "SDS-8: above the %s limit requests are 429",
  async (limit) => {
    const clock = new FakeClock(A_WEDNESDAY);
    const sandbox = await startSandbox({ clock, sdsRateLimits: { [limit]: { perSecond: 5, burst: 1 } } });
    const look = () => send(`${sandbox.sdsUrl}/${endpoints("T81001")}`, { headers: { apikey: "any" } });
    const replies = [await look(), await look()];
    clock.ms += 200;
    replies.push(await look());
    await sandbox.close();
    expect(replies.map(refusal)).toEqual([
      [200, undefined],
      [429, "TOO_MANY_REQUESTS"],
      [200, undefined],
    ]);
    expect(replies[1]?.headers).not.toHaveProperty("retry-after");
  },
);

test("SDS-9: a fault refuses, cuts or delays a request, and is not cached", async () => {
  under.sandbox.faults.add({ service: "SDS", kind: { status: 502 }, times: 1 });
  expect((await get(endpoints("T81001"))).status).toBe(502);
  under.sandbox.faults.add({ service: "SDS", kind: "reset", times: 1 });
  await expect(get(endpoints("T81001"))).rejects.toThrow();
  under.sandbox.faults.add({ service: "SDS", kind: { delayMs: 5 }, times: 1 });
  expect((await get(endpoints("T81001"))).json.total).toBe(1);
});

describe("a practice that moves to another supplier", () => {
  test("SDS-11: it gets another address, party key and ASID, and the cache still has the old ones", async () => {
    const addressOf = async (headers = {}) => resources(await get(endpoints("T81101"), headers))[0].address;
    const before = await addressOf();
    const [keysBefore] = await partyKeys("T81101");
    under.sandbox.directory.move("T81101");
    expect(await addressOf()).toBe(before);
    expect(await addressOf(FRESH)).not.toBe(before);
    const [keysAfter, systems] = await partyKeys("T81101");
    expect(keysAfter).toEqual(systems);
    expect(keysAfter).not.toEqual(keysBefore);
  });

  test("SDS-11: the proxy refuses the old entry and serves the new one", async () => {
    const old = await under.caller("T81101");
    await old.metadata();
    under.sandbox.directory.move("T81101");
    expect((await old.metadata()).status).toBe(403);
    under.clock.ms += HALF_AN_HOUR_MS;
    const moved = await under.caller("T81101");
    expect((await moved.metadata()).status).toBe(200);
    const stale = await moved.metadata({ root: old.root });
    expect([stale.status, stale.json.issue[0].diagnostics]).toEqual([
      400,
      expect.stringContaining("VARIES_FROM_TARGETURL"),
    ]);
  });

  test("SDS-11: a reset takes the move back, and a generated practice cannot move", async () => {
    const [before] = await partyKeys("T81101");
    under.sandbox.directory.move("T81101");
    under.sandbox.reset();
    expect((await partyKeys("T81101"))[0]).toEqual(before);
    expect(() => under.sandbox.directory.move("T90000")).toThrow(RangeError);
  });
});

test("SDS-12: a consumer portal stands beside the provider, under another party key", async () => {
  const [[key], systems] = await partyKeys("T81001");
  expect(systems).toHaveLength(2);
  expect(systems.indexOf(key ?? "")).toBe(1);
});

test("SDS-12: a practice may have no endpoint, no system, or two of both under one party key", async () => {
  const counts = async (code: string) => (await partyKeys(code)).map((keys) => keys.length);
  expect(await counts("T81016")).toEqual([0, 1]);
  expect(await counts("T81017")).toEqual([1, 0]);
  const [keys, systems] = await partyKeys("T81018");
  expect([keys.length, systems.length, new Set([...keys, ...systems]).size]).toEqual([2, 2, 1]);
});

test("SDS-12: a practice between two suppliers has two party keys, one of them with a system", async () => {
  const [keys, systems] = await partyKeys("T81015");
  expect(new Set(keys).size).toBe(2);
  expect(systems).toEqual([keys[1]]);
});

test("SDS-12: two systems share the party key of Spine", async () => {
  const other = interaction("urn:nhs:names:services:pds:QUPA_IN000008UK02");
  const found = resources(await get(`Device?${ods("YES")}&${other}`));
  expect(new Set(found.map((one) => identifier(one, "nhsSpineASID"))).size).toBe(2);
  expect(new Set(found.map((one) => identifier(one, "nhsMhsPartyKey"))).size).toBe(1);
});

test("SDS-13: the look-ups of an encounter can be counted by practice, also those from the cache", async () => {
  for (const _look of [1, 2]) await get(endpoints("T81001"));
  await get(devices("T81002"));
  const counted = under.sandbox.requests.filter((one) => one.service === "SDS" && one.odsCode === "T81001");
  expect(counted).toHaveLength(2);
});
