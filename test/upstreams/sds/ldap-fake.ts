import type { LdapClient, LdapEntry, LdapSearch } from "../../../src/platform/ldap/ldap-client.js";
import { createLdapDirectory, type LdapDirectoryOptions } from "../../../src/upstreams/sds/index.js";
import { practice } from "./directory-suite.js";

/** Answers the searches of a client as told, by the text of their filter. */
export function directoryOver(
  answer: (filter: string) => LdapEntry[],
  facts: Partial<LdapDirectoryOptions> = {},
) {
  const searches: LdapSearch[] = [];
  const ldap: Pick<LdapClient, "search"> = {
    async search(search) {
      searches.push(search);
      return answer(search.filter.toString());
    },
  };
  const options = { ldap, baseDn: "ou=services,o=nhs", lookup: "parallel", timeoutMs: 10_000 } as const;
  return { directory: createLdapDirectory({ ...options, ...facts }), searches };
}

const entry = (attributes: Record<string, string[]>): LdapEntry => new Map(Object.entries(attributes));

export const mhs = (odsCode: string, facts: Record<string, string[]> = {}) =>
  entry({
    // Class names come in any case.
    objectclass: ["top", "NHSMHS"],
    nhsidcode: [odsCode],
    nhsmhspartykey: [`${odsCode}-1`],
    nhsmhssvcia: [practice(odsCode).interaction],
    nhsmhsendpoint: [`https://gp.example/${odsCode}`],
    ...facts,
  });
export const as = (odsCode: string, facts: Record<string, string[]> = {}) =>
  entry({
    objectclass: ["nhsAs"],
    nhsidcode: [odsCode],
    nhsmhspartykey: [`${odsCode}-1`],
    uniqueidentifier: [`asid-${odsCode}`],
    ...facts,
  });

export const codesIn = (filter: string) =>
  [...filter.matchAll(/nhsIDCode=(\w+)/g)].map(([, code]) => code ?? "");
export const whole = (filter: string) => codesIn(filter).flatMap((code) => [mhs(code), as(code)]);
export const codes = (count: number) => Array.from({ length: count }, (_, index) => `P${1000 + index}`);
export const queries = (count: number) => codes(count).map((code) => practice(code));
