import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { NhsNumber } from "../../../src/domain/nhs-number.js";
import { HttpClient } from "../../../src/platform/http/http-client.js";
import { createPdsClient } from "../../../src/upstreams/pds/index.js";
import { TestClock, testContext } from "../../support/call-context.js";
import { startLocalServer } from "../../support/local-server.js";

const SAMPLES = path.resolve(__dirname, "../../../../shared/samples/pds");
const suite = existsSync(SAMPLES) ? describe : describe.skip;
/** The files of a folder; one that is not there stands for them while the suite is skipped, since a table may not be empty. */
const list = (folder: string) =>
  (existsSync(SAMPLES) ? readdirSync(path.join(SAMPLES, folder)) : ["absent"]).map((file) =>
    path.join(folder, file),
  );

/** Lets PDS answer with a published body, byte for byte. */
async function replay(status: number, file: string, nhsNumber: string) {
  const body = readFileSync(path.join(SAMPLES, file));
  const server = await startLocalServer((_request, response) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(body);
  });
  const http = new HttpClient();
  const client = createPdsClient({ url: server.url, http, clock: new TestClock(), timeoutMs: 10_000 });
  try {
    return await client.readPatient(nhsNumber as NhsNumber, testContext());
  } finally {
    await server.close();
    await http.close();
  }
}

suite("published PDS samples", () => {
  it.each(list("patient"))("%s is read in full", async (file) => {
    const sample = JSON.parse(readFileSync(path.join(SAMPLES, file), "utf8"));
    const result = await replay(200, file, sample.id);
    const practice = sample.generalPractitioner?.[0].identifier;
    expect(result).toMatchObject({
      kind: "found",
      record: {
        nhsNumber: sample.id,
        versionId: sample.meta.versionId,
        confidentiality: sample.meta.security[0].code,
        names: (sample.name ?? []).map(({ use, family, given }: Record<string, unknown>) => ({
          use,
          family,
          given,
        })),
        addresses: (sample.address ?? []).map(({ postalCode }: Record<string, unknown>) => ({ postalCode })),
        telecoms: (sample.telecom ?? []).map(({ value }: Record<string, unknown>) => ({ value })),
        birthDate: sample.birthDate,
        deceasedAt: sample.deceasedDateTime,
        ...(practice && {
          registeredPractice: { odsCode: practice.value, period: practice.period },
        }),
      },
    });
  });

  it("the sample of a deceased patient is read as deceased", async () => {
    const file = "consumer-fixtures/get-patient-response-deceased.json";
    const sample = JSON.parse(readFileSync(path.join(SAMPLES, file), "utf8"));
    const result = await replay(200, file, sample.id);
    expect(result).toMatchObject({ record: { deceasedAt: sample.deceasedDateTime } });
  });

  it.each([
    ["errors/RESOURCE_NOT_FOUND.json", "not-found"],
    ["errors/INVALIDATED_RESOURCE.json", "invalidated"],
    ["consumer-fixtures/invalid-patient-response.json", "invalidated"],
  ])("%s means %s", async (file, kind) => {
    expect(await replay(404, file, "9990000018")).toEqual({ kind });
  });

  it.each([...list("errors"), ...list("gateway-errors")])("%s under 400 names its code", async (file) => {
    const sample = JSON.parse(readFileSync(path.join(SAMPLES, file), "utf8"));
    await expect(replay(400, file, "9990000018")).rejects.toMatchObject({
      code: "UPSTREAM_REFUSED",
      service: "PDS",
      reason: sample.issue[0].details?.coding[0].code,
    });
  });
});
