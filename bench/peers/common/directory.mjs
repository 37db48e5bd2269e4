import { randomUUID } from "node:crypto";
import { reuse } from "./request-context.mjs";
import { settings } from "./settings.mjs";
import { callUpstream, UpstreamFailure } from "./upstream.mjs";

const ODS_CODE = "https://fhir.nhs.uk/Id/ods-organization-code";
const INTERACTION_SYSTEM = "https://fhir.nhs.uk/Id/nhsServiceInteractionId";
const PARTY_KEY = "https://fhir.nhs.uk/Id/nhsMhsPartyKey";
const ASID = "https://fhir.nhs.uk/Id/nhsSpineASID";
const SLOTS = "urn:nhs:names:services:gpconnect:fhir:rest:search:slot-1";

/** Shared by all requests. */
const entries = new Map();

/** Address and ASID of a practice. A service without a cache makes both calls each time, one after the other. */
export function findPractice(context, odsCode) {
  if (context.cache === undefined) return fetchInTurn(context, odsCode);
  return reuse(entries, odsCode, settings.endpointCacheMs, () => fetchTogether(context, odsCode));
}

async function fetchTogether(context, odsCode) {
  const both = await Promise.all([lookUp(context, "Endpoint", odsCode), lookUp(context, "Device", odsCode)]);
  return toEntry(...both);
}

async function fetchInTurn(context, odsCode) {
  const endpoint = await lookUp(context, "Endpoint", odsCode);
  return toEntry(endpoint, await lookUp(context, "Device", odsCode));
}

function lookUp(context, resource, odsCode) {
  const query = `organization=${encodeURIComponent(`${ODS_CODE}|${odsCode}`)}&identifier=${encodeURIComponent(`${INTERACTION_SYSTEM}|${SLOTS}`)}`;
  return callUpstream(context, {
    service: "SDS",
    interaction: "search",
    base: settings.sdsUrl,
    path: `/${resource}?${query}`,
    headers: { accept: "application/fhir+json", "x-correlation-id": randomUUID() },
  });
}

function toEntry(endpoints, devices) {
  const endpoint = endpoints?.entry?.[0]?.resource;
  const device = devices?.entry
    ?.map(({ resource }) => resource)
    .find((one) => identifier(one, PARTY_KEY) === identifier(endpoint, PARTY_KEY));
  const asid = identifier(device, ASID);
  if (endpoint?.address === undefined || asid === undefined) throw new UpstreamFailure("SDS", 200);
  return { address: endpoint.address, asid };
}

function identifier(resource, system) {
  return resource?.identifier?.find((one) => one.system === system)?.value;
}
