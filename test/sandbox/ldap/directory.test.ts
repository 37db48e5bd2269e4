import { LdapClient } from "../../../src/platform/ldap/ldap-client.js";
import { createLdapDirectory } from "../../../src/upstreams/sds/index.js";
import { seedLdif } from "../../fixtures/sds/seed-ldif.js";
import { describeDirectory } from "../../upstreams/sds/directory-suite.js";
import { entriesOf, startServer } from "./support.js";

/** The records that a real slapd serves in `test/upstreams/sds`, and the same results. */
describe.each(["parallel", "ordered"] as const)("SDS_LOOKUP=%s", (lookup) => {
  describeDirectory("over the sandbox's LDAP server", async () => {
    const server = await startServer(entriesOf(seedLdif()));
    const ldap = new LdapClient({ url: server.url });
    return {
      directory: createLdapDirectory({ ldap, baseDn: "ou=services,o=nhs", lookup, timeoutMs: 10_000 }),
      async stop() {
        await ldap.close();
        await server.close();
      },
    };
  });
});
