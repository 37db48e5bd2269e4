import { generateKeyPairSync } from "node:crypto";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.js";
import { INTERACTIONS } from "../../src/upstreams/ssp/index.js";
import { startLdapStub } from "../support/ldap-stub.js";
import { sendJson, startLocalServer } from "../support/local-server.js";
import { writeTestFile } from "./support/consumers.js";
import { runCheck } from "./support/run-check.js";

let sandbox: Sandbox;
const open: (() => Promise<void>)[] = [];
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});
afterAll(() => sandbox.close());

async function rowAndAdvice(what: string, environment: Record<string, string>) {
  const { lines, table } = await runCheck(sandbox, environment);
  return {
    row: lines.find((line) => line.startsWith(`${what}: `)),
    advice: table.split("\n").filter((line) => line.startsWith(`  ${what}: `)),
  };
}

describe("what PDS's response says of the right of our token", () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = writeTestFile("pds.pem", privateKey.export({ type: "pkcs8", format: "pem" }).toString());
  afterAll(() => key.remove());

  /** A PDS that responds so to every read, with a token endpoint that issues a token. */
  async function checkAt(status: number, code: string) {
    const seen: unknown[] = [];
    const peer = await startLocalServer(({ method, path, headers }, response) => {
      if (method === "POST")
        return sendJson(response, 200, { access_token: "t", expires_in: "599", token_type: "Bearer" });
      if (path.includes("/Patient/")) seen.push(headers.authorization);
      const issue = [{ details: { coding: [{ code }] } }];
      return sendJson(response, status, { resourceType: "OperationOutcome", issue });
    });
    open.push(() => peer.close());
    const result = await rowAndAdvice("PDS API", {
      PDS_URL: peer.url,
      PDS_AUTH: "signed-jwt",
      PDS_TOKEN_URL: `${peer.url}/oauth2/token`,
      PDS_API_KEY: "an api key",
      PDS_KEY_ID: "test-1",
      PDS_PRIVATE_KEY_FILE: key.path,
    });
    expect(seen).toEqual(["Bearer t"]);
    return result;
  }

  test("its refusal of the number, which it judges last, shows that the token may read", async () => {
    expect(await checkAt(400, "INVALID_RESOURCE_ID")).toEqual({
      row: "PDS API: OK the API responds, and accepts our token for reads",
      advice: [],
    });
  });

  test.each([
    [401, "ACCESS_DENIED", "status 401: our token is not accepted", "of one environment"],
    [403, "ACCESS_DENIED", "status 403: the application has no right to this API", "Add this API"],
    [400, "MISSING_VALUE", "status 400: a value is missing, such as the application's ASID", "link an ASID"],
    [429, "TOO_MANY_REQUESTS", "status 429: too many requests", "Wait a minute"],
  ])("%i %s fails with the reason and one line of advice", async (status, code, details, words) => {
    const { row, advice } = await checkAt(status, code);
    expect(row).toBe(`PDS API: FAIL ${details}`);
    expect(advice).toEqual([expect.stringContaining(words)]);
  });
});

describe.each([
  [401, "our key is not accepted", "Compare SDS_API_KEY"],
  [403, "the application has no right to this API", "Add SDS to the application"],
])("a directory that responds with %i", (status, details, words) => {
  test.each([
    ["SDS API", `status ${status}: ${details}`],
    ["Our entry in SDS", `SDS responds with ${status}`],
  ])("fails the row %s, with one line of advice", async (what, expected) => {
    const peer = await startLocalServer((_request, response) => sendJson(response, status, {}));
    open.push(() => peer.close());
    const { row, advice } = await rowAndAdvice(what, { SDS_URL: peer.url });

    expect(row).toBe(`${what}: FAIL ${expected}`);
    expect(advice).toEqual([expect.stringContaining(words)]);
  });
});

describe("our own entry over LDAP", () => {
  const own = (environment: Record<string, string> = {}) =>
    rowAndAdvice("Our entry in SDS", { SDS_URL: sandbox.ldapUrl, ...environment });

  test("is good when the directory has every interaction", async () => {
    const { row } = await own();
    expect(row).toMatch(/^Our entry in SDS: OK ASID 200000000115 at T82000 has all 12 interactions$/);
  });

  test("fails when the ASID is not registered at the organisation", async () => {
    const { row, advice } = await own({ CONSUMER_ASID: "200000009999" });
    expect(row).toMatch(/FAIL ASID 200000009999 at T82000 is not registered for GP Connect$/);
    expect(advice).toEqual([expect.stringContaining("Compare CONSUMER_ASID")]);
  });

  test("names the interactions that the entry lacks, of those that it has", async () => {
    const asid = "200000000115";
    const lacking = "urn:nhs:names:services:gpconnect:fhir:rest:create:appointment-1";
    const registered = Object.values(INTERACTIONS).map(({ urn }) => urn);
    const stub = await startLdapStub({
      answer: (search) => search.entry({ nhsAsSvcIA: registered.filter((urn) => urn !== lacking) }).done(),
    });
    open.push(() => stub.close());
    const { row, advice } = await own({ SDS_URL: stub.url });
    expect(row).toBe(`Our entry in SDS: FAIL ASID ${asid} at T82000 lacks rest:create:appointment-1`);
    expect(advice).toEqual([expect.stringContaining("Ask for these interactions")]);
  });

  test("fails when the directory ends the connection", async () => {
    const stub = await startLdapStub({ answer: (search) => void search.hangUp() });
    open.push(() => stub.close());
    const { row, advice } = await own({ SDS_URL: stub.url });
    expect(row).toMatch(/^Our entry in SDS: FAIL no response: (ECONNRESET|reset)$/);
    expect(advice).toContainEqual(expect.stringContaining("SDS ended the connection"));
  });

  test("fails when the directory cannot be reached", async () => {
    const { row, advice } = await own({ SDS_URL: "ldap://127.0.0.1:1" });
    expect(row).toBe("Our entry in SDS: FAIL no response: ECONNREFUSED");
    expect(advice).toHaveLength(1);
  });
});
