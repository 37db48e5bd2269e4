import type { OdsCode } from "../../../src/domain/ods-code.js";
import { createLdapDirectory, GP_CONNECT_DIRECTORY_INTERACTION } from "../../../src/upstreams/sds/index.js";
import { testContext } from "../../support/call-context.js";

const entry = (facts: Readonly<Record<string, string>>) =>
  new Map(
    Object.entries({ nhsidcode: "T81001", nhsmhspartykey: "T81001-1", ...facts }).map(([name, value]) => [
      name,
      [value],
    ]),
  );

test("an accredited system without an ASID is not a system of the practice", async () => {
  const entries = [
    entry({ objectclass: "nhsAs", uniqueidentifier: "" }),
    entry({
      objectclass: "nhsMhs",
      nhsmhsendpoint: "https://gp.example/fhir",
      nhsmhssvcia: GP_CONNECT_DIRECTORY_INTERACTION,
    }),
  ];
  const ldap = { search: async () => entries };
  const directory = createLdapDirectory({ ldap, baseDn: "o=nhs", timeoutMs: 1_000, lookup: "parallel" });
  const query = { odsCode: "T81001" as OdsCode, interaction: GP_CONNECT_DIRECTORY_INTERACTION };
  await expect(directory.lookUp([query], testContext())).resolves.toMatchObject([
    { kind: "fault", error: { reason: "DIRECTORY_ENTRY_INCOMPLETE" } },
  ]);
});
