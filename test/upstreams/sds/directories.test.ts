import { HttpClient } from "../../../src/platform/http/http-client.js";
import { LdapClient } from "../../../src/platform/ldap/ldap-client.js";
import { createFhirDirectory, createLdapDirectory } from "../../../src/upstreams/sds/index.js";
import { seedLdif } from "../../fixtures/sds/seed-ldif.js";
import { describeNeeding } from "../../support/needs.js";
import { startSlapd } from "../../support/slapd.js";
import { describeDirectory } from "./directory-suite.js";
import { startSeededFhirServer } from "./seeded-fhir-server.js";

/** The same records over each interface, the same answers. */

describeDirectory("over FHIR", async () => {
  const server = await startSeededFhirServer();
  const http = new HttpClient();
  return {
    directory: createFhirDirectory({ url: server.url, http, timeoutMs: 10_000 }),
    async stop() {
      await http.close();
      await server.close();
    },
  };
});

describeNeeding("slapd", "over LDAP", () => {
  describe.each(["parallel", "ordered"] as const)("SDS_LOOKUP=%s", (lookup) => {
    describeDirectory("over LDAP", async () => {
      const slapd = await startSlapd({ ldif: seedLdif() });
      const ldap = new LdapClient({ url: slapd.url });
      return {
        directory: createLdapDirectory({ ldap, baseDn: "ou=services,o=nhs", lookup, timeoutMs: 10_000 }),
        async stop() {
          await ldap.close();
          await slapd.stop();
        },
      };
    });
  });
});
