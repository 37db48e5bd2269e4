import { ADDRESSES, SYSTEMS } from "../../fixtures/sds/directory-seed.js";
import { type LocalServer, sendJson, startLocalServer } from "../../support/local-server.js";
import { bundle, device, endpoint } from "./directory-server.js";

const ORGANISATION = "https://fhir.nhs.uk/Id/ods-organization-code|";
const INTERACTION = "https://fhir.nhs.uk/Id/nhsServiceInteractionId|";
const PARTY_KEY = "https://fhir.nhs.uk/Id/nhsMhsPartyKey|";

/** The SDS FHIR API over the seeded records, compared as its own LDAP filter compares (SDS notes, 9.2 to 9.5). */
export function startSeededFhirServer(): Promise<LocalServer> {
  return startLocalServer((request, response) => {
    const { pathname, searchParams } = new URL(request.path, "http://sds.invalid");
    const value = (name: string, system: string) =>
      searchParams
        .getAll(name)
        .find((text) => text.startsWith(system))
        ?.slice(system.length);
    const odsCode = value("organization", ORGANISATION);
    const interaction = value("identifier", INTERACTION);
    const partyKey = value("identifier", PARTY_KEY)?.toUpperCase();
    const matches = (record: { odsCode: string; partyKey: string }) =>
      (odsCode === undefined || record.odsCode === odsCode) &&
      (partyKey === undefined || record.partyKey.toUpperCase() === partyKey);

    if (interaction === undefined) return sendJson(response, 400, {});
    if (pathname === "/Device") {
      if (odsCode === undefined) return sendJson(response, 400, {});
      const found = SYSTEMS.filter((system) => matches(system) && system.interactions.includes(interaction));
      const devices = found.map((system) =>
        device(system.asid, system.partyKey, system.client ?? system.odsCode),
      );
      return sendJson(response, 200, bundle(...devices));
    }
    const found = ADDRESSES.filter((record) => matches(record) && record.interaction === interaction);
    const endpoints = found.flatMap(({ addresses, ...record }) =>
      addresses.map((address) => endpoint(address, record.partyKey, record.odsCode)),
    );
    sendJson(response, 200, bundle(...endpoints));
  });
}
