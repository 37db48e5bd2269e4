import { createLog } from "../../../src/platform/telemetry/log.js";
import { type SandboxOptions, startSandbox } from "../../../src/sandbox/index.js";
import {
  callVm,
  DIRECTORY_INTERACTION,
  IAT,
  VM_CODE,
  VM_INTERACTION,
  vmClaims,
  vmSubject,
} from "../support/vm-call.js";
import {
  A_WEDNESDAY,
  codeOf,
  FakeClock,
  type Json,
  NHS_SYSTEM,
  send,
  token,
  type WireResponse,
} from "../support/wire.js";
import { refusal, useFreshSandbox } from "./support.js";

const PATIENT = "9000000009";
const BAD_HEADER = [400, "MISSING_OR_INVALID_HEADER"];
const METADATA = VM_INTERACTION.replace("search:observation", "read:metadata");

const under = useFreshSandbox();

const resourceOf = (reply: WireResponse): Json => reply.json.entry[0].resource;
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** One request to a sandbox with other options. */
async function withOptions(
  options: SandboxOptions,
  use: (sandbox: Awaited<ReturnType<typeof startSandbox>>) => Promise<void>,
): Promise<void> {
  const sandbox = await startSandbox({ clock: new FakeClock(A_WEDNESDAY), ...options });
  await use(sandbox).finally(() => sandbox.close());
}

test.each([
  ["another sender", { "ssp-from": "200000000999" }],
  ["the other system of Spine as receiver", { "ssp-to": "227319907548" }],
  ["the directory's form of the interaction", { "ssp-interactionid": DIRECTORY_INTERACTION }],
  ["the interaction of the Conformance resource", { "ssp-interactionid": METADATA }],
])("VM-1: %s is 403 ASID_CHECK_FAILED", async (_case, headers: Record<string, string>) => {
  expect(refusal(await callVm(under.sandbox, PATIENT, { headers }))).toEqual([403, "ASID_CHECK_FAILED"]);
});

test.each(["ssp-traceid", "ssp-from", "ssp-to", "ssp-interactionid", "authorization"])(
  "VM-2: a request without %s is 400 MISSING_OR_INVALID_HEADER",
  async (name) => {
    expect(refusal(await callVm(under.sandbox, PATIENT, { headers: { [name]: "" } }))).toEqual(BAD_HEADER);
  },
);

test.each<Record<string, string>>([
  { "ssp-traceid": "1" },
  { "ssp-version": "2" },
  { accept: "application/fhir+json" },
])("VM-2: the header %j is 400 MISSING_OR_INVALID_HEADER", async (headers) => {
  expect(refusal(await callVm(under.sandbox, PATIENT, { headers }))).toEqual(BAD_HEADER);
});

test.each([
  ...["iss", "sub", "aud", "iat", "exp", "reason_for_request", "requested_record", "requested_scopes"],
  ...["requesting_device", "requesting_organization", "requesting_practitioner"],
])("VM-3: a token without %s is 400 MISSING_OR_INVALID_HEADER", async (name) => {
  expect(refusal(await callVm(under.sandbox, PATIENT, { claims: { [name]: undefined } }))).toEqual(
    BAD_HEADER,
  );
});

test.each<Record<string, unknown>>([
  { aud: "https://elsewhere.example" },
  { reason_for_request: "secondaryuses" },
  { requested_scopes: undefined, requested_scope: "patient/*.read" },
  { sub: "1" },
  { requesting_device: { resourceType: "Device", identifier: [] } },
])("VM-3: the claims %j are refused", async (claims) => {
  expect(refusal(await callVm(under.sandbox, PATIENT, { claims }))).toEqual(BAD_HEADER);
});

test("VM-4: the record of the token and the patient of the query must be the same", async () => {
  const query = `${vmSubject("9990000018")}&${VM_CODE}`;
  expect(refusal(await callVm(under.sandbox, PATIENT, { query }))).toEqual([400, "REQUEST_UNMATCHED"]);
});

test.each([
  ["lives 301 seconds", { exp: IAT + 301 }],
  ["ends before it begins", { exp: IAT - 1 }],
  ["has expired", { iat: IAT - 300, exp: IAT }],
  ["has times in milliseconds", { iat: IAT * 1000, exp: IAT * 1000 + 300_000 }],
])("VM-5: a token that %s is refused", async (_case, claims: Record<string, unknown>) => {
  expect(refusal(await callVm(under.sandbox, PATIENT, { claims }))).toEqual(BAD_HEADER);
});

describe("the signature of the token", () => {
  const payload = part(vmClaims(PATIENT));
  const signed = part({ alg: "RS256", typ: "JWT", kid: "k1" });

  test("VM-6: a signed token is accepted, whatever its signature", async () => {
    const jwt = `${signed}.${payload}.bm90LWEtc2lnbmF0dXJl`;
    expect((await callVm(under.sandbox, PATIENT, { jwt })).status).toBe(200);
  });

  test.each([
    ["without the trailing dot", token(vmClaims(PATIENT)).slice(0, -1)],
    ["of alg none with a signature", `${token(vmClaims(PATIENT))}c2ln`],
    ["of a signing algorithm without signature", `${signed}.${payload}.`],
    ["without typ", `${part({ alg: "none" })}.${payload}.`],
    ["that is padded", `${part({ alg: "none", typ: "JWT" })}.${payload}=.`],
    ["that is no JSON", `${part({ alg: "none", typ: "JWT" })}.aGVsbG8.`],
  ])("VM-6: a token %s is refused", async (_case, jwt) => {
    expect(refusal(await callVm(under.sandbox, PATIENT, { jwt }))).toEqual(BAD_HEADER);
  });
});

test("VM-7: both scopes and both user systems are accepted and logged, without the patient", async () => {
  const lines: string[] = [];
  await withOptions({ log: createLog("info", (line) => lines.push(line)) }, async (sandbox) => {
    const identifier = [{ system: "https://fhir.nhs.uk/sds-role-profile-id", value: "555000000001" }];
    const practitioner = { resourceType: "Practitioner", identifier };
    const claims = { requested_scopes: "patient/*.read", requesting_practitioner: practitioner };
    expect((await callVm(sandbox, PATIENT)).status).toBe(200);
    expect((await callVm(sandbox, PATIENT, { claims })).status).toBe(200);
  });
  const variants = lines.filter((line) => line.includes("V&M token variant"));
  expect(variants.map((line) => JSON.parse(line).scope)).toEqual([
    "patient/Observation.read",
    "patient/*.read",
  ]);
  expect(lines.join("")).not.toContain(PATIENT);
});

describe("the spellings of the request", () => {
  const samples = `identifier=${NHS_SYSTEM}%7C${PATIENT}`;

  test.each([
    ["the form of the code samples", samples, "INVALID_PARAMETER"],
    ["no code", vmSubject(PATIENT), "INVALID_PARAMETER"],
    ["a code twice", `${vmSubject(PATIENT)}&${VM_CODE}&${VM_CODE}`, "INVALID_PARAMETER"],
    ["another code", `${vmSubject(PATIENT)}&${VM_CODE.replace("0001", "0002")}`, "INVALID_CODE_VALUE"],
    ["another code system", `${vmSubject(PATIENT)}&code=urn:x%7C0001`, "INVALID_CODE_SYSTEM"],
    ["another number system", `subject:Patient.identifier=urn:x%7C1&${VM_CODE}`, "INVALID_IDENTIFIER_SYSTEM"],
    ["a number without system", `subject:Patient.identifier=${PATIENT}&${VM_CODE}`, "INVALID_PARAMETER"],
  ])("VM-8: %s is refused by default", async (_case, query, code) => {
    expect(refusal(await callVm(under.sandbox, PATIENT, { query }))).toEqual([400, code]);
  });

  test("VM-8: with the option, the form of the code samples is the only one", async () => {
    await withOptions({ vmVariants: { identifierParameter: true } }, async (sandbox) => {
      expect((await callVm(sandbox, PATIENT, { query: samples })).status).toBe(200);
      expect(refusal(await callVm(sandbox, PATIENT))).toEqual([400, "INVALID_PARAMETER"]);
    });
  });
});

describe("the records", () => {
  const CODES: readonly (readonly [string | undefined, string | undefined])[] = [
    ...["Y", "N", "U", undefined].flatMap((status) =>
      ["NONE", "DECISION_PENDING", "A", "B", "C", "D", "E", "F", undefined].map(
        (category) => [status, category] as const,
      ),
    ),
    ["X", "Z9"],
  ];
  /** The numbers in docs/sandbox.md, all valid from 9990500002 on. */
  const isValid = (number: string) =>
    [...number].reduce((sum, digit, index) => sum + Number(digit) * (10 - index), 0) % 11 === 0;
  const numbers = Array.from({ length: 450 }, (_, index) => String(9_990_500_000 + index)).filter(isValid);

  test("VM-9: there is a patient for each status with each category, for missing components and unknown codes", async () => {
    const codeIn = (observation: Json, kind: string): string | undefined =>
      observation.component.find((one: Json) => one.code.coding[0].code === kind)?.valueCodeableConcept
        .coding[0].code;
    const found: (readonly [string | undefined, string | undefined])[] = [];
    for (const [index] of CODES.entries()) {
      const observation = resourceOf(await callVm(under.sandbox, String(numbers[index])));
      found.push([
        codeIn(observation, "BASIC_CHARGEABLE_STATUS"),
        codeIn(observation, "CATEGORY_CHARGEABLE_STATUS"),
      ]);
    }
    expect(found).toEqual(CODES);
  });

  test("VM-9: a record may have no date, and a known patient no record", async () => {
    expect(resourceOf(await callVm(under.sandbox, "9990000050"))).not.toHaveProperty("effectiveDateTime");
    const none = resourceOf(await callVm(under.sandbox, "9990000026"));
    expect([none.resourceType, none.issue[0].details.coding[0].code]).toEqual([
      "OperationOutcome",
      "NO_RECORD_FOUND",
    ]);
  });

  test("VM-9: an unknown number is 404, one with a wrong check digit 400", async () => {
    expect(refusal(await callVm(under.sandbox, "9990000204"))).toEqual([404, "PATIENT_NOT_FOUND"]);
    expect(refusal(await callVm(under.sandbox, "9000000008"))).toEqual([400, "INVALID_NHS_NUMBER"]);
  });
});

test("VM-10: errors are bare OperationOutcomes, and with the option the only entry of a Bundle", async () => {
  expect((await callVm(under.sandbox, "9990000204")).json.resourceType).toBe("OperationOutcome");
  await withOptions({ vmVariants: { errorsInBundle: true } }, async (sandbox) => {
    const reply = await callVm(sandbox, "9990000204");
    expect([
      reply.status,
      reply.json.resourceType,
      resourceOf(reply).issue[0].details.coding[0].code,
    ]).toEqual([404, "Bundle", "PATIENT_NOT_FOUND"]);
  });
});

test("VM-11: the number of the published examples is refused, except with the option", async () => {
  expect(codeOf(await callVm(under.sandbox, "9900002831"))).toBe("INVALID_NHS_NUMBER");
  await withOptions({ vmVariants: { publishedPatient: true } }, async (sandbox) => {
    const observation = resourceOf(await callVm(sandbox, "9900002831"));
    expect(observation.subject.display).toBe("TAYLOR, Mary (Miss)");
  });
});

test("VM-12: a fault gives HTML with 503, a cut connection or a delay", async () => {
  const html = { status: 503, contentType: "text/html", body: "<h1>Unavailable</h1>" };
  under.sandbox.faults.add({ service: "VM", kind: html, times: 1 });
  expect((await callVm(under.sandbox, PATIENT)).headers["content-type"]).toBe("text/html");
  under.sandbox.faults.add({ service: "VM", kind: "reset", times: 1 });
  await expect(callVm(under.sandbox, PATIENT)).rejects.toThrow();
  under.sandbox.faults.add({ service: "VM", kind: { delayMs: 5 }, times: 1 });
  expect((await callVm(under.sandbox, PATIENT)).status).toBe(200);
});

test("VM-13: the directory knows the interaction with :1 only", async () => {
  const systems = "https://fhir.nhs.uk/Id";
  const look = async (id: string) => {
    const query = `identifier=${systems}/nhsServiceInteractionId%7C${id}&identifier=${systems}/nhsMhsPartyKey%7CYES-0000806`;
    const reply = await send(`${under.sandbox.sdsUrl}/Endpoint?${query}`, { headers: { apikey: "any" } });
    return reply.json.total;
  };
  expect([await look(DIRECTORY_INTERACTION), await look(VM_INTERACTION)]).toEqual([1, 0]);
});

test("VM-14: metadata and OPTIONS give the Conformance resource of DSTU2", async () => {
  const headers = { "ssp-interactionid": METADATA };
  const metadata = await callVm(under.sandbox, PATIENT, { path: "/metadata", headers });
  expect([metadata.status, metadata.headers["content-type"]]).toEqual([200, "application/json+fhir"]);
  expect(metadata.json).toMatchObject({ resourceType: "Conformance", fhirVersion: "1.0.1" });
  const options = await callVm(under.sandbox, PATIENT, { path: "/", method: "OPTIONS", headers });
  expect(options.json).toEqual(metadata.json);
});

test("VM-14: metadata with the interaction of the search, or without headers, is refused", async () => {
  const reply = await callVm(under.sandbox, PATIENT, { path: "/metadata" });
  expect(refusal(reply)).toEqual([403, "ASID_CHECK_FAILED"]);
  const bare = await send(`${under.sandbox.urls.vm}/metadata`);
  expect(refusal(bare)).toEqual(BAD_HEADER);
});
