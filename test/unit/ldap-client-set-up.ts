import { inspect } from "node:util";
import { EqualityFilter } from "ldapts";
import {
  LdapClient,
  type LdapClientOptions,
  LdapFailure,
  type LdapSearch,
} from "../../src/platform/ldap/ldap-client.js";
import { type LdapStub, type LdapStubOptions, type StubSearch, startLdapStub } from "../support/ldap-stub.js";

const SEARCH: LdapSearch = {
  baseDn: "ou=canary,o=nhs",
  filter: new EqualityFilter({ attribute: "nhsIDCode", value: "canary" }),
  attributes: ["nhsIDCode"],
  timeoutMs: 10_000,
};

export interface ClientAtStub {
  readonly stub: LdapStub;
  readonly client: LdapClient;
  search(facts?: Partial<LdapSearch>): ReturnType<LdapClient["search"]>;
}

/** Gives each test of a file a way to start a server with a client of its own, and clears up after it. */
export function useLdapClient(): (
  options?: LdapStubOptions,
  settings?: Partial<LdapClientOptions>,
) => Promise<ClientAtStub> {
  const started: ClientAtStub[] = [];
  afterEach(async () => {
    for (const { stub, client } of started.splice(0)) {
      await stub.close();
      await client.close();
    }
  });
  return async (options, settings) => {
    const stub = await startLdapStub(options);
    const client = new LdapClient({ url: stub.url, ...settings });
    const search = (facts: Partial<LdapSearch> = {}) => client.search({ ...SEARCH, ...facts });
    const under = { stub, client, search };
    started.push(under);
    return under;
  };
}

/** How a search failed, having looked through all that a log could print of it. */
export async function failureOf(searching: Promise<unknown>): Promise<LdapFailure> {
  const failure = await searching.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(LdapFailure);
  expect(inspect(failure, { depth: 10 })).not.toMatch(/canary/i);
  return failure as LdapFailure;
}

/** Answers the first searches in turn as told, and the rest with success. */
export const inTurn = (...ways: ((search: StubSearch) => void)[]): LdapStubOptions => {
  let turn = 0;
  return { answer: (search) => (ways[turn++] ?? ((each: StubSearch) => each.done()))(search) };
};
