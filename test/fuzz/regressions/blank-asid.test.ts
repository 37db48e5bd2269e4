import { readEndpoints, readSystems } from "../../../src/upstreams/sds/wire.js";

const bundleOf = (resource: object) => JSON.stringify({ resourceType: "Bundle", entry: [{ resource }] });
const identifier = (name: string, value: string) => ({ system: `https://fhir.nhs.uk/Id/${name}`, value });

describe("a directory record with a blank where an identifier belongs", () => {
  it("is no system without an ASID", () => {
    const body = bundleOf({ resourceType: "Device", identifier: [identifier("nhsSpineASID", " ")] });
    expect(readSystems(body)).toMatchObject({ kind: "records", records: [] });
  });

  it("has no party key", () => {
    const address = "https://practice.example/fhir";
    const keys = [identifier("nhsMhsPartyKey", " ")];
    const body = bundleOf({ resourceType: "Endpoint", address, identifier: keys });
    expect(readEndpoints(body)).toMatchObject({ records: [{ address, partyKey: undefined }] });
  });
});
