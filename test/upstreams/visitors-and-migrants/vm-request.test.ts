import { testCaller, testContext } from "../../support/call-context.js";
import { ASKED, INTERACTION, startVmService, type VmService } from "./vm-service.js";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

let vm: VmService;
beforeEach(async () => {
  vm = await startVmService();
});
afterEach(() => vm.close());

/** The token of a request, decoded; checks its outer form on the way. */
function tokenOf(request: VmService["requests"][number] | undefined) {
  const token = /^Bearer (.*)$/.exec(request?.headers.authorization ?? "")?.[1] ?? "";
  const [header, claims, signature, ...more] = token.split(".");
  expect({ signature, more }).toEqual({ signature: "", more: [] });
  expect(token).toMatch(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.$/);
  const decode = (part = "") => JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
  return { header: decode(header), claims: decode(claims) };
}

describe("a V&M request", () => {
  it.each([
    ["/vm/fhir", "/vm/fhir/Observation"],
    ["/vm/fhir/", "/vm/fhir/Observation"],
    ["//vm//fhir/%7E", "//vm//fhir/%7E/Observation"],
  ])("is the specified search below %s", async (root, expected) => {
    await vm.fetchStatus(testContext(), root);
    const [request] = vm.requests;
    expect(vm.requests).toHaveLength(1);
    expect(request?.method).toBe("GET");
    expect(request?.path).toBe(
      `${expected}?subject:Patient.identifier=https://fhir.nhs.uk/Id/nhs-number%7C9990000018&code=https://fhir.nhs.uk/fhir-observation-code-1%7C0001`,
    );
    expect(request?.headers).toEqual({
      host: expect.any(String),
      connection: "keep-alive",
      accept: "application/json+fhir",
      "accept-encoding": "gzip",
      authorization: expect.any(String),
      "ssp-traceid": expect.stringMatching(UUID),
      "ssp-from": "200000000115",
      "ssp-to": "928942012545",
      "ssp-interactionid": INTERACTION,
      "ssp-version": "1",
    });
  });

  it("has V&M's own token for a smartcard user", async () => {
    await vm.fetchStatus();
    const now = Date.parse("2026-11-23T09:00:00Z") / 1000;
    expect(tokenOf(vm.requests[0])).toEqual({
      header: { alg: "none", typ: "JWT" },
      claims: {
        iss: "https://consumer.example",
        sub: "444555666777",
        aud: "https://authorize.fhir.nhs.uk/token",
        iat: now - 2,
        exp: now + 298,
        reason_for_request: "directcare",
        requested_record: {
          resourceType: "Patient",
          identifier: [{ system: "https://fhir.nhs.uk/Id/nhs-number", value: "9990000018" }],
        },
        requested_scopes: "patient/Observation.read",
        requesting_device: {
          resourceType: "Device",
          id: "200000000115",
          identifier: [{ system: "https://fhir.nhs.uk/Id/accredited-system", value: "200000000115" }],
          type: {
            coding: [
              {
                system: "http://snomed.info/sct",
                code: "462240000",
                display: "Patient health record information system (physical object)",
              },
            ],
          },
          model: "spine-graph",
          version: "0.1.0",
        },
        requesting_organization: {
          resourceType: "Organization",
          id: "T82000",
          identifier: [{ system: "https://fhir.nhs.uk/Id/ods-organization-code", value: "T82000" }],
          name: "Riverside Booking Hub",
        },
        requesting_practitioner: {
          resourceType: "Practitioner",
          id: "requesting-practitioner",
          identifier: [{ system: "https://fhir.nhs.uk/Id/sds-role-profile-id", value: "444555666777" }],
        },
      },
    });
  });

  it("names a user without a smartcard by local id and organisation, in UTF-8", async () => {
    const person = { ...testCaller.person, localId: "łucja", sdsRoleProfileId: undefined };
    await vm.fetchStatus(testContext({ caller: { ...testCaller, person } }));
    expect(tokenOf(vm.requests[0]).claims).toMatchObject({
      sub: "łucja",
      requesting_practitioner: {
        resourceType: "Practitioner",
        identifier: [{ system: "https://fhir.nhs.uk/Id/local-practitioner-identifier", value: "łucja" }],
        practitionerRole: [{ managingOrganization: { reference: "Organization/T82000" } }],
      },
    });
  });

  it("has a new trace id each time, the one in the audit", async () => {
    const context = testContext();
    await vm.fetchStatus(context);
    await vm.fetchStatus(context);
    const sent = vm.requests.map(({ headers }) => headers["ssp-traceid"]);
    expect(new Set(sent).size).toBe(2);
    expect(context.events.map(({ sspTraceId }) => sspTraceId)).toEqual(sent);
  });
});

it("a V&M call is recorded once, with the interaction of the header and both ASIDs", async () => {
  const context = testContext();
  await vm.fetchStatus(context);
  expect(context.calls.calls).toEqual([
    { service: "VM", interaction: INTERACTION, target: null, startedMs: 0, durationMs: 0, outcome: "OK" },
  ]);
  expect(context.events).toEqual([
    {
      operation: `VM ${INTERACTION}`,
      nhsNumber: ASKED,
      sspTraceId: expect.stringMatching(UUID),
      sspFrom: "200000000115",
      sspTo: "928942012545",
      outcome: "SUCCEEDED",
      httpStatus: 200,
    },
  ]);
});
