import type { OdsCode } from "../../../src/domain/ods-code.js";
import { type LdapEntry, LdapFailure, type LdapFailureKind } from "../../../src/platform/ldap/ldap-client.js";
import {
  createLdapDirectory,
  type DirectoryQuery,
  GP_CONNECT_DIRECTORY_INTERACTION,
} from "../../../src/upstreams/sds/index.js";
import { testContext } from "../../support/call-context.js";
import { parse, type StubResponse } from "../kit/mutate.js";
import { isBox } from "../kit/mutate-structure.js";
import { SPINE_QUERY } from "../kit/sandbox-seeds.js";
import type { Target } from "../kit/target.js";
import { directoryResults, orThrow } from "./sds.js";

const CODES = ["T81001", "T81101", "T81102"] as OdsCode[];
const QUERIES: readonly DirectoryQuery[] = [
  ...CODES.map((odsCode) => ({ odsCode, interaction: GP_CONNECT_DIRECTORY_INTERACTION })),
  SPINE_QUERY,
];

/** The directory by LDAP: lists of entries as they come off the connection, in every way wrong. */
export function ldapTarget(): Target {
  const directory = (lookup: "parallel" | "ordered", document: StubResponse) => {
    const ldap = {
      search: async (_search: unknown, attempt = (send: () => Promise<LdapEntry[]>) => send()) =>
        attempt(async () => entriesOf(document)),
    };
    return createLdapDirectory({ ldap, baseDn: "ou=services,o=nhs", timeoutMs: 1_000, lookup });
  };
  const lookUp = (lookup: "parallel" | "ordered") => ({
    name: lookup,
    seeds: SEEDS,
    schema: directoryResults,
    call: async (document: StubResponse) => {
      const responses = await directory(lookup, document).lookUp(QUERIES, testContext());
      return orThrow(
        responses,
        QUERIES.map(({ odsCode }) => odsCode),
      );
    },
  });
  return {
    name: "LDAP",
    operations: [lookUp("parallel"), lookUp("ordered")],
  };
}

const FAILURES: readonly LdapFailureKind[] = [
  "timeout",
  "reset",
  "size-limit",
  "referral",
  "malformed",
  "tls",
];

/** What the connection hands over: names in lower case, lists of texts. An HTTP status has no meaning here, so an odd one stands for a failure. */
function entriesOf({ status, body }: StubResponse): LdapEntry[] {
  if (status >= 500) throw new LdapFailure("result-code", { resultCode: status % 100 });
  if (status >= 300) throw new LdapFailure(FAILURES[status % FAILURES.length] ?? "reset");
  const document = parse(body);
  if (!isBox(document)) throw new LdapFailure("malformed");
  return Object.values(document).map(
    (entry) =>
      new Map(
        Object.entries(isBox(entry) ? entry : { value: entry }).map(([name, values]) => [
          name.toLowerCase(),
          toTexts(values),
        ]),
      ),
  );
}

function toTexts(values: unknown): string[] {
  return (Array.isArray(values) ? values : [values]).map((value) =>
    isBox(value) ? "[object]" : String(value),
  );
}

function mhs(odsCode: string, partyKey: string, interaction: string, address: string) {
  return {
    objectClass: ["top", "nhsMhs"],
    nhsIDCode: [odsCode],
    nhsMHSPartyKey: [partyKey],
    nhsMhsSvcIA: [interaction],
    nhsMHSEndPoint: [address],
    uniqueIdentifier: [`S${partyKey}`],
  };
}

function as(odsCode: string, partyKey: string, asid: string) {
  return {
    objectClass: ["top", "nhsAs"],
    nhsIDCode: [odsCode],
    nhsMHSPartyKey: [partyKey],
    uniqueIdentifier: [asid],
    nhsAsClient: [odsCode],
  };
}

const PRACTICES = CODES.flatMap((code, index) => [
  mhs(
    code,
    `${code}-800001`,
    GP_CONNECT_DIRECTORY_INTERACTION,
    `https://supplier.example/${code}/STU3/1/gpconnect/fhir`,
  ),
  as(code, `${code}-800001`, `70000000000${index}`),
]);
const SPINE = [
  mhs("YES", "YES-0000806", SPINE_QUERY.interaction, "https://spine.example/vm"),
  as("YES", "YES-0000806", "928942012545"),
];
const TWINS = [
  ...PRACTICES,
  as("T81001", "T81001-800001", "700000000009"),
  mhs("T81001", "T81001-800002", GP_CONNECT_DIRECTORY_INTERACTION, "https://other.example/"),
];

const SEEDS: readonly StubResponse[] = [[...PRACTICES, ...SPINE], PRACTICES, SPINE, TWINS, []].map(
  (entries) => ({
    status: 200,
    headers: {},
    body: JSON.stringify(entries),
  }),
);
