import type { OdsCode } from "../../../src/domain/ods-code.js";
import { createLdapDirectory } from "../../../src/upstreams/sds/index.js";
import { testContext } from "../../support/call-context.js";

describe("an accredited system without an ASID", () => {
  it("is not our own system", async () => {
    const entry = new Map([
      ["objectclass", ["nhsAs"]],
      ["nhsidcode", ["T81001"]],
      ["uniqueidentifier", [""]],
    ]);
    const ldap = { search: async () => [entry] };
    const directory = createLdapDirectory({ ldap, baseDn: "o=nhs", timeoutMs: 1_000, lookup: "parallel" });
    const query = {
      odsCode: "T81001" as OdsCode,
      interaction: "urn:nhs:names:services:gpconnect:fhir:rest:search:slot-1",
      manufacturer: "YGM01" as OdsCode,
    };
    await expect(directory.findOwnAsid(query, testContext())).resolves.toEqual({ kind: "none" });
  });
});
