import { useSandbox } from "./support/use-sandbox.js";
import { codeOf, type HttpMethod, type Json, type WireResponse, send } from "./support/wire.js";

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

  it("answers with the record, its version and the ids that were sent", async () => {
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

  it("does not put the usual name first", async () => {
    const { json } = await get("/Patient/9000000009");
    expect(json.name.map((name: Json) => name.use)).toEqual(["nickname", "usual"]);
  });

  it("answers a superseded number with the record of the other number", async () => {
    const reply = await get("/Patient/9990000034");
    expect(reply.status).toBe(200);
    expect(reply.json.id).toBe("9990000042");
    expect(reply.json.identifier[0].value).toBe("9990000042");
  });

  it("hides where a restricted patient is, and keeps the name", async () => {
    const { json } = await get("/Patient/9990000050");
    expect(json.meta.security[0].code).toBe("R");
    expect(Object.keys(json)).toEqual(expect.arrayContaining(["name", "birthDate", "gender"]));
    for (const hidden of ["address", "telecom", "generalPractitioner", "extension"])
      expect(json).not.toHaveProperty(hidden);
  });

  it("hides name and birth date of a very restricted patient too", async () => {
    const { json } = await get("/Patient/9990000069");
    expect(json.meta.security[0]).toMatchObject({ code: "V", display: "very restricted" });
    for (const hidden of ["name", "birthDate", "address", "generalPractitioner"])
      expect(json).not.toHaveProperty(hidden);
  });

  it("tells of a death with its notification", async () => {
    const { json } = await get("/Patient/9990000077");
    expect(json.deceasedDateTime).toBe("2024-01-28T00:00:00+00:00");
    expect(JSON.stringify(json.extension)).toContain("DeathNotificationStatus");
  });

  it("keeps a lapsed registration in the answer, with its end", async () => {
    const { json } = await get("/Patient/9990000182");
    expect(json.generalPractitioner[0].identifier.period.end).toBe("2022-11-30");
  });

  it("has no practice for somebody without one", async () => {
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

  it("gives 'not found' the severity of information", async () => {
    const { json } = await get("/Patient/9990000204");
    expect(json.issue[0].severity).toBe("information");
  });

  it("refuses other methods", async () => {
    expect(codeOf(await get("/Patient/9000000009", {}, "PUT"))).toBe("UNSUPPORTED_SERVICE");
  });

  it("wants X-Request-ID, and after the path is judged", async () => {
    const missing = await send(`${under.sandbox.pdsUrl}/Patient/9000000009`);
    expect([missing.status, codeOf(missing)]).toEqual([400, "MISSING_VALUE"]);
    const malformed = await get("/Patient/9000000009", { "x-request-id": "1234" });
    expect([malformed.status, codeOf(malformed)]).toEqual([400, "INVALID_VALUE"]);
    expect(malformed.headers["content-type"]).toBe("application/json");
    expect(codeOf(await send(`${under.sandbox.pdsUrl}/HelloWorld`))).toBe("UNSUPPORTED_REQUEST");
  });
});
