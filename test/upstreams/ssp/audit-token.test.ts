import { createAuditToken } from "../../../src/upstreams/ssp/audit-token.js";
import { testCaller, testConsumer } from "../../support/call-context.js";
import { decodeToken } from "./support.js";

const input = {
  caller: testCaller,
  system: testConsumer,
  audience: "https://gp.example/A1/STU3/1/gpconnect",
  scope: "patient/*.read",
  now: Date.parse("2026-07-01T12:00:00.999Z"),
} as const;

function decode(token: string) {
  return decodeToken({ method: "GET", path: "", body: "", headers: { authorization: `Bearer ${token}` } });
}

describe("the audit token", () => {
  // Proves GPC-SPN-TST-10, GPC-SPN-TST-11, TOKEN-CHECK.
  it("has three parts, the last of them empty", () => {
    const { parts, header } = decode(createAuditToken(input));
    expect(parts).toHaveLength(3);
    expect(parts[2]).toBe("");
    expect(header).toEqual({ alg: "none", typ: "JWT" });
  });

  // Proves GPC-SPN-TST-10, GPC-IG1, TOKEN-CHECK, HAZ-WRONG-ACTOR.
  it("says who asks, for which organisation, from which system", () => {
    const issuedAt = Date.parse("2026-07-01T12:00:00Z") / 1000 - 2;
    expect(decode(createAuditToken(input)).claims).toEqual({
      iss: "https://consumer.example",
      sub: "user-7f3a",
      aud: input.audience,
      iat: issuedAt,
      exp: issuedAt + 300,
      reason_for_request: "directcare",
      requested_scope: "patient/*.read",
      requesting_device: {
        resourceType: "Device",
        identifier: [{ system: "https://consumer.example/Id/device-identifier", value: "spine-graph" }],
        model: "spine-graph",
        version: "0.1.0",
      },
      requesting_organization: {
        resourceType: "Organization",
        identifier: [{ system: "https://fhir.nhs.uk/Id/ods-organization-code", value: "T82000" }],
        name: "Riverside Booking Hub",
      },
      requesting_practitioner: {
        resourceType: "Practitioner",
        id: "user-7f3a",
        identifier: [
          { system: "https://fhir.nhs.uk/Id/sds-user-id", value: "111222333444" },
          { system: "https://fhir.nhs.uk/Id/sds-role-profile-id", value: "444555666777" },
          { system: "https://consumer.example/Id/user-guid", value: "user-7f3a" },
        ],
        name: [{ family: "Lindqvist", given: ["Maja"], prefix: ["Dr"] }],
      },
    });
  });

  // Proves GPC-SPN-TST-11, TOKEN-CHECK.
  it("says UNK for a person without a smartcard, and leaves out a prefix that there is not", () => {
    const { sdsUserId: _user, sdsRoleProfileId: _role, ...person } = testCaller.person;
    const caller = { ...testCaller, person: { ...person, prefix: [] } };
    expect(decode(createAuditToken({ ...input, caller })).claims.requesting_practitioner).toMatchObject({
      identifier: [{ value: "UNK" }, { value: "UNK" }, { value: "user-7f3a" }],
      name: [{ family: "Lindqvist", given: ["Maja"] }],
    });
  });

  it("has an alphabet that is safe in a header, whatever the names hold", () => {
    const person = { ...testCaller.person, family: "Žižková-Ångström ≥ 名", given: ["ÿþ??>>"] };
    const token = createAuditToken({ ...input, caller: { ...testCaller, person } });
    expect(token).toMatch(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.$/);
    expect(decode(token).claims.requesting_practitioner).toMatchObject({ name: [{ family: person.family }] });
  });

  it("makes no double slash of a system URL that ends in one", () => {
    const token = createAuditToken({
      ...input,
      system: { ...testConsumer, url: "https://consumer.example/" },
    });
    expect(decode(token).claims).toMatchObject({
      iss: "https://consumer.example/",
      requesting_device: { identifier: [{ system: "https://consumer.example/Id/device-identifier" }] },
    });
  });
});
