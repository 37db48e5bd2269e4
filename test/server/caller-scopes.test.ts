import type { JWTPayload } from "jose";
import { SCOPES } from "../../src/domain/scope.js";
import { ConfigError, readConfig } from "../../src/platform/config/config.js";
import { createToScopes } from "../../src/server/auth/caller-scopes.js";
import { type RunningGraph, startGraph } from "../support/start-graph.js";
import { writeTestFile } from "./support/consumers.js";
import { MAJA, startIssuer, type TestIssuer } from "./support/issuer.js";

const GP = "S8000:G8000:R8000";

describe("the scopes of a token", () => {
  const file = writeTestFile("roles.json", { [GP]: ["demographics", "slots"], R8003: ["operator"] });
  afterAll(() => file.remove());
  const toScopes = createToScopes(readConfig({ AUTH_ROLE_SCOPES_FILE: file.path }));

  test.each<[string, JWTPayload, string | undefined, string[]]>([
    ["a text with spaces", { scope: "slots practice" }, undefined, ["slots", "practice"]],
    ["a list", { scope: ["slots", "trace"] }, undefined, ["slots", "trace"]],
    ["other systems' values", { scope: "openid slots.read SLOTS profile" }, undefined, []],
    ["no claim", {}, undefined, []],
    ["a number", { scope: 7 }, undefined, []],
    ["an object", { scope: { slots: true } }, undefined, []],
    ["values that are no text in a list", { scope: ["slots", 1, null, ["trace"]] }, undefined, ["slots"]],
    ["a mapped role", {}, GP, ["demographics", "slots"]],
    ["a mapped job role", {}, "S0:G0:R8003", ["operator"]],
    ["a role that is not mapped", {}, "S8000:G8000:R9999", []],
    ["a role with the name of an object member", {}, "constructor", []],
    ["a claim and a role", { scope: "trace" }, GP, ["demographics", "slots", "trace"]],
  ])("with %s", (_case, claims, code, expected) => {
    expect([...toScopes(claims, code === undefined ? undefined : { code })].sort()).toEqual(expected.sort());
  });

  test("may be in another claim", () => {
    const other = createToScopes(readConfig({ AUTH_SCOPES_CLAIM: "permissions" }));

    expect([...other({ scope: "trace", permissions: ["slots"] }, undefined)]).toEqual(["slots"]);
  });

  test.each<[string, unknown]>([
    ["an unknown scope", { [GP]: ["everything"] }],
    ["no JSON", "{"],
    ["a list", [GP]],
  ])("a role file with %s stops the start", (_case, content) => {
    const bad = writeTestFile("roles.json", content);
    expect(() => createToScopes(readConfig({ AUTH_ROLE_SCOPES_FILE: bad.path }))).toThrow(ConfigError);
    bad.remove();
  });
});

describe("over HTTP", () => {
  let issuer: TestIssuer;
  let graph: RunningGraph;
  beforeAll(async () => {
    issuer = await startIssuer();
    graph = await startGraph({ environment: issuer.environment });
  });
  afterAll(async () => {
    await graph.close();
    await issuer.close();
  });

  const query = async (text: string, scope: string | undefined) => {
    const { scope: _all, ...person } = MAJA;
    const token = await issuer.sign({ ...person, ...(scope !== undefined && { scope }) });
    return graph.query(text, {}, { authorization: `Bearer ${token}` });
  };
  const CARD =
    '{ patient(nhsNumber: "9000000009") { dateOfBirth chargeableStatus { recorded } practice { freeSlots(first: 1) { start } } } }';

  test("a token without scopes reads nothing", async () => {
    const before = graph.sandbox.requests.length;
    const { data, errors } = await query(CARD, undefined);

    expect(data).toEqual({ patient: null });
    expect(errors?.map(({ extensions }) => extensions)).toEqual([
      { code: "FORBIDDEN", reason: "NO_PERMISSION", correlationId: expect.any(String) },
    ]);
    expect(graph.sandbox.requests).toHaveLength(before);
  });

  test("a denied field is null with FORBIDDEN, the rest stands, and V&M and SDS are not called for it", async () => {
    const before = graph.sandbox.requests.length;
    const { data, errors } = await query(CARD, "demographics");

    expect(data).toEqual({
      patient: { dateOfBirth: expect.any(String), chargeableStatus: null, practice: { freeSlots: null } },
    });
    expect(errors?.map(({ path }) => path?.join("."))).toEqual([
      "patient.chargeableStatus",
      "patient.practice.freeSlots",
    ]);
    expect(graph.sandbox.requests.slice(before).map(({ service }) => service)).toEqual(["PDS"]);
  });

  test("a token with every scope reads the card", async () => {
    const { errors } = await query(CARD, SCOPES.join(" "));

    expect(errors).toBeUndefined();
  });
});
