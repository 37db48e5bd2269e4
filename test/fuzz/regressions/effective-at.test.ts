import type { NhsNumber } from "../../../src/domain/nhs-number.js";
import type { OdsCode } from "../../../src/domain/ods-code.js";
import { createVisitorsAndMigrantsClient } from "../../../src/upstreams/visitors-and-migrants/index.js";
import { TestClock, testConsumer, testContext } from "../../support/call-context.js";
import { StubHttp } from "../kit/stub-http.js";

const SPINE = {
  odsCode: "YES" as OdsCode,
  asid: "928942012545",
  partyKey: "YES-0000806",
  serviceRootUrl: "http://vm.example",
};

describe("the date of a chargeable status", () => {
  const http = new StubHttp();
  const client = createVisitorsAndMigrantsClient({
    http,
    clock: new TestClock(),
    system: testConsumer,
    timeoutMs: 1_000,
  });

  it.each(["7", "2024-02-06", "2024", "2024-02-06T10:15:00"])(
    "%s is no instant and is left out",
    async (effectiveDateTime) => {
      const resource = { resourceType: "Observation", effectiveDateTime };
      http.respondWith({
        status: 200,
        headers: {},
        body: JSON.stringify({ resourceType: "Bundle", entry: [{ resource }] }),
      });
      const status = await client.fetchChargeableStatus(SPINE, "9000000009" as NhsNumber, testContext());
      expect(status).toMatchObject({ recorded: true, effectiveAt: undefined });
    },
  );
});
