import { decodeProtectedHeader, importSPKI, jwtVerify } from "jose";
import { Secret } from "../../../src/platform/crypto/secret.js";
import { testContext } from "../../support/call-context.js";
import {
  API_KEY,
  idToken,
  KEY_ID,
  keys,
  NHS_NUMBER,
  signedIn,
  startTokenService,
  type TokenService,
} from "./token-service.js";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

let service: TokenService;
beforeEach(async () => {
  service = await startTokenService();
});
afterEach(() => service.close());

/** The claims of an assertion, after its signature has been verified as the endpoint would. */
async function verified(assertion: string) {
  const pem = keys.publicKey.export({ type: "spki", format: "pem" }).toString();
  const { payload } = await jwtVerify(assertion, await importSPKI(pem, "RS512"), {
    algorithms: ["RS512"],
    audience: service.tokenUrl,
    currentDate: new Date(service.clock.now()),
  });
  return payload;
}

describe("the token request in application mode", () => {
  it("is a form with the exact content type and only the required fields", async () => {
    await service.clientFor("application").readPatient(NHS_NUMBER, testContext());
    const [request] = service.tokenRequests;
    expect(request?.method).toBe("POST");
    expect(request?.headers).toEqual({
      host: expect.any(String),
      connection: "keep-alive",
      accept: "application/json",
      "accept-encoding": "gzip",
      "content-type": "application/x-www-form-urlencoded",
      "content-length": String(request?.body.length),
    });
    expect(service.forms()).toEqual([
      {
        grant_type: "client_credentials",
        client_assertion_type: JWT_BEARER,
        client_assertion: expect.any(String),
      },
    ]);
    expect(service.shown()).toEqual(["Bearer token-1"]);
  });

  it("carries a signed client assertion that expires within minutes", async () => {
    await service.clientFor("application").readPatient(NHS_NUMBER, testContext());
    const assertion = service.forms()[0]?.client_assertion ?? "";
    expect(decodeProtectedHeader(assertion)).toEqual({ alg: "RS512", typ: "JWT", kid: KEY_ID });
    const claims = await verified(assertion);
    expect(claims).toEqual({
      iss: API_KEY,
      sub: API_KEY,
      aud: service.tokenUrl,
      jti: expect.stringMatching(UUID),
      exp: expect.any(Number),
    });
    const ahead = Number(claims.exp) - service.clock.now() / 1000;
    expect(ahead).toBeGreaterThanOrEqual(60);
    expect(ahead).toBeLessThanOrEqual(240);
    expect(Number.isInteger(claims.exp)).toBe(true);
  });

  it("leads to a PDS request without NHSD-Session-URID", async () => {
    await service.clientFor("application").readPatient(NHS_NUMBER, testContext());
    expect(service.pdsRequests[0]?.headers).not.toHaveProperty("nhsd-session-urid");
  });

  it("is recorded as its own call, without a patient", async () => {
    const context = testContext();
    await service.clientFor("application").readPatient(NHS_NUMBER, context);
    expect(context.calls.calls).toMatchObject([
      { service: "TOKEN", interaction: "token", target: null, outcome: "OK" },
      { service: "PDS", interaction: "Patient.read", target: null, outcome: "OK" },
    ]);
    expect(context.events).toEqual([
      { operation: "TOKEN token", outcome: "SUCCEEDED", httpStatus: 200 },
      { operation: "PDS Patient.read", outcome: "SUCCEEDED", httpStatus: 200, nhsNumber: NHS_NUMBER },
    ]);
  });
});

describe("the token request in user mode", () => {
  it("exchanges the caller's ID token with a client assertion", async () => {
    const context = signedIn("anna");
    await service.clientFor("user").readPatient(NHS_NUMBER, context);
    const [form] = service.forms();
    expect(form).toEqual({
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token: idToken({ sub: "anna" }).reveal(),
      subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
      client_assertion_type: JWT_BEARER,
      client_assertion: expect.any(String),
    });
    expect(await verified(form?.client_assertion ?? "")).toMatchObject({ iss: API_KEY, sub: API_KEY });
    expect(service.pdsRequests[0]?.headers).toMatchObject({
      authorization: "Bearer token-1",
      "nhsd-session-urid": "444555666777",
    });
  });

  it.each([undefined, "", "R8000", "4445 5566"])(
    "leads to a PDS request without a role when the role profile id is %p",
    async (sdsRoleProfileId) => {
      const context = signedIn("anna");
      const person = { ...context.caller.person, sdsRoleProfileId };
      const caller = { ...context.caller, person };
      await service.clientFor("user").readPatient(NHS_NUMBER, { ...context, caller });
      expect(service.pdsRequests[0]?.headers).not.toHaveProperty("nhsd-session-urid");
    },
  );

  it("is not sent without an ID token", async () => {
    const context = testContext();
    await expect(service.clientFor("user").readPatient(NHS_NUMBER, context)).rejects.toMatchObject({
      code: "UNAUTHENTICATED",
      reason: "ID_TOKEN_REQUIRED",
    });
    expect([service.tokenRequests, service.pdsRequests, context.calls.calls]).toEqual([[], [], []]);
  });

  it.each(["", "canary", "a.b.c", "e30.W10.e30"])(
    "is not sent with a malformed ID token: %p",
    async (text) => {
      const context = testContext({ idToken: new Secret(text) });
      await expect(service.clientFor("user").readPatient(NHS_NUMBER, context)).rejects.toMatchObject({
        code: "UNAUTHENTICATED",
        reason: "ID_TOKEN_MALFORMED",
      });
      expect(service.tokenRequests).toEqual([]);
    },
  );
});
