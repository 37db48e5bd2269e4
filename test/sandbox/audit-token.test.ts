import { useSandbox } from "./support/use-sandbox.js";
import { A_WEDNESDAY, auditClaims, codeOf, token, type WireResponse } from "./support/wire.js";

const SCOPE = "organization/*.read";
const IAT = Math.floor(A_WEDNESDAY / 1000);

describe("the audit token at a practice", () => {
  const under = useSandbox();

  async function withClaims(claims: Record<string, unknown>): Promise<WireResponse> {
    const caller = await under.caller();
    return caller.metadata({ claims });
  }

  async function withBearer(value: string): Promise<WireResponse> {
    const caller = await under.caller();
    return caller.metadata({ authorization: `Bearer ${value}` });
  }

  it("is accepted when valid, with any audience", async () => {
    expect((await withClaims({ aud: "https://elsewhere.example" })).status).toBe(200);
  });

  it.each([
    ["no iss", { iss: undefined }],
    ["no aud", { aud: "" }],
    ["another reason", { reason_for_request: "secondaryuses" }],
    ["the scope of another interaction", { requested_scope: "patient/*.read" }],
    ["a writing scope on a read", { requested_scope: "organization/*.write" }],
    ["a claim of version 0.x", { requested_record: { resourceType: "Patient" } }],
    ["a life of 299 seconds", { iat: IAT, exp: IAT + 299 }],
    ["milliseconds", { iat: IAT * 1000, exp: IAT * 1000 + 300_000 }],
    ["times as text", { iat: String(IAT), exp: String(IAT + 300) }],
    ["an end in the past", { iat: IAT - 301, exp: IAT - 1 }],
    ["no device", { requesting_device: undefined }],
    ["an organisation as text", { requesting_organization: "{}" }],
    ["a sub of somebody else", { sub: "user-8" }],
  ])("is refused with %s", async (_case, claims) => {
    const reply = await withClaims(claims);
    expect([reply.status, codeOf(reply)]).toEqual([400, "BAD_REQUEST"]);
  });

  it("is accepted with an iat in the near future", async () => {
    expect((await withClaims({ iat: IAT + 200, exp: IAT + 500 })).status).toBe(200);
  });

  it("expires by the sandbox clock", async () => {
    const claims = { iat: IAT, exp: IAT + 300 };
    under.clock.ms = A_WEDNESDAY + 299_000;
    expect((await withClaims(claims)).status).toBe(200);
    under.clock.ms = A_WEDNESDAY + 300_000;
    expect((await withClaims(claims)).status).toBe(400);
  });

  const practitioner = {
    resourceType: "Practitioner",
    id: "user-7",
    identifier: [{ system: "https://fhir.nhs.uk/Id/sds-user-id", value: "111122223333" }],
    name: [{ family: "Tester", given: ["Terry"] }],
  };

  it.each([
    ["no SDS user id", { identifier: [] }, 400],
    ["no name", { name: undefined }, 400],
    ["no given name", { name: [{ family: "Tester" }] }, 400],
    ["a list of family names", { name: [{ family: ["Tester"], given: ["Terry"] }] }, 422],
    ["another type", { resourceType: "Person" }, 422],
  ])("is refused with a practitioner with %s", async (_case, changes, status) => {
    const reply = await withClaims({ requesting_practitioner: { ...practitioner, ...changes } });
    expect([reply.status, codeOf(reply)]).toEqual([status, "BAD_REQUEST"]);
  });

  it("is refused without the organisation's ODS code", async () => {
    const organisation = {
      resourceType: "Organization",
      identifier: [{ system: "urn:x", value: "T82000" }],
      name: "X",
    };
    expect((await withClaims({ requesting_organization: organisation })).status).toBe(400);
  });

  it("requires three parts, the final dot and base64url", async () => {
    const good = token(auditClaims(SCOPE, A_WEDNESDAY));
    expect((await withBearer(good)).status).toBe(200);
    const [header = "", payload = ""] = good.split(".");
    const broken = [
      good.slice(0, -1),
      `${good}signature`,
      `${header}==.${payload}.`,
      `${header}.${payload}+/.`,
      token(auditClaims(SCOPE, A_WEDNESDAY), { alg: "none", typ: "JWT", kid: "1" }),
      token(auditClaims(SCOPE, A_WEDNESDAY), { alg: "RS512", typ: "JWT" }),
    ];
    for (const bearer of broken) {
      const reply = await withBearer(bearer);
      expect([reply.status, codeOf(reply)]).toEqual([400, "BAD_REQUEST"]);
    }
  });

  it("accepts names in UTF-8", async () => {
    const name = [{ family: "Ó Súilleabháin", given: ["Zoë"] }];
    expect((await withClaims({ requesting_practitioner: { ...practitioner, name } })).status).toBe(200);
  });
});
