import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type OperationDefinitionNode, parse } from "graphql";
import { type JWTPayload, UnsecuredJWT } from "jose";
import { type Config, readConfig } from "../../src/platform/config/config.js";
import { ForbiddenError, UnauthenticatedError } from "../../src/platform/errors.js";
import { toCallerClaims } from "../../src/server/auth/claims.js";
import { requireOwnIdToken } from "../../src/server/auth/id-token.js";
import { createIdentify } from "../../src/server/auth/identify.js";
import { isPublic, rootFields } from "../../src/server/auth/public-operation.js";
import { createRefusal, KeysUnavailableError } from "../../src/server/auth/refusals.js";
import type { Verification } from "../../src/server/auth/token-verifier.js";
import { TestClock, testCaller } from "../support/call-context.js";
import { MAJA } from "./support/issuer.js";

const WITH_ISSUER = {
  AUTH_ISSUER: "https://i.example/",
  AUTH_AUDIENCE: "a",
  AUTH_JWKS_URL: "http://127.0.0.1:9/keys",
};
const config = readConfig(WITH_ISSUER);
const clock = new TestClock();
const log = { warn: () => {}, error: () => {} };

/** Identifies a caller by a token that the verifier finds as given. */
async function identify(verification: Verification, authorization = "Bearer a.b.c") {
  const seen: string[] = [];
  const verify = async (token: string) => {
    seen.push(token);
    return verification;
  };
  return { ...(await createIdentify({ config, clock, log, verify })({ authorization })), seen };
}
const valid = (claims: JWTPayload): Verification => ({ kind: "valid", claims });

describe("identifying a caller", () => {
  test("a valid token gives the person, the organisation of the settings, and the granted scopes", async () => {
    const found = await identify(valid({ ...MAJA, scope: "slots openid demographics" }));

    expect(found).toMatchObject({
      kind: "caller",
      caller: {
        person: { localId: "user-7f3a", family: "Lindqvist" },
        organisation: { odsCode: "T82000", asid: "200000000115" },
      },
      scopes: new Set(["slots", "demographics"]),
      seen: ["a.b.c"],
    });
    expect(found.kind === "caller" && "patients" in found.caller).toBe(false);
  });

  test("the patients that a token names stay with the caller", async () => {
    const found = await identify(valid({ ...MAJA, patient_nhs_numbers: ["9000000009"] }));

    expect(found).toMatchObject({ caller: { patients: ["9000000009"] } });
  });

  test.each(["bearer a.b.c", "BEARER  a.b.c ", "Bearer a.b.c"])("%j has a bearer token", async (header) => {
    expect(await identify(valid(MAJA), header)).toMatchObject({ kind: "caller", seen: ["a.b.c"] });
  });

  test.each([
    "",
    "Bearer",
    "Bearer ",
    "xBearer a",
    "Basic a",
    "Bearer a, Bearer b",
    "Bearer a b",
    "Bearera",
    "Bearer =a",
  ])("%j has no bearer token, and nothing is verified", async (header) => {
    const found = await identify(valid(MAJA), header);

    expect(found).toMatchObject({ kind: "refused", refusal: { reason: "TOKEN_REQUIRED" }, seen: [] });
    expect(found.kind === "refused" && found.refusal.error).toMatchObject({
      code: "UNAUTHENTICATED",
      message: "A bearer token is required.",
    });
  });

  test.each<[string, JWTPayload, string, RegExp]>([
    [
      "a shared account",
      { ...MAJA, family_name: "Reception", given_name: "Desk" },
      "NO_NAMED_USER",
      /names no person/,
    ],
    [
      "an organisation that is not served",
      { ...MAJA, ods_code: "A99999" },
      "UNKNOWN_ORGANISATION",
      /not one that is served/,
    ],
    [
      "no organisation",
      { sub: "u", family_name: "Okafor", given_name: "Ada" },
      "UNKNOWN_ORGANISATION",
      /not one/,
    ],
  ])(
    "a valid token of %s is refused, with what is known for the audit",
    async (_what, claims, reason, words) => {
      const found = await identify(valid(claims));
      if (found.kind !== "refused") throw new Error("admitted");

      expect(found.refusal.error).toBeInstanceOf(ForbiddenError);
      expect(found.refusal).toMatchObject({
        reason,
        error: { code: "FORBIDDEN", message: expect.stringMatching(words) },
        known: { person: { localId: claims.sub } },
      });
    },
  );

  test("an invalid token is refused with its own error, with its claims when the signature was valid", async () => {
    const error = new UnauthenticatedError("TOKEN_EXPIRED", "over");
    const over = await identify({ kind: "invalid", error, claims: MAJA });
    const forged = await identify({ kind: "invalid", error });

    expect(over).toMatchObject({
      refusal: {
        error,
        reason: "TOKEN_EXPIRED",
        known: { person: { localId: "user-7f3a" }, organisation: { odsCode: "T82000" } },
      },
    });
    expect(forged).toMatchObject({
      refusal: {
        known: {
          person: { localId: "", family: "", given: [], prefix: [] },
          organisation: { odsCode: "", name: "", asid: "", phone: "" },
        },
      },
    });
  });

  test("keys that cannot be fetched are the service's fault", () => {
    const { reason, error } = createRefusal(new KeysUnavailableError());

    expect([reason, error.code]).toEqual(["KEYS_UNAVAILABLE", "INTERNAL_SERVER_ERROR"]);
    expect(error.message).toContain("Try again later");
  });

  test("without an issuer the sandbox has one caller with every scope, and live mode does not start", async () => {
    const open = readConfig({});
    const found = await createIdentify({ config: open, clock, log })({ authorization: undefined });

    expect(found).toMatchObject({ kind: "caller", caller: { organisation: { odsCode: "T82000" } } });
    expect(found.kind === "caller" && found.scopes.size).toBe(10);
    const live: Config = { ...open, SPINE_ENV: "live" };
    expect(() => createIdentify({ config: live, clock, log })).toThrow("without authentication");
  });
});

describe("scopes by role", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "spine-graph-roles-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function scopesOf(claims: JWTPayload, roles: object, environment: Record<string, string> = {}) {
    const path = join(folder, "roles.json");
    writeFileSync(path, JSON.stringify(roles));
    const settings = readConfig({ ...WITH_ISSUER, AUTH_ROLE_SCOPES_FILE: path, ...environment });
    const found = await createIdentify({ config: settings, clock, log, verify: async () => valid(claims) })({
      authorization: "Bearer a",
    });
    return found.kind === "caller" ? [...found.scopes].sort() : found.refusal.reason;
  }
  const { scope: _scope, ...NO_SCOPE } = MAJA;

  test.each<[string, object, string[]]>([
    ["the whole code", { "S8000:G8000:R8000": ["slots"] }, ["slots"]],
    ["the job role alone", { R8000: ["practice"] }, ["practice"]],
    ["both", { "S8000:G8000:R8000": ["slots"], R8000: ["practice"] }, ["practice", "slots"]],
    ["another role", { R8001: ["slots"], S8000: ["slots"], G8000: ["slots"] }, []],
  ])("are those of %s", async (_what, roles, expected) => {
    expect(await scopesOf(NO_SCOPE, roles)).toEqual(expected);
  });

  test("are added to those of the token, in a claim of any name, as text or list", async () => {
    const roles = { R8000: ["practice"] };
    expect(await scopesOf({ ...NO_SCOPE, scope: "slots" }, roles)).toEqual(["practice", "slots"]);
    expect(await scopesOf({ ...NO_SCOPE, scope: ["slots", 7, null] }, roles)).toEqual(["practice", "slots"]);
    expect(await scopesOf({ ...NO_SCOPE, scope: { slots: true } }, roles)).toEqual(["practice"]);
    expect(await scopesOf({ ...NO_SCOPE, rights: "slots" }, roles, { AUTH_SCOPES_CLAIM: "rights" })).toEqual([
      "practice",
      "slots",
    ]);
    expect(await scopesOf(NO_SCOPE, roles, { AUTH_SCOPES_CLAIM: "toString" })).toEqual(["practice"]);
  });

  test("of a caller without a role are those of the token", async () => {
    const plain = { sub: "u1", family_name: "Okafor", given_name: "Ada", ods_code: "T82000", scope: "slots" };
    expect(await scopesOf(plain, { R8000: ["practice"] })).toEqual(["slots"]);
  });

  test("stop the start when the file names an unknown scope", async () => {
    await expect(scopesOf(NO_SCOPE, { R8000: ["everything"] })).rejects.toThrow(
      /role codes with lists of scopes \(demographics, /,
    );
  });
});

describe("an ID token", () => {
  const NOW = clock.now();
  const caller = { ...testCaller, person: toCallerClaims(MAJA).person };
  const token = (claims: JWTPayload) => new UnsecuredJWT(claims).encode();
  const check =
    (text: string, who = caller) =>
    () =>
      requireOwnIdToken(text, who, NOW);

  test.each<[string, JWTPayload]>([
    ["names the same subject", { sub: "user-7f3a" }],
    ["names the same SDS user", { sub: "another", nhsid_useruid: "111222333444" }],
    ["names the same organisation", { sub: "user-7f3a", ods_code: "T82000" }],
    ["ended less than ten seconds ago", { sub: "user-7f3a", exp: NOW / 1000 - 9 }],
  ])("that %s is the caller's own", (_what, claims) => {
    expect(check(token(claims))).not.toThrow();
  });

  test.each<[string, string]>([
    ["names nobody", token({})],
    ["names another subject", token({ sub: "other" })],
    ["names another subject and another SDS user", token({ sub: "other", nhsid_useruid: "999" })],
    ["names another organisation", token({ sub: "user-7f3a", ods_code: "T82001" })],
    ["ended ten seconds ago", token({ sub: "user-7f3a", exp: NOW / 1000 - 10 })],
    ["is no token", "x"],
  ])("that %s is refused", (_what, text) => {
    expect(check(text)).toThrow(UnauthenticatedError);
    expect(check(text)).toThrow(/expired or belongs to another person or organisation/);
  });

  test("without an SDS user id does not belong to a caller without one", () => {
    const { sdsUserId: _id, ...person } = caller.person;
    expect(check(token({ sub: "other" }), { ...caller, person })).toThrow(UnauthenticatedError);
  });

  test("that names nobody does not belong to a caller without a subject", () => {
    const nobody = { ...caller, person: { ...caller.person, localId: "" } };
    expect(check(token({}), nobody)).toThrow(UnauthenticatedError);
  });
});

describe("an operation that needs no caller", () => {
  const read = (text: string) => {
    const document = parse(text);
    const operation = document.definitions.find(({ kind }) => kind === "OperationDefinition");
    return [operation as OperationDefinitionNode, document] as const;
  };

  test.each([
    "{ __typename }",
    "{ __schema { queryType { name } } }",
    '{ __type(name: "A") { name } }',
    "{ _service { sdl } }",
    "{ ...F } fragment F on Query { __typename ... { _service { sdl } } }",
  ])("is %s", (text) => {
    expect(isPublic(...read(text))).toBe(true);
  });

  test.each([
    "mutation { __typename }",
    "{ __typename practice { odsCode } }",
    "{ __typename ...F } fragment F on Query { ... on Query { practice { odsCode } } }",
    "{ __typename: practice { odsCode } }",
    "{ _entities { __typename } }",
  ])("is not %s", (text) => {
    expect(isPublic(...read(text))).toBe(false);
  });

  test("root fields are listed once, in order, those of fragments too", () => {
    const text = "{ b a: b ...F ... { c } } fragment F on Query { d ...G } fragment G on Query { e { f } }";
    expect(rootFields(...read(text))).toEqual(["b", "d", "e", "c"]);
  });
});
