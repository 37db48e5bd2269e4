import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { OdsCode } from "../../../src/domain/ods-code.js";
import { HttpClient } from "../../../src/platform/http/http-client.js";
import { createFhirDirectory, type DirectoryQuery } from "../../../src/upstreams/sds/index.js";
import { testContext } from "../../support/call-context.js";
import { bundle, device, startDirectoryServer } from "./directory-server.js";

const SAMPLES = path.resolve(__dirname, "../../../../shared/samples");
const suite = existsSync(SAMPLES) ? describe : describe.skip;
const sample = (file: string) => JSON.parse(readFileSync(path.join(SAMPLES, file), "utf8"));

const query = (odsCode: string, rest: Partial<DirectoryQuery> = {}): DirectoryQuery => ({
  odsCode: odsCode as OdsCode,
  interaction: "urn:nhs:names:services:psis:REPC_IN150016UK05",
  ...rest,
});

/** Lets the directory answer with published bodies. */
async function replay(asking: DirectoryQuery, endpoint: object, deviceReply: object) {
  const server = await startDirectoryServer();
  const http = new HttpClient();
  server.holding = { endpoint, device: deviceReply };
  try {
    const directory = createFhirDirectory({ url: server.url, http, timeoutMs: 10_000 });
    return (await directory.lookUp([asking], testContext()))[0];
  } finally {
    await server.close();
    await http.close();
  }
}

suite("published SDS samples", () => {
  it("the sandbox's Endpoint and its Device with 478 interactions are joined to Spine's own entry", async () => {
    const addresses = sample("sds/fhir-sandbox/endpoint.json");
    const answer = await replay(
      query("YES", { partyKey: "YES-0000806" }),
      addresses,
      sample("sds/fhir-sandbox/device.json"),
    );
    expect(answer).toEqual({
      kind: "entry",
      entry: {
        odsCode: "YES",
        asid: "928942012545",
        partyKey: "YES-0000806",
        serviceRootUrl: addresses.entry[0].resource.address,
      },
    });
  });

  it("three addresses under one party key are ambiguous", async () => {
    const answer = await replay(
      query("ORG"),
      JSON.parse(
        JSON.stringify(sample("sds/fhir-examples/multiple_endpoints.json")).replaceAll('"org"', '"ORG"'),
      ),
      sample("sds/fhir-examples/single_device.json"),
    );
    expect(answer).toMatchObject({ kind: "fault", error: { reason: "AMBIGUOUS_DIRECTORY_ENTRY" } });
  });

  it("a consumer's Endpoint sample keeps its trailing slash", async () => {
    const answer = await replay(
      query("ABC123"),
      sample("gp-connect/sds/sds_endpoint_response.json"),
      bundle(device("918000000001", "ABC123-822104")),
    );
    expect(answer).toMatchObject({ kind: "entry", entry: { serviceRootUrl: "http://test/" } });
  });

  it.each(["sds_endpoint_no_address_response", "sds_no_result_response"])("%s is no entry", async (file) => {
    const systems = sample("gp-connect/sds/sds_device_response.json");
    expect(await replay(query("ABC123"), sample(`gp-connect/sds/${file}.json`), systems)).toEqual({
      kind: "none",
    });
  });
});
