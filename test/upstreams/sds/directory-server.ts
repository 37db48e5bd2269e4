import type { ServerResponse } from "node:http";
import {
  type LocalServer,
  type ReceivedRequest,
  sendJson,
  startLocalServer,
} from "../../support/local-server.js";

/** A body, or a way of answering. */
export type Reply = object | ((response: ServerResponse) => void);

/** What the directory holds in one test; a list is answered round by round, its last element from then on. */
export interface Holding {
  endpoint: Reply | readonly Reply[];
  device: Reply | readonly Reply[];
}

export interface DirectoryServer extends LocalServer {
  holding: Holding;
  /** The requests for one resource, in order of arrival. */
  asked(resource: "Endpoint" | "Device"): ReceivedRequest[];
}

/** Speaks the SDS FHIR API's paths and answers what it is told to hold, whatever is asked. */
export async function startDirectoryServer(): Promise<DirectoryServer> {
  const server = await startLocalServer((request, response) => {
    const resource = /\/(Endpoint|Device)\?/.exec(request.path)?.[1];
    if (!resource) return void response.writeHead(404).end();
    const isEndpoint = resource === "Endpoint";
    const replies = [isEndpoint ? directory.holding.endpoint : directory.holding.device].flat();
    const round = directory.asked(isEndpoint ? "Endpoint" : "Device").length;
    const reply = replies[Math.min(round, replies.length) - 1] as Reply;
    if (typeof reply === "function") reply(response);
    else sendJson(response, 200, reply);
  });
  const directory: DirectoryServer = {
    ...server,
    holding: { endpoint: bundle(), device: bundle() },
    asked: (resource) => server.requests.filter(({ path }) => path.includes(`/${resource}?`)),
  };
  return directory;
}

/** A searchset of the resources given. */
export function bundle(...resources: object[]) {
  const entry = resources.map((resource) => ({ resource, search: { mode: "match" } }));
  return { resourceType: "Bundle", type: "searchset", total: entry.length, entry };
}

/** An address under a party key; the organisation is left out where the test says nothing of it. */
export function endpoint(address: string | undefined, partyKey = "T81001-9100001", odsCode?: string) {
  return {
    resourceType: "Endpoint",
    address,
    identifier: identifiers({ nhsMHSId: "3fa1d0be77c24f0a9d11", nhsMhsPartyKey: partyKey }),
    ...(odsCode && { managingOrganization: organisation(odsCode) }),
  };
}

/** A system under a party key. */
export function device(asid: string | undefined, partyKey = "T81001-9100001", ownerOdsCode?: string) {
  return {
    resourceType: "Device",
    identifier: identifiers({ ...(asid && { nhsSpineASID: asid }), nhsMhsPartyKey: partyKey }),
    ...(ownerOdsCode && { owner: organisation(ownerOdsCode) }),
  };
}

const identifiers = (values: Record<string, string>) =>
  Object.entries(values).map(([name, value]) => ({ system: `https://fhir.nhs.uk/Id/${name}`, value }));

const organisation = (value: string) => ({
  identifier: { system: "https://fhir.nhs.uk/Id/ods-organization-code", value },
});
