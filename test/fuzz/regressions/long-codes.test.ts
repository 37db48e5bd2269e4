import type { NhsNumber } from "../../../src/domain/nhs-number.js";
import type { OdsCode } from "../../../src/domain/ods-code.js";
import { createPdsClient } from "../../../src/upstreams/pds/index.js";
import { createFhirDirectory } from "../../../src/upstreams/sds/index.js";
import { createVisitorsAndMigrantsClient } from "../../../src/upstreams/visitors-and-migrants/index.js";
import { TestClock, testConsumer, testContext } from "../../support/call-context.js";
import { StubHttp } from "../kit/stub-http.js";

const NUMBER = "9000000009" as NhsNumber;
const SPINE = {
  odsCode: "YES" as OdsCode,
  asid: "928942012545",
  partyKey: "YES-0000806",
  serviceRootUrl: "http://vm.example",
};

/** A reason goes to the caller, to the audit and to the log: a megabyte of capitals must not. */
describe("an error code longer than any Spine code", () => {
  const http = new StubHttp();
  const clock = new TestClock();
  const common = { http, clock, timeoutMs: 1_000 };

  beforeEach(() => {
    const issue = [{ severity: "error", details: { coding: [{ code: "A".repeat(1_000_000) }] } }];
    http.respondWith({
      status: 400,
      headers: {},
      body: JSON.stringify({ resourceType: "OperationOutcome", issue }),
    });
  });

  it("is not used as a reason of PDS", async () => {
    const client = createPdsClient({ ...common, url: "http://pds.example" });
    await expect(client.readPatient(NUMBER, testContext())).rejects.toMatchObject({
      httpStatus: 400,
      reason: undefined,
    });
  });

  it("is not used as a reason of SDS", async () => {
    const directory = createFhirDirectory({ ...common, url: "http://sds.example" });
    const query = {
      odsCode: "T81001" as OdsCode,
      interaction: "urn:nhs:names:services:gpconnect:fhir:rest:search:slot-1",
    };
    const [result] = await directory.lookUp([query], testContext());
    expect(result).toMatchObject({ kind: "fault", error: { httpStatus: 400, reason: undefined } });
  });

  it("is not used as a reason of V&M", async () => {
    const client = createVisitorsAndMigrantsClient({ ...common, system: testConsumer });
    const fetched = client.fetchChargeableStatus(SPINE, NUMBER, testContext());
    await expect(fetched).rejects.toMatchObject({ httpStatus: 400, reason: undefined });
  });
});
