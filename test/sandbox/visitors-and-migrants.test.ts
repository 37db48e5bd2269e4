import { createLog } from "../../src/platform/telemetry/log.js";
import { useSandbox } from "./support/use-sandbox.js";
import {
  VM_CODE as CODE,
  callVm,
  DIRECTORY_INTERACTION,
  IAT,
  vmSubject as subject,
  type VmChanges,
} from "./support/vm-call.js";
import { codeOf, type Json, NHS_SYSTEM } from "./support/wire.js";

describe("Visitors & Migrants", () => {
  const logLines: string[] = [];
  const under = useSandbox({ log: createLog("warn", (line) => logLines.push(line)) });

  const ask = (number: string, changes: VmChanges = {}) => callVm(under.sandbox, number, changes);

  const valuesOf = (observation: Json) =>
    Object.fromEntries(
      observation.component.map((one: Json) => [
        one.code.coding[0].code,
        one.valueCodeableConcept.coding[0].code,
      ]),
    );

  it("returns status, category and date", async () => {
    const reply = await ask("9000000009");
    expect([reply.status, reply.headers["content-type"]]).toEqual([200, "application/json+fhir"]);
    expect(reply.json).toMatchObject({ resourceType: "Bundle", type: "searchset" });
    expect(reply.json.entry).toHaveLength(1);
    const { resource } = reply.json.entry[0];
    expect(resource).toMatchObject({
      resourceType: "Observation",
      status: "final",
      effectiveDateTime: "2024-02-06T10:15:00+00:00",
      subject: { reference: "Patient/9000000009", display: "ASHCOMBE, Rosalind (Ms)" },
    });
    expect(valuesOf(resource)).toEqual({ BASIC_CHARGEABLE_STATUS: "Y", CATEGORY_CHARGEABLE_STATUS: "F" });
  });

  it.each([
    ["9990000018", { BASIC_CHARGEABLE_STATUS: "N", CATEGORY_CHARGEABLE_STATUS: "B" }],
    ["9990000042", { BASIC_CHARGEABLE_STATUS: "U", CATEGORY_CHARGEABLE_STATUS: "DECISION_PENDING" }],
    ["9990000050", { BASIC_CHARGEABLE_STATUS: "Y" }],
    ["9990000085", { CATEGORY_CHARGEABLE_STATUS: "E" }],
  ])("holds for %s what it holds, either component or both", async (number, values) => {
    expect(valuesOf((await ask(number)).json.entry[0].resource)).toEqual(values);
  });

  it("reports 'no record' with status 200, also for a superseded number", async () => {
    for (const number of ["9990000026", "9990000034"]) {
      const reply = await ask(number);
      expect([reply.status, reply.json.entry.length]).toEqual([200, 1]);
      const { resource } = reply.json.entry[0];
      expect([resource.resourceType, resource.issue[0].details.coding[0].code]).toEqual([
        "OperationOutcome",
        "NO_RECORD_FOUND",
      ]);
    }
  });

  it.each(["9990000204", "9990000166"])("responds 404 for %s", async (number) => {
    const reply = await ask(number);
    expect([reply.status, codeOf(reply)]).toEqual([404, "PATIENT_NOT_FOUND"]);
  });

  it.each<[string, string, VmChanges]>([
    [
      "an identifier without chained search",
      "INVALID_PARAMETER",
      { query: `identifier=${NHS_SYSTEM}%7C9000000009&${CODE}` },
    ],
    ["no code", "INVALID_PARAMETER", { query: subject("9000000009") }],
    ["another code", "INVALID_CODE_VALUE", { query: `${subject("9000000009")}&${CODE.slice(0, -1)}2` }],
    ["another code system", "INVALID_CODE_SYSTEM", { query: `${subject("9000000009")}&code=urn:x%7C0001` }],
    [
      "another identifier system",
      "INVALID_IDENTIFIER_SYSTEM",
      { query: `subject:Patient.identifier=urn:x%7C9&${CODE}` },
    ],
    ["another patient in the token", "REQUEST_UNMATCHED", { query: `${subject("9990000018")}&${CODE}` }],
    ["no trace id", "MISSING_OR_INVALID_HEADER", { headers: { "ssp-traceid": "" } }],
    ["a trace id that is no UUID", "MISSING_OR_INVALID_HEADER", { headers: { "ssp-traceid": "1" } }],
    ["R4's media type", "MISSING_OR_INVALID_HEADER", { headers: { accept: "application/fhir+json" } }],
    ["another audience", "MISSING_OR_INVALID_HEADER", { claims: { aud: "https://elsewhere.example" } }],
    [
      "the scope of GP Connect",
      "MISSING_OR_INVALID_HEADER",
      { claims: { requested_scopes: undefined, requested_scope: "patient/*.read" } },
    ],
    ["no record in the token", "MISSING_OR_INVALID_HEADER", { claims: { requested_record: undefined } }],
    ["a long life", "MISSING_OR_INVALID_HEADER", { claims: { exp: IAT + 301 } }],
    ["an expired token", "MISSING_OR_INVALID_HEADER", { claims: { iat: IAT - 300, exp: IAT } }],
    ["another subject", "MISSING_OR_INVALID_HEADER", { claims: { sub: "1" } }],
  ])("refuses %s", async (_case, code, changes) => {
    const reply = await ask("9000000009", changes);
    expect([reply.status, codeOf(reply)]).toEqual([400, code]);
    expect(reply.json.resourceType).toBe("OperationOutcome");
  });

  it("says that it does not simulate XML, which the real service has", async () => {
    logLines.length = 0;
    const reply = await ask("9000000009", { headers: { accept: "application/xml+fhir" } });
    expect([reply.status, codeOf(reply)]).toEqual([501, "NOT_SIMULATED"]);
    expect(logLines.join("")).toContain("does not simulate XML");
    const either = await ask("9000000009", {
      headers: { accept: "application/xml+fhir, application/json+fhir" },
    });
    expect(either.status).toBe(200);
  });

  it("accepts the other spelling of the scope", async () => {
    expect((await ask("9000000009", { claims: { requested_scopes: "patient/*.read" } })).status).toBe(200);
  });

  it("refuses a wrong check digit", async () => {
    expect(codeOf(await ask("9000000008"))).toBe("INVALID_NHS_NUMBER");
  });

  it.each([
    ["another sender", { "ssp-from": "200000000999" }],
    ["another receiver", { "ssp-to": "227319907548" }],
    ["the directory's form of the interaction", { "ssp-interactionid": DIRECTORY_INTERACTION }],
  ])("refuses %s", async (_case, headers) => {
    const reply = await ask("9000000009", { headers: headers as Record<string, string> });
    expect([reply.status, codeOf(reply)]).toEqual([403, "ASID_CHECK_FAILED"]);
  });
});
