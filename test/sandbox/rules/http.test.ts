import { gunzipSync } from "node:zlib";
import { request } from "undici";
import { createLog } from "../../../src/platform/telemetry/log.js";
import { resourcesOf } from "../support/bundles.js";
import type { Call } from "../support/caller.js";
import { auditClaims, INTERACTION, type Json, NHS_SYSTEM, ODS_SYSTEM, token } from "../support/wire.js";
import {
  allSlots,
  booked,
  preparedBooking,
  read,
  refusal,
  register,
  registration,
  search,
  sentBack,
  useFreshSandbox,
  versionOf,
} from "./support.js";

const logLines: string[] = [];
const under = useFreshSandbox({ log: createLog("warn", (line) => logLines.push(line)) });

describe("transport and proxy", () => {
  test("P-T8: an unknown Ssp-To is refused by the proxy with 403", async () => {
    const reply = await (await under.caller()).metadata({ asid: "999999999999" });
    expect(reply.status).toBe(403);
    expect(reply.json.issue[0].diagnostics).toBe(
      "PARTYKEY_INTERACTION_CHECK_FAILED_MESSAGERECEIVER_999999999999",
    );
  });
});

describe("HTTP rules of all interactions", () => {
  test.each([
    ["an unknown path", "metadatas"],
    ["another letter case", "Metadata"],
    ["a mangled operation", "Patient/gpc.registerpatient"],
    ["a slot by id", "Slot/hello"],
  ])("P-H1: %s gets a failure with an OperationOutcome", async (_case, path) => {
    const reply = await (await under.caller()).metadata({ path });
    expect(reply.status).toBeGreaterThanOrEqual(400);
    expect(reply.json.resourceType).toBe("OperationOutcome");
  });

  test.each(["PATCH", "DELETE", "OPTIONS"] as const)("P-H2: %s on a valid path fails", async (method) => {
    const reply = await (await under.caller()).metadata({ method });
    expect(reply.status).toBe(405);
  });

  test.each<[string, Partial<Call>, number]>([
    [
      "_format JSON over another Accept",
      { path: "metadata?_format=application/fhir%2Bjson", headers: { accept: "text/plain" } },
      200,
    ],
    ["_format XML over Accept JSON", { path: "metadata?_format=application/fhir%2Bxml" }, 415],
    ["Accept XML", { headers: { accept: "application/fhir+xml" } }, 415],
    ["Accept of DSTU2", { headers: { accept: "application/json+fhir" } }, 415],
    [
      "Content-Type JSON without Accept",
      { withoutHeaders: ["accept"], headers: { "content-type": "application/fhir+json" } },
      200,
    ],
    [
      "Content-Type XML without Accept",
      { withoutHeaders: ["accept"], headers: { "content-type": "application/fhir+xml" } },
      415,
    ],
    ["no media type at all", { withoutHeaders: ["accept"] }, 200],
  ])("P-H3: the response format follows %s", async (_case, changes, status) => {
    const reply = await (await under.caller()).metadata(changes);
    expect(reply.status).toBe(status);
    if (status === 200) expect(reply.headers["content-type"]).toBe("application/fhir+json;charset=utf-8");
  });

  test.each([
    ["for XML by Accept", { headers: { accept: "application/fhir+xml" } }, true],
    ["for XML by _format", { path: "metadata?_format=application/fhir%2Bxml" }, true],
    ["for text", { headers: { accept: "text/plain" } }, false],
  ])("P-H3: a request %s gets 415, and XML a log line", async (_case, changes, isLogged) => {
    logLines.length = 0;
    expect((await (await under.caller()).metadata(changes)).status).toBe(415);
    expect(logLines.join("").includes("does not simulate XML")).toBe(isLogged);
  });

  test("P-H4: gzip is applied on request, and the decoded body is the same", async () => {
    const caller = await under.caller();
    const plain = await caller.metadata();
    const reply = await request(`${under.sandbox.sspUrl}/${caller.root}/metadata`, {
      headers: {
        "ssp-traceid": "0b5f3cbe-54c6-4f8f-9d2a-6a8f4c1f9f10",
        "ssp-from": "200000000115",
        "ssp-to": caller.asid,
        "ssp-interactionid": `${INTERACTION}rest:read:metadata-1`,
        authorization: `Bearer ${token(auditClaims("organization/*.read", under.clock.now()))}`,
        accept: "application/fhir+json",
        "accept-encoding": "gzip",
      },
    });
    expect(reply.headers["content-encoding"]).toBe("gzip");
    const bytes = Buffer.from(await reply.body.arrayBuffer());
    expect(JSON.parse(gunzipSync(bytes).toString("utf8"))).toEqual(plain.json);
    expect(plain.headers).not.toHaveProperty("content-encoding");
  });

  test("P-H5: successful responses carry Cache-Control no-store", async () => {
    const caller = await under.caller();
    const appointment = await booked(caller);
    const replies = [
      await caller.metadata(),
      await allSlots(caller),
      await caller.find("9000000009"),
      await caller.put("update", appointment, versionOf(appointment)),
      await register(caller, registration()),
      await search(caller, "Organization", `identifier=${ODS_SYSTEM}%7CT81001`),
    ];
    for (const { status, headers } of replies)
      expect([status, headers["cache-control"]]).toEqual([200, "no-store"]);
  });

  test("P-H6: errors carry Cache-Control no-store", async () => {
    const caller = await under.caller();
    const replies = [
      await caller.slots("2026-01-15", "2026-02-28"),
      await read(caller, "Patient", "nobody"),
      await register(caller, registration({ active: true })),
      await caller.book({ resourceType: "Appointment" }),
    ];
    for (const { status, headers } of replies) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(headers["cache-control"]).toBe("no-store");
    }
  });

  test("P-H7: an interaction that does not fit verb and path gets 400 BAD_REQUEST", async () => {
    const caller = await under.caller();
    const reply = await caller.find("9000000009", { interaction: "rest:search:organization-1" });
    expect([...refusal(reply), reply.headers["cache-control"]]).toEqual([400, "BAD_REQUEST", "no-store"]);
  });

  test("P-H8: reads carry the version as a weak ETag", async () => {
    const caller = await under.caller();
    const found = (await search(caller, "Organization", `identifier=${ODS_SYSTEM}%7CT81001`)).json.entry[0]
      .resource;
    for (const [type, id] of [
      ["Organization", found.id],
      ["Patient", await caller.patientId("9000000009")],
    ] as const) {
      const { headers, json } = await read(caller, type, id);
      expect(headers.etag).toBe(`W/"${json.meta.versionId}"`);
    }
  });

  test("P-H9: Prefer return=minimal gives an empty body with the same status, return=representation the resource", async () => {
    const caller = await under.caller();
    const minimal = { headers: { prefer: "return=minimal" } };
    const first = await preparedBooking(caller);
    const reply = await caller.book(first.booking, minimal);
    expect([reply.status, reply.text]).toEqual([201, ""]);
    const second = await preparedBooking(caller);
    const full = await caller.book(second.booking, { headers: { prefer: "return=representation" } });
    expect([full.status, full.json.resourceType]).toEqual([201, "Appointment"]);
    const amended = await caller.put("update", sentBack(full.json), undefined, {
      headers: { prefer: "return=minimal", "if-match": `W/"${versionOf(full.json)}"` },
    });
    expect([amended.status, amended.text]).toEqual([200, ""]);
  });

  test("P-H10: unneeded parameters are ignored", async () => {
    const caller = await under.caller();
    const query = `identifier=${NHS_SYSTEM}%7C9000000009&_count=1&_sort=name`;
    expect(resourcesOf((await caller.find("", { path: `Patient?${query}` })).json, "Patient")).toHaveLength(
      1,
    );
  });

  test.each([
    ["missing", ""],
    ["misspelt", `identifer=${ODS_SYSTEM}%7CT81001`],
    ["in capitals", `IDENTIFIER=${ODS_SYSTEM}%7CT81001`],
    ["sent twice", `identifier=${ODS_SYSTEM}%7CT81001&identifier=${ODS_SYSTEM}%7CT81001`],
  ])("P-H11: an identifier that is %s gets 400 BAD_REQUEST", async (_case, query) => {
    const caller = await under.caller();
    expect(refusal(await caller.find("", { path: `Patient?${query}` }))).toEqual([400, "BAD_REQUEST"]);
    expect(refusal(await search(caller, "Organization", query))).toEqual([400, "BAD_REQUEST"]);
  });

  test.each(["identifier=9000000009", `identifier=${NHS_SYSTEM}%7C`, "identifier=%7C9000000009"])(
    "P-H12: an identifier without system or value (%s) gets 422 INVALID_PARAMETER",
    async (query) => {
      const caller = await under.caller();
      expect(refusal(await caller.find("", { path: `Patient?${query}` }))).toEqual([
        422,
        "INVALID_PARAMETER",
      ]);
    },
  );
});

describe("the audit token", () => {
  const withClaims = async (claims: Record<string, unknown>) => (await under.caller()).metadata({ claims });
  const claimsNow = () => auditClaims("organization/*.read", under.clock.now()) as Json;
  const seconds = () => Math.floor(under.clock.now() / 1000);

  test("P-J1: a well-formed token is accepted", async () => {
    expect((await withClaims({})).status).toBe(200);
  });

  test("P-J2: a token whose parts are not base64url gets 400", async () => {
    const caller = await under.caller();
    for (const authorization of ["Bearer {}.{}.", "Bearer a=.b=.", "Bearer +.+."]) {
      expect((await caller.metadata({ authorization })).status).toBe(400);
    }
  });

  test.each([
    ...["iss", "sub", "exp", "iat", "reason_for_request", "aud", "requested_scope"],
    ...["requesting_device", "requesting_practitioner", "requesting_organization"],
  ])("P-J3: a token without %s gets 400", async (name) => {
    expect(refusal(await withClaims({ [name]: undefined }))).toEqual([400, "BAD_REQUEST"]);
  });

  test.each([301, 299, -1])("P-J4: a token that expires %i seconds after iat gets 400", async (life) => {
    const iat = seconds();
    expect((await withClaims({ iat, exp: iat + life })).status).toBe(400);
  });

  test("P-J4: a token with times in milliseconds gets 400", async () => {
    const iat = under.clock.now();
    expect((await withClaims({ iat, exp: iat + 300 })).status).toBe(400);
  });

  test("P-J5: a token issued 200 seconds ahead is accepted", async () => {
    const iat = seconds() + 200;
    expect((await withClaims({ iat, exp: iat + 300 })).status).toBe(200);
  });

  test("P-J6: an expired token gets 400", async () => {
    const iat = seconds() - 600;
    expect((await withClaims({ iat, exp: iat + 300 })).status).toBe(400);
  });

  test.each(["requesting_device", "requesting_practitioner", "requesting_organization"])(
    "P-J7: an unknown field or a wrong resource type in %s gets 422",
    async (name) => {
      const resource = claimsNow()[name];
      expect((await withClaims({ [name]: { ...resource, invalidField: "x" } })).status).toBe(422);
      expect((await withClaims({ [name]: { ...resource, resourceType: "Basic" } })).status).toBe(422);
    },
  );

  test("P-J8: UNK as SDS user id, without role profile and local id, is accepted", async () => {
    const practitioner = claimsNow().requesting_practitioner;
    expect(practitioner.identifier).toEqual([{ system: "https://fhir.nhs.uk/Id/sds-user-id", value: "UNK" }]);
    expect((await withClaims({ requesting_practitioner: practitioner })).status).toBe(200);
  });

  test("P-J9: a scope that does not fit the interaction gets 400 BAD_REQUEST", async () => {
    const caller = await under.caller();
    for (const scope of ["patient/*.read", "patient/*.write", "organization/*.write"]) {
      expect(refusal(await caller.metadata({ scope }))).toEqual([400, "BAD_REQUEST"]);
    }
    expect(refusal(await register(caller, registration()))).toEqual([200, undefined]);
  });

  test("P-J10: the organisation identifier system of early releases is accepted", async () => {
    const identifier = [{ system: "http://fhir.nhs.net/Id/ods-organization-code", value: "T82000" }];
    const organisation = { ...claimsNow().requesting_organization, identifier };
    expect((await withClaims({ requesting_organization: organisation })).status).toBe(200);
  });
});

describe("the capability statement", () => {
  const statement = async () => (await (await under.caller()).metadata()).json;
  const interactionsOf = (json: Json, type: string): string[] =>
    json.rest[0].resource.find((one: Json) => one.type === type).interaction.map(({ code }: Json) => code);

  test("P-C1: it states version, FHIR version, software and the JSON format", async () => {
    const json = await statement();
    expect(json).toMatchObject({ version: "1.2.7", fhirVersion: "3.0.1", format: ["application/fhir+json"] });
    expect(json.software).toEqual({ name: expect.any(String), version: expect.any(String) });
  });

  test("P-C2: it lists the operation gpc.registerpatient", async () => {
    expect((await statement()).rest[0].operation.map(({ name }: Json) => name)).toEqual([
      "gpc.registerpatient",
    ]);
  });

  test("P-C3: it lists each resource with its interactions", async () => {
    const json = await statement();
    expect(interactionsOf(json, "Appointment")).toEqual(
      expect.arrayContaining(["read", "update", "create", "search-type"]),
    );
    for (const type of ["Patient", "Organization", "Practitioner"]) {
      expect(interactionsOf(json, type)).toEqual(["read", "search-type"]);
    }
    expect(interactionsOf(json, "Location")).toEqual(["read"]);
    expect(interactionsOf(json, "Slot")).toEqual(["search-type"]);
  });

  test("P-C4: Slot lists the include Location:managingOrganization", async () => {
    const slot = (await statement()).rest[0].resource.find((one: Json) => one.type === "Slot");
    expect(slot.searchInclude).toContain("Location:managingOrganization");
  });
});
