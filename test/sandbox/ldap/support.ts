import type { LdapEntry } from "../../../src/sandbox/ldap/entry.js";
import type { CallRecord } from "../../../src/sandbox/ldap/ldap-fault.js";
import { LdapServer, type LdapServerOptions } from "../../../src/sandbox/ldap/ldap-server.js";

/** A record of a search without a fault. */
export const NO_FAULT: CallRecord = {
  fault: undefined,
  pause: async () => undefined,
  pass: async () => undefined,
  finish: () => undefined,
};

/** The entries of an LDIF text below `ou=Services`. */
export function entriesOf(ldif: string): LdapEntry[] {
  return ldif
    .split("\n\n")
    .map((block) => block.split("\n").filter((line) => line !== ""))
    .map((lines) => {
      const attributes: Record<string, string[]> = {};
      for (const line of lines.slice(1)) {
        const [, name = "", value = ""] = /^(\w+): (.*)$/.exec(line) ?? [];
        attributes[name] = [...(attributes[name] ?? []), value];
      }
      return { dn: lines[0]?.slice("dn: ".length) ?? "", attributes };
    })
    .filter(({ dn }) => dn.startsWith("uniqueIdentifier="));
}

/** The sandbox's LDAP server over these entries, on a free port. */
export function startServer(
  entries: readonly LdapEntry[],
  options: Partial<LdapServerOptions> = {},
): Promise<LdapServer> {
  return LdapServer.listen({
    source: { entries: () => entries },
    record: () => NO_FAULT,
    port: 0,
    bind: "loopback",
    ...options,
  });
}
