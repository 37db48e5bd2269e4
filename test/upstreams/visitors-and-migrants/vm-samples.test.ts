import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { NhsNumber } from "../../../src/domain/nhs-number.js";
import type { OdsCode } from "../../../src/domain/ods-code.js";
import { HttpClient } from "../../../src/platform/http/http-client.js";
import { createVisitorsAndMigrantsClient } from "../../../src/upstreams/visitors-and-migrants/index.js";
import { TestClock, testConsumer, testContext } from "../../support/call-context.js";
import { startLocalServer } from "../../support/local-server.js";

const SAMPLES = path.resolve(__dirname, "../../../../shared/samples/visitors-and-migrants");
const suite = existsSync(SAMPLES) ? describe : describe.skip;
const read = (file: string) => readFileSync(path.join(SAMPLES, file), "utf8");

/** The number of the published examples, whose check digit is wrong: no caller's own number could be it. */
const EXAMPLE_NUMBER = "9900002831" as NhsNumber;

/** Lets V&M answer with a published body, byte for byte. */
async function replay(status: number, body: string) {
  const server = await startLocalServer((_request, response) => {
    response.writeHead(status, { "content-type": "application/json+fhir" });
    response.end(body);
  });
  const http = new HttpClient();
  const client = createVisitorsAndMigrantsClient({
    http,
    clock: new TestClock(),
    system: testConsumer,
    timeoutMs: 10_000,
  });
  const spine = {
    odsCode: "YES" as OdsCode,
    asid: "928942012545",
    partyKey: "YES-0000806",
    serviceRootUrl: server.url,
  };
  try {
    return await client.fetchChargeableStatus(spine, EXAMPLE_NUMBER, testContext());
  } finally {
    await server.close();
    await http.close();
  }
}

suite("published V&M samples", () => {
  it("the Observation sample is chargeable, category F", async () => {
    expect(await replay(200, read("examples/Bundle-Observation.json"))).toEqual({
      recorded: true,
      status: {
        system: "https://fhir.nhs.uk/spine-chargeable-status-1",
        code: "Y",
        display: "Chargeable",
      },
      category: {
        system: "https://fhir.nhs.uk/spine-category-status-1",
        code: "F",
        display: "Chargeable non-EEA",
      },
      effectiveAt: "2015-01-01T15:00:00+00:00",
    });
  });

  it.each([
    ["examples/Bundle-OperationOutcome.json", 200],
    ["examples/Bundle-OperationOutcome.json", 400],
    ["examples/OperationOutcome.json", 400],
  ])("%s under %i is a refusal", async (file, status) => {
    await expect(replay(status, read(file))).rejects.toMatchObject({
      code: "UPSTREAM_REFUSED",
      service: "VM",
      reason: "INVALID_NHS_NUMBER",
    });
  });

  it("an XML response cannot be used", async () => {
    await expect(replay(200, read("examples/Bundle-Observation.xml"))).rejects.toMatchObject({
      code: "UPSTREAM_BAD_RESPONSE",
      reason: "NOT_JSON",
    });
  });

  /** Every code of a published value set; one that is not there stands for them while the suite is skipped. */
  const codesOf = (file: string): { system: string; code: string; display: string }[] => {
    if (!existsSync(SAMPLES)) return [{ system: "", code: "absent", display: "" }];
    const { system, concept } = JSON.parse(read(`value-sets/${file}.json`)).codeSystem;
    return concept.map(({ code, display }: Record<string, string>) => ({ system, code, display }));
  };

  it.each(codesOf("spine-chargeable-status-1"))("status $code is kept as sent", async (coding) => {
    const body = JSON.parse(read("examples/Bundle-Observation.json"));
    body.entry[0].resource.component[0].valueCodeableConcept.coding = [coding];
    expect(await replay(200, JSON.stringify(body))).toMatchObject({ status: coding });
  });

  it.each(codesOf("spine-error-or-warning-code-1"))("error code $code becomes the reason", async (coding) => {
    const body = JSON.parse(read("examples/OperationOutcome.json"));
    body.issue[0].details.coding = [coding];
    await expect(replay(403, JSON.stringify(body))).rejects.toMatchObject({
      reason: coding.code.replace(" ", "_"),
    });
  });
});
