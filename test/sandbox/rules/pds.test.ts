import { createLog } from "../../../src/platform/telemetry/log.js";
import { startSandbox } from "../../../src/sandbox/index.js";
import {
  A_WEDNESDAY,
  codeOf,
  FakeClock,
  type HttpMethod,
  type Json,
  send,
  type WireResponse,
} from "../support/wire.js";
import { APPLICATION, assertionOf, authorisation, requestToken } from "./pds-access.js";
import { refusal, useFreshSandbox } from "./support.js";

const REQUEST_ID = "0b5f3cbe-54c6-4f8f-9d2a-6a8f4c1f9f10";
const ASHCOMBE = "family=Ashcombe&birthdate=eq1984-03-17";
const TWINS = "family=Thornbury&birthdate=eq2009-05-01";
const FULL = "9990000441";
const UPDATE = {
  headers: { "if-match": 'W/"3"', "content-type": "application/json-patch+json" },
  body: JSON.stringify({ patches: [{ op: "replace", path: "/gender", value: "other" }] }),
};

interface Changes {
  readonly method?: HttpMethod;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

function call(base: string, path: string, { headers, ...changes }: Changes = {}): Promise<WireResponse> {
  return send(`${base}${path}`, { headers: { "x-request-id": REQUEST_ID, ...headers }, ...changes });
}

describe("open PDS", () => {
  const under = useFreshSandbox();
  const get = (path: string, changes: Changes = {}) => call(under.sandbox.pdsUrl, path, changes);
  const search = async (query: string) => (await get(`/Patient?${query}`)).json;
  const found = async (query: string) =>
    ((await search(query)).entry ?? []).map(({ resource }: Json) => resource.id);

  test("PDS-2: errors of the gateway are application/json, those of Spine application/fhir+json", async () => {
    const type = async (path: string) => (await get(path)).headers["content-type"];
    expect(await type("/HelloWorld")).toBe("application/json");
    expect(await type("/Patient/9990000204")).toBe("application/fhir+json");
  });

  test("PDS-2: a refusal mirrors both ids", async () => {
    const reply = await get("/Patient/9000000008", { headers: { "x-correlation-id": "journey" } });
    expect(reply.headers).toMatchObject({ "x-request-id": REQUEST_ID, "x-correlation-id": "journey" });
  });

  test("PDS-4: names match by sound and in the other order in a fuzzy search only", async () => {
    for (const query of [
      "family=Ashkomb&given=Rosalynd&birthdate=eq1984-03-17",
      "family=Rosalind&given=Ashcombe&birthdate=eq1984-03-17",
    ]) {
      expect(await found(query)).toEqual([]);
      expect(await found(`${query}&_fuzzy-match=true`)).toEqual(["9000000009"]);
    }
  });

  test("PDS-4: the best match comes first", async () => {
    const { entry } = await search("family=Thornbury&given=Tilda&birthdate=2009-05-01&_fuzzy-match=true");
    const scores = entry.map((one: Json) => one.search.score);
    expect(entry[0].resource.id).toBe("9990000220");
    expect(scores).toEqual([...scores].sort((one, other) => other - one));
  });

  test("PDS-4: an earlier name or postcode matches with _history only, and the current record comes back", async () => {
    const byName = "family=Kellaway&birthdate=1968-07-21";
    const byPostcode = "family=Jardine&birthdate=1968-07-21&address-postalcode=XX413CC";
    for (const query of [byName, byPostcode]) {
      expect(await found(query)).toEqual([]);
      expect(await found(`${query}&_history=true`)).toEqual(["9990000409"]);
    }
    const [{ resource }] = (await search(`${byName}&_history=true`)).entry;
    expect(resource.name.map((name: Json) => name.family)).toEqual(["Jardine", "Jardine"]);
  });

  test("PDS-4: the postcode of a temporary address matches, and the home address comes back", async () => {
    const { entry } = await search("family=Ingleby&birthdate=1976-03-05&address-postalcode=XX402BB");
    expect(entry[0].resource.address).toMatchObject([{ use: "home" }]);
  });

  test("PDS-4: a match on a number that was superseded twice gives the last record", async () => {
    expect(await found("family=Denholm&birthdate=1975-01-08")).toEqual(["9990000042"]);
  });

  test("PDS-4: too many matches are 200 with an OperationOutcome; no match is a bundle without entry", async () => {
    const many = await get(`/Patient?${TWINS}&_max-results=1`);
    expect(refusal(many)).toEqual([200, "TOO_MANY_MATCHES"]);
    expect(await search("family=Nobody&birthdate=2000-01-01")).not.toHaveProperty("entry");
  });

  test("PDS-5: a restricted patient is found by name but never by postcode or practice", async () => {
    const everley = "family=Everley&birthdate=eq1998-09-13";
    expect(await found(everley)).toEqual(["9990000050"]);
    expect(await found(`${everley}&address-postalcode=XX%2A`)).toEqual([]);
    expect(await found(`${everley}&general-practitioner=T81001`)).toEqual([]);
  });

  test.each([
    ["31 February", "family=Ashcombe&birthdate=2010-02-31", "INVALID_VALUE"],
    ["a year as birth date", "family=Ashcombe&birthdate=2010", "INVALID_VALUE"],
    ["a third birth date", `${ASHCOMBE}&birthdate=ge1984-01-01&birthdate=le1985-01-01`, "INVALID_VALUE"],
    ["an early wildcard", "family=A%2A&birthdate=2010-01-01", "INVALID_VALUE"],
    ["a wildcard in a fuzzy search", `${ASHCOMBE}&given=Ros%2A&_fuzzy-match=true`, "INVALID_SEARCH_DATA"],
    ["no birth date", "family=Ashcombe", "MISSING_VALUE"],
    ["no family name", "given=Rosalind&birthdate=1984-03-17", "INVALID_SEARCH_DATA"],
    ["both postcode names", `${ASHCOMBE}&address-postcode=X1&address-postalcode=X1`, "INVALID_SEARCH_DATA"],
    ["_history=yes", `${ASHCOMBE}&_history=yes`, "INVALID_VALUE"],
    ["_count", `${ASHCOMBE}&_count=5`, "ADDITIONAL_PROPERTIES"],
    ["identifier", `${ASHCOMBE}&identifier=9000000009`, "ADDITIONAL_PROPERTIES"],
    ["51 results", `${ASHCOMBE}&_max-results=51`, "INVALID_VALUE"],
    ["nothing", "", "UNSUPPORTED_SERVICE"],
  ])("PDS-6: a search with %s is refused", async (_case, query, code) => {
    expect(refusal(await get(`/Patient?${query}`))).toEqual([400, code]);
  });

  const record = async (number: string): Promise<Json> => (await get(`/Patient/${number}`)).json;
  const noticeOf = (json: Json) =>
    json.extension
      .find(({ url }: Json) => url.endsWith("DeathNotificationStatus"))
      .extension.find(({ url }: Json) => url === "deathNotificationStatus").valueCodeableConcept.coding[0]
      .code;

  test("PDS-7: unrestricted, restricted and very restricted records hide what they must", async () => {
    const members = async (number: string) => Object.keys(await record(number));
    expect(await members("9000000009")).toEqual(expect.arrayContaining(["name", "birthDate", "address"]));
    const restricted = await members("9990000050");
    expect(restricted).toEqual(expect.arrayContaining(["name", "birthDate", "gender"]));
    for (const hidden of ["address", "telecom", "generalPractitioner", "extension"])
      expect(restricted).not.toContain(hidden);
    expect(await members("9990000069")).toEqual(["resourceType", "id", "identifier", "meta", "gender"]);
  });

  test("PDS-7: a death is informal, formal or removed, and a removed one has no date", async () => {
    const informal = await record("9990000352");
    const formal = await record("9990000077");
    const removed = await record("9990000360");
    expect([informal, formal, removed].map(noticeOf)).toEqual(["1", "2", "U"]);
    expect([informal.deceasedDateTime, removed.deceasedDateTime]).toEqual([
      "2025-11-30T00:00:00+00:00",
      undefined,
    ]);
  });

  test("PDS-7: a number that was superseded twice gives the last record", async () => {
    expect((await record("9990000344")).id).toBe("9990000042");
  });

  test("PDS-7: an invalidated record and an unknown number are two different 404s", async () => {
    expect(refusal(await get("/Patient/9990000166"))).toEqual([404, "INVALIDATED_RESOURCE"]);
    expect(refusal(await get("/Patient/9990000204"))).toEqual([404, "RESOURCE_NOT_FOUND"]);
  });

  test("PDS-7: a minimal record has neither name nor gender nor birth date, and no search finds it", async () => {
    const json = await record("9990000379");
    for (const absent of ["name", "gender", "birthDate"]) expect(json).not.toHaveProperty(absent);
    expect(await found("family=Galbraith&birthdate=1990-01-01")).toEqual([]);
  });

  test("PDS-7: a practice may be registered in the future, in the past, or not at all", async () => {
    const periodOf = async (number: string) =>
      (await record(number)).generalPractitioner?.[0].identifier.period;
    expect(await periodOf("9990000387")).toEqual({ start: "2099-04-01" });
    expect(await periodOf("9990000182")).toMatchObject({ end: "2022-11-30" });
    expect(await periodOf("9990000085")).toBeUndefined();
  });

  test("PDS-7: a temporary address comes before the home address, with its description", async () => {
    expect((await record("9990000395")).address).toMatchObject([
      { use: "temp", text: "Student accommodation", period: { start: "2025-12-01" } },
      { use: "home" },
    ]);
  });

  test("PDS-7: names may be several, addresses have up to five lines, and a birth date may be a year", async () => {
    const uses = (await record("9990000409")).name.map(({ use }: Json) => use);
    expect(uses).toEqual(["nickname", "old", "usual"]);
    expect((await record("9990000425")).address[0].line).toHaveLength(5);
    expect((await record("9990000417")).birthDate).toBe("1948");
  });

  test("PDS-7: a textphone is a contact of system other", async () => {
    const { telecom } = await record("9990000433");
    expect(telecom.at(-1)).toMatchObject({
      system: "other",
      extension: [{ valueCoding: { code: "textphone" } }],
    });
  });

  test("PDS-7: a removal from registration has its reason and managing organisation", async () => {
    const json = await record("9990000468");
    expect(json.managingOrganization.identifier.value).toBe("TSCT1");
    expect(JSON.stringify(json.extension)).toContain('"code":"SCT"');
  });

  test("PDS-8: a search entry lacks what only a retrieve returns", async () => {
    const urls = (json: Json) => (json.extension ?? []).map(({ url }: Json) => url.split(/[-/]/).at(-1));
    const whole = await record(FULL);
    expect(urls(whole)).toEqual(
      expect.arrayContaining(["NominatedPharmacy", "birthPlace", "NHSCommunication", "ContactPreference"]),
    );
    expect(whole.contact[0].relationship[0].coding[0].code).toBe("C");
    const [{ resource }] = (await search("family=Oxenham&birthdate=2012-08-14")).entry;
    expect([urls(resource), resource.contact]).toEqual([[], undefined]);
    const [old] = (await search("family=Jardine&birthdate=1968-07-21")).entry;
    expect(old.resource.name.map(({ use }: Json) => use)).toEqual(["nickname", "usual"]);
  });

  test.each([401, 408, 429, 500, 502, 503, 504])("PDS-9: a fault gives %i once", async (status) => {
    under.sandbox.faults.add({ service: "PDS", kind: { status }, times: 1 });
    expect((await get("/Patient/9000000009")).status).toBe(status);
    expect((await get("/Patient/9000000009")).status).toBe(200);
  });

  test("PDS-9: a fault gives a body that is not JSON, or cuts the connection", async () => {
    const kind = { status: 502, contentType: "text/html", body: "<h1>Bad gateway</h1>" };
    under.sandbox.faults.add({ service: "PDS", kind, times: 1 });
    expect((await get("/Patient/9000000009")).text).toBe("<h1>Bad gateway</h1>");
    under.sandbox.faults.add({ service: "PDS", kind: "reset", times: 1 });
    await expect(get("/Patient/9000000009")).rejects.toThrow();
  });

  test("PDS-11: each matched patient counts, also when there are too many, and an unknown one does not", async () => {
    await get("/Patient/9990000034");
    await get("/Patient/9990000204");
    await get(`/Patient?${TWINS}&_max-results=1`);
    expect(under.sandbox.auditedPatients).toEqual(["9990000042", "9990000212", "9990000220"]);
  });

  const related = async (number: string) => (await get(`/Patient/${number}/RelatedPerson`)).json;

  test("PDS-12: a relative is a reference to a record, or has personal details", async () => {
    const { total, entry } = await related(FULL);
    expect(total).toBe(2);
    const [guardian, friend] = entry.map(({ resource }: Json) => resource);
    expect(guardian).toMatchObject({
      resourceType: "RelatedPerson",
      patient: { identifier: { value: "9990000409" } },
      relationship: [{ coding: [{ code: "Guardian" }] }],
    });
    expect(guardian).not.toHaveProperty("name");
    expect(friend.name).toMatchObject([{ given: ["Percival"], family: "Oxenham" }]);
  });

  test("PDS-12: no relatives, and those of a restricted patient, are an empty bundle without entry", async () => {
    const empty = { resourceType: "Bundle", type: "searchset", total: 0 };
    expect(await related("9000000009")).toEqual(empty);
    expect(await related("9990000476")).toEqual(empty);
    expect(refusal(await get("/Patient/9990000204/RelatedPerson"))).toEqual([404, "RESOURCE_NOT_FOUND"]);
    expect(refusal(await get("/Patient/9000000008/RelatedPerson"))).toEqual([400, "INVALID_RESOURCE_ID"]);
  });

  test.each<[string, Changes, number, string]>([
    ["without If-Match", { headers: { "if-match": "" } }, 412, "PRECONDITION_FAILED"],
    ["of a stale version", { headers: { "if-match": 'W/"2"' } }, 409, "RESOURCE_VERSION_MISMATCH"],
    ["of another media type", { headers: { "content-type": "text/plain" } }, 400, "UNSUPPORTED_SERVICE"],
    ["without patches", { body: "{}" }, 400, "INVALID_UPDATE"],
    ["with an empty list of patches", { body: '{"patches":[]}' }, 400, "INVALID_UPDATE"],
  ])("PDS-13: an update %s is refused", async (_case, { headers, body }, status, code) => {
    const changes = {
      method: "PATCH" as const,
      headers: { ...UPDATE.headers, ...headers },
      body: body ?? UPDATE.body,
    };
    expect(refusal(await get("/Patient/9000000009", changes))).toEqual([status, code]);
  });

  test("PDS-13: an update of nobody is 404, of a wrong number 400, and PUT is unsupported", async () => {
    const patch = (number: string) => get(`/Patient/${number}`, { method: "PATCH", ...UPDATE });
    expect(refusal(await patch("9990000204"))).toEqual([404, "RESOURCE_NOT_FOUND"]);
    expect(refusal(await patch("9000000008"))).toEqual([400, "INVALID_RESOURCE_ID"]);
    const put = await get("/Patient/9000000009", { method: "PUT", ...UPDATE });
    expect(refusal(put)).toEqual([400, "UNSUPPORTED_SERVICE"]);
  });
});

describe("PDS with access tokens", () => {
  const under = useFreshSandbox({ pdsApplication: APPLICATION });

  async function as(
    mode: "application" | "user",
    path: string,
    changes: Changes = {},
  ): Promise<WireResponse> {
    const authorization = await authorisation(under.sandbox, under.clock.ms, mode);
    return call(under.sandbox.pdsUrl, path, { ...changes, headers: { authorization, ...changes.headers } });
  }

  test("PDS-1: a charset in the content type is 415", async () => {
    const assertion = assertionOf(under.sandbox, under.clock.ms);
    const type = "application/x-www-form-urlencoded;charset=UTF-8";
    expect((await requestToken(under.sandbox, assertion, {}, type)).status).toBe(415);
  });

  test("PDS-1: an assertion without typ, or used twice, is 400", async () => {
    const untyped = assertionOf(under.sandbox, under.clock.ms, {}, { typ: undefined });
    expect((await requestToken(under.sandbox, untyped)).status).toBe(400);
    const assertion = assertionOf(under.sandbox, under.clock.ms);
    const first = await requestToken(under.sandbox, assertion);
    expect([first.status, first.json.expires_in]).toEqual([200, "599"]);
    expect((await requestToken(under.sandbox, assertion)).json.error_description).toContain("Non-unique");
  });

  test.each(["", "Basic abc", "Bearer", "Bearer made-up"])(
    "PDS-2: the token comes before all else: '%s' on an unknown path is 401",
    async (authorization) => {
      const headers: Record<string, string> = authorization === "" ? {} : { authorization };
      const reply = await call(under.sandbox.pdsUrl, "/HelloWorld", { headers });
      expect(refusal(reply)).toEqual([401, "ACCESS_DENIED"]);
    },
  );

  test("PDS-2: the mode comes before a missing X-Request-ID", async () => {
    const authorization = await authorisation(under.sandbox, under.clock.ms, "application");
    const path = `${under.sandbox.pdsUrl}/Patient?${TWINS}&_max-results=5`;
    expect((await send(path, { headers: { authorization } })).status).toBe(403);
  });

  test("PDS-3: an application gets one match or TOO_MANY_MATCHES, and several results are 403", async () => {
    expect(codeOf(await as("application", `/Patient?${TWINS}`))).toBe("TOO_MANY_MATCHES");
    expect((await as("application", `/Patient?${ASHCOMBE}&_max-results=1`)).json.total).toBe(1);
    const many = await as("application", `/Patient?${ASHCOMBE}&_max-results=2`);
    expect([...refusal(many), many.json.issue[0].code]).toEqual([403, "INVALID_VALUE", "token"]);
    expect((await as("user", `/Patient?${TWINS}`)).json.total).toBe(2);
  });

  test("PDS-3: an application can neither update nor create (403 INVALID_METHOD)", async () => {
    const update = await as("application", "/Patient/9000000009", { method: "PATCH", ...UPDATE });
    const create = await as("application", "/Patient", { method: "POST", body: "{}" });
    expect([refusal(update), refusal(create)]).toEqual([
      [403, "INVALID_METHOD"],
      [403, "INVALID_METHOD"],
    ]);
  });

  test("PDS-3: Coverage is 403 ACCESS_DENIED for applications and healthcare workers", async () => {
    for (const mode of ["application", "user"] as const)
      for (const method of ["GET", "POST"] as const)
        expect(refusal(await as(mode, "/Coverage", { method }))).toEqual([403, "ACCESS_DENIED"]);
  });

  test("PDS-3: a role that is no number is refused for a healthcare worker and ignored for an application", async () => {
    const headers = { "nhsd-session-urid": "nurse" };
    expect(refusal(await as("user", "/Patient/9000000009", { headers }))).toEqual([400, "INVALID_VALUE"]);
    expect((await as("application", "/Patient/9000000009", { headers })).status).toBe(200);
  });

  test("PDS-9: a token can be revoked in the middle of a session", async () => {
    const authorization = await authorisation(under.sandbox, under.clock.ms, "application");
    const patient = () => call(under.sandbox.pdsUrl, "/Patient/9000000009", { headers: { authorization } });
    expect((await patient()).status).toBe(200);
    under.sandbox.revokePdsTokens();
    expect(refusal(await patient())).toEqual([401, "ACCESS_DENIED"]);
  });
});

test("PDS-13: what is not simulated is 501 and a log line: a change, a creation, Coverage", async () => {
  const lines: string[] = [];
  const sandbox = await startSandbox({ log: createLog("warn", (line) => lines.push(line)) });
  const replies = [
    await call(sandbox.pdsUrl, "/Patient/9000000009", { method: "PATCH", ...UPDATE }),
    await call(sandbox.pdsUrl, "/Patient", { method: "POST", body: "{}" }),
    await call(sandbox.pdsUrl, "/Coverage"),
  ];
  await sandbox.close();
  expect(replies.map(refusal)).toEqual(replies.map(() => [501, "NOT_SIMULATED"]));
  expect(lines.filter((line) => line.includes("does not simulate"))).toHaveLength(3);
});

test.each([
  ["application", "has exceeded its quota"],
  ["national", "high volume of requests"],
] as const)("PDS-10: above the %s limit requests are 429, until the bucket refills", async (limit, text) => {
  const clock = new FakeClock(A_WEDNESDAY);
  const sandbox = await startSandbox({ clock, pdsRateLimits: { [limit]: { perSecond: 5, burst: 2 } } });
  const patient = (headers = {}) => call(sandbox.pdsUrl, "/Patient/9000000009", { headers });
  const statuses = [(await patient()).status, (await patient()).status];
  // The limit is judged before the headers.
  const refused = await patient({ "x-request-id": "malformed" });
  clock.ms += 200;
  expect([...statuses, refused.status, (await patient()).status]).toEqual([200, 200, 429, 200]);
  expect([codeOf(refused), refused.json.issue[0].diagnostics]).toEqual([
    "TOO_MANY_REQUESTS",
    expect.stringContaining(text),
  ]);
  expect(refused.headers).not.toHaveProperty("retry-after");
  expect(refused.headers["content-type"]).toBe("application/json");
  await sandbox.close();
});
