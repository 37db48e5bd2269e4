import { readEndpoints, readSystems } from "../../../src/upstreams/sds/wire.js";

const bundleOf = (resource: object) => JSON.stringify({ resourceType: "Bundle", entry: [{ resource }] });
const identifier = (name: string, value: string) => ({ system: `https://fhir.nhs.uk/Id/${name}`, value });

describe("a directory record with a blank identifier", () => {
  it("is ignored when the ASID is blank", () => {
    const body = bundleOf({ resourceType: "Device", identifier: [identifier("nhsSpineASID", " ")] });
    expect(readSystems(body)).toMatchObject({ kind: "records", records: [] });
  });

  it("has no party key when that is blank", () => {
    const address = "https://practice.example/fhir";
    const keys = [identifier("nhsMhsPartyKey", " ")];
    const body = bundleOf({ resourceType: "Endpoint", address, identifier: keys });
    expect(readEndpoints(body)).toMatchObject({ records: [{ address, partyKey: undefined }] });
  });
});
