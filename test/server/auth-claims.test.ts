import type { JWTPayload } from "jose";
import { type CallerPerson, namesPerson } from "../../src/domain/caller.js";
import { toCallerClaims } from "../../src/server/auth/claims.js";
import { MAJA } from "./support/issuer.js";

const PLAIN: JWTPayload = { sub: "u1", family_name: "Okafor", given_name: "Ada", ods_code: "T82000" };
const role = (profile: string, organisation: string) => ({
  person_roleid: profile,
  org_code: organisation,
  role_code: `code-${profile}`,
  role_name: `name-${profile}`,
});

test("a CIS2 token gives the person, the selected role and its organisation", () => {
  expect(toCallerClaims(MAJA)).toEqual({
    odsCode: "T82000",
    person: {
      localId: "user-7f3a",
      family: "Lindqvist",
      given: ["Maja", "Karin"],
      prefix: ["Dr"],
      sdsUserId: "111222333444",
      sdsRoleProfileId: "444555666777",
      role: {
        code: "S8000:G8000:R8000",
        name: '"Clinical":"Clinical Provision":"General Medical Practitioner"',
      },
    },
  });
});

test("standard OpenID Connect claims are enough, and missing claims give no member", () => {
  expect(toCallerClaims(PLAIN)).toEqual({
    odsCode: "T82000",
    person: { localId: "u1", family: "Okafor", given: ["Ada"], prefix: [] },
  });
});

test("a local issuer may name the role and SDS ids in claims of its own", () => {
  const claims = { sds_user_id: "123456789012", sds_role_profile_id: "210987654321", role_name: "Nurse" };
  expect(toCallerClaims({ ...PLAIN, ...claims }).person).toMatchObject({
    sdsUserId: "123456789012",
    sdsRoleProfileId: "210987654321",
    role: { name: "Nurse" },
  });
});

describe("the organisation in the claims", () => {
  test.each<[string, JWTPayload, string | undefined]>([
    ["as the token says", { ods_code: "t82000" }, "T82000"],
    ["as the token says, in CIS2's word", { org_code: "T82001" }, "T82001"],
    [
      "as the token says, before any role",
      { ods_code: "T82001", nhsid_nrbac_roles: [role("1", "T82000")] },
      "T82001",
    ],
    [
      "of the chosen role",
      { selected_roleid: "2", nhsid_nrbac_roles: [role("1", "T82000"), role("2", "T82001")] },
      "T82001",
    ],
    ["of the only role", { nhsid_nrbac_roles: [role("1", "T82000")] }, "T82000"],
    [
      "of all roles, when it is the same",
      { nhsid_nrbac_roles: [role("1", "T82000"), role("2", "T82000")] },
      "T82000",
    ],
    ["the only one that the person belongs to", { nhsid_user_orgs: [{ org_code: "T82000" }] }, "T82000"],
    [
      "unknown: several roles and none chosen",
      { nhsid_nrbac_roles: [role("1", "T82000"), role("2", "T82001")] },
      undefined,
    ],
    [
      "unknown: the chosen role is not held",
      { selected_roleid: "9", nhsid_nrbac_roles: [role("1", "T82000")] },
      undefined,
    ],
    [
      "unknown: several organisations",
      { nhsid_user_orgs: [{ org_code: "T82000" }, { org_code: "T82001" }] },
      undefined,
    ],
    ["unknown: nothing said", {}, undefined],
    ["unknown: no ODS code", { ods_code: "not a code" }, undefined],
    ["unknown: of the wrong type", { ods_code: { code: "T82000" }, nhsid_nrbac_roles: "T82000" }, undefined],
  ])("is %s", (_title, claims, expected) => {
    expect(toCallerClaims({ sub: "u1", ...claims }).odsCode).toBe(expected);
  });
});

test("a role at another organisation is not used", () => {
  const { person } = toCallerClaims({
    ...PLAIN,
    ods_code: "T82001",
    nhsid_nrbac_roles: [role("1", "T82000")],
  });
  expect(person).not.toHaveProperty("sdsRoleProfileId");
  expect(person).not.toHaveProperty("role");
});

test("with several roles and no selected one, the caller has no role", () => {
  const claims = { sub: "u1", nhsid_nrbac_roles: [role("1", "T82000"), role("2", "T82000")] };
  expect(toCallerClaims(claims).person).not.toHaveProperty("sdsRoleProfileId");
});

test("SDS ids with other characters than digits are ignored, so that audit tokens say UNK", () => {
  expect(toCallerClaims({ ...PLAIN, nhsid_useruid: "abc", sds_role_profile_id: "1 2" }).person).toEqual(
    toCallerClaims(PLAIN).person,
  );
});

test("a subject that is no FHIR id becomes a stable FHIR id, and the audit keeps the original", () => {
  const [one, again, other] = ["auth0|maja", "auth0|maja", "auth0|ada"].map(
    (sub) => toCallerClaims({ sub }).person,
  );
  expect(one?.localId).toMatch(/^[A-Za-z0-9.-]{1,64}$/);
  expect(one?.subject).toBe("auth0|maja");
  expect(again).toEqual(one);
  expect(other?.localId).not.toBe(one?.localId);
});

describe("gate G1 requires the name of a person", () => {
  const person = (family: string, given: string[], localId = "u1"): CallerPerson => ({
    localId,
    family,
    given,
    prefix: [],
  });

  test.each([
    person("Lindqvist", ["Maja"]),
    person("Nurse", ["Grace"]),
    person("Guest", ["Anna"]),
    person("O", ["U"]),
    person("Ó Súilleabháin", ["Séamas"]),
    person("王", ["伟"]),
  ])("$given $family names a person", (somebody) => {
    expect(namesPerson(somebody)).toBe(true);
  });

  test.each([
    person("Lindqvist", ["Maja"], ""),
    person("", ["Maja"]),
    person("Lindqvist", []),
    person("Lindqvist", ["-"]),
    person("1", ["Reception"]),
    person("Desk", ["Reception"]),
    person("GP 2", ["Locum"]),
    person("User", ["Generic"]),
    person("Account", ["Service"]),
    person("UNK", ["unknown"]),
    person("Administrator", ["System"]),
  ])("$localId $given $family names no person", (nobody) => {
    expect(namesPerson(nobody)).toBe(false);
  });
});

describe("the patients that a token names", () => {
  test.each<[unknown, readonly string[]]>([
    [
      ["9000000009", "999 000 0018"],
      ["9000000009", "9990000018"],
    ],
    ["9000000009", ["9000000009"]],
    ["9999999999", ["9999999999"]],
    [[" 9000000009 ", "9000000008", 9000000009, null], ["9000000009"]],
    [[], []],
    [null, []],
    ["", []],
  ])("%j are read as %j", (claim, expected) => {
    expect(toCallerClaims({ ...PLAIN, patient_nhs_numbers: claim })).toMatchObject({ patients: expected });
  });

  test("are not restricted without the claim", () => {
    expect(toCallerClaims(PLAIN)).not.toHaveProperty("patients");
  });
});

describe("what a token leaves out", () => {
  test("a token without anything names nobody, nowhere", () => {
    expect(toCallerClaims({})).toEqual({
      odsCode: undefined,
      person: { localId: "", family: "", given: [], prefix: [] },
    });
  });

  test("without a selection the only role is the caller's, and of two none is", () => {
    const { ods_code: _code, ...nowhere } = PLAIN;
    const only = toCallerClaims({ ...nowhere, nhsid_nrbac_roles: [role("1", "T82000")] });
    const two = { ...PLAIN, nhsid_nrbac_roles: [role("1", "T82000"), role("2", "T82000")] };

    expect(only).toMatchObject({
      odsCode: "T82000",
      person: { sdsRoleProfileId: "1", role: { code: "code-1", name: "name-1" } },
    });
    expect(toCallerClaims(two).person).not.toHaveProperty("role");
  });

  test("entries that are no roles are not counted", () => {
    const { ods_code: _code, ...nowhere } = PLAIN;
    const roles = [null, "x", 7, role("1", "T82000")];

    expect(toCallerClaims({ ...nowhere, nhsid_nrbac_roles: roles })).toMatchObject({
      odsCode: "T82000",
      person: { sdsRoleProfileId: "1" },
    });
    expect(toCallerClaims({ ...nowhere, nhsid_nrbac_roles: "x" }).odsCode).toBeUndefined();
  });
});

test.each<[unknown, string | undefined]>([
  [" 111222333444 ", "111222333444"],
  ["11122233344a", undefined],
  ["1".repeat(21), undefined],
  ["", undefined],
  [111222333444, undefined],
])("the SDS user id %j is read as %j", (claim, expected) => {
  expect(toCallerClaims({ ...PLAIN, nhsid_useruid: claim }).person.sdsUserId).toBe(expected);
});

test("white space around and between names is no part of them", () => {
  const { person } = toCallerClaims({ ...PLAIN, family_name: " Okafor ", given_name: " Ada  Maria " });
  expect([person.family, person.given]).toEqual(["Okafor", ["Ada", "Maria"]]);
});
