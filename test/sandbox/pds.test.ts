import { startSandbox } from "../../src/sandbox/index.js";
import { useSandbox } from "./support/use-sandbox.js";
import {
  A_WEDNESDAY,
  codeOf,
  FakeClock,
  type HttpMethod,
  type Json,
  send,
  type WireResponse,
} from "./support/wire.js";

const REQUEST_ID = "0b5f3cbe-54c6-4f8f-9d2a-6a8f4c1f9f10";

describe("PDS", () => {
  const under = useSandbox();

  function get(
    path: string,
    headers: Record<string, string> = {},
    method: HttpMethod = "GET",
  ): Promise<WireResponse> {
    return send(`${under.sandbox.pdsUrl}${path}`, {
      method,
      headers: { "x-request-id": REQUEST_ID, ...headers },
    });
  }

  it("returns the record, its version and the ids of the request", async () => {
    const reply = await get("/Patient/9000000009", { "x-correlation-id": "journey 1" });
    expect(reply.status).toBe(200);
    expect(reply.json).toMatchObject({ resourceType: "Patient", id: "9000000009" });
    expect(reply.json.generalPractitioner[0].identifier).toEqual({
      system: "https://fhir.nhs.uk/Id/ods-organization-code",
      value: "T81001",
      period: { start: "2016-04-11" },
    });
    expect(reply.headers).toMatchObject({
      "content-type": "application/fhir+json",
      etag: `W/"${reply.json.meta.versionId}"`,
      "x-request-id": REQUEST_ID,
      "x-correlation-id": "journey 1",
    });
  });

  it("lists the nickname before the usual name", async () => {
    const { json } = await get("/Patient/9000000009");
    expect(json.name.map((name: Json) => name.use)).toEqual(["nickname", "usual"]);
  });

  it("returns the current record for a superseded number", async () => {
    const reply = await get("/Patient/9990000034");
    expect(reply.status).toBe(200);
    expect(reply.json.id).toBe("9990000042");
    expect(reply.json.identifier[0].value).toBe("9990000042");
  });

  it("removes address and practice of a restricted patient and keeps the name", async () => {
    const { json } = await get("/Patient/9990000050");
    expect(json.meta.security[0].code).toBe("R");
    expect(Object.keys(json)).toEqual(expect.arrayContaining(["name", "birthDate", "gender"]));
    for (const hidden of ["address", "telecom", "generalPractitioner", "extension"])
      expect(json).not.toHaveProperty(hidden);
  });

  it("removes name and birth date of a very restricted patient as well", async () => {
    const { json } = await get("/Patient/9990000069");
    expect(json.meta.security[0]).toMatchObject({ code: "V", display: "very restricted" });
    for (const hidden of ["name", "birthDate", "address", "generalPractitioner"])
      expect(json).not.toHaveProperty(hidden);
  });

  it("returns a death with its notification status", async () => {
    const { json } = await get("/Patient/9990000077");
    expect(json.deceasedDateTime).toBe("2024-01-28T00:00:00+00:00");
    expect(JSON.stringify(json.extension)).toContain("DeathNotificationStatus");
  });

  it("returns a lapsed registration with its end date", async () => {
    const { json } = await get("/Patient/9990000182");
    expect(json.generalPractitioner[0].identifier.period.end).toBe("2022-11-30");
  });

  it("returns no practice for a patient without registration", async () => {
    const { json } = await get("/Patient/9990000085");
    expect(json).not.toHaveProperty("generalPractitioner");
  });

  it.each([
    ["a number that nobody has", "/Patient/9990000204", 404, "RESOURCE_NOT_FOUND"],
    ["a number of nobody in the cast", "/Patient/9434765919", 404, "RESOURCE_NOT_FOUND"],
    ["an invalidated record", "/Patient/9990000166", 404, "INVALIDATED_RESOURCE"],
    ["a wrong check digit", "/Patient/9000000008", 400, "INVALID_RESOURCE_ID"],
    ["a grouped number", "/Patient/900-000-0009", 400, "INVALID_RESOURCE_ID"],
    ["no number", "/Patient/", 400, "UNSUPPORTED_SERVICE"],
    ["an unknown path", "/HelloWorld", 400, "UNSUPPORTED_REQUEST"],
  ])("refuses %s", async (_case, path, status, code) => {
    const reply = await get(path);
    expect([reply.status, codeOf(reply)]).toEqual([status, code]);
    expect(reply.headers["x-request-id"]).toBe(REQUEST_ID);
  });

  it("sends 'not found' with severity information", async () => {
    const { json } = await get("/Patient/9990000204");
    expect(json.issue[0].severity).toBe("information");
  });

  it("refuses other methods", async () => {
    expect(codeOf(await get("/Patient/9000000009", {}, "PUT"))).toBe("UNSUPPORTED_SERVICE");
  });

  it("responds 429 without Retry-After above its rate limit, until the bucket refills", async () => {
    const clock = new FakeClock(A_WEDNESDAY);
    const sandbox = await startSandbox({ clock, pdsRateLimits: { application: { perSecond: 5, burst: 2 } } });
    const headers = { "x-request-id": "0b5f3cbe-54c6-4f8f-9d2a-6a8f4c1f9f10" };
    const patient = () => send(`${sandbox.pdsUrl}/Patient/9000000009`, { headers });
    const statuses = [(await patient()).status, (await patient()).status];
    const refused = await patient();
    clock.ms += 200;
    expect([...statuses, refused.status, (await patient()).status]).toEqual([200, 200, 429, 200]);
    expect(codeOf(refused)).toBe("TOO_MANY_REQUESTS");
    expect(refused.headers).not.toHaveProperty("retry-after");
    await sandbox.close();
  });

  it("requires X-Request-ID, checked after the path", async () => {
    const missing = await send(`${under.sandbox.pdsUrl}/Patient/9000000009`);
    expect([missing.status, codeOf(missing)]).toEqual([400, "MISSING_VALUE"]);
    const malformed = await get("/Patient/9000000009", { "x-request-id": "1234" });
    expect([malformed.status, codeOf(malformed)]).toEqual([400, "INVALID_VALUE"]);
    expect(malformed.headers["content-type"]).toBe("application/json");
    expect(codeOf(await send(`${under.sandbox.pdsUrl}/HelloWorld`))).toBe("UNSUPPORTED_REQUEST");
  });
});
