import { reuse } from "./request-context.mjs";
import { settings } from "./settings.mjs";
import { callUpstream, UpstreamFailure } from "./upstream.mjs";

const ODS_CODE = "https://fhir.nhs.uk/Id/ods-organization-code";
const INTERACTION = "https://fhir.nhs.uk/Id/nhsServiceInteractionId";
const PARTY_KEY = "https://fhir.nhs.uk/Id/nhsMhsPartyKey";
const ASID = "https://fhir.nhs.uk/Id/nhsSpineASID";
const SERVICES = "urn:nhs:names:services";
const SLOTS = `${SERVICES}:gpconnect:fhir:rest:search:slot-1`;
const VISITORS = `${SERVICES}:visitorsandmigrants:fhir:rest:search:observation:1`;

/** Of national services, shared by all requests. */
const national = new Map();

/** Address and ASID of a practice. NHS rules allow reuse within an encounter only. */
export function findPractice(context, odsCode) {
  const fetchEntry = () => fetchEntryOf(context, odsCode, SLOTS);
  return reuse(context.cache, `practice ${odsCode}`, settings.sessionMs, fetchEntry);
}

/** Address and ASID of Spine's own service. */
export function findSpine(context) {
  const fetchEntry = () => fetchEntryOf(context, "YES", VISITORS);
  return reuse(context.cache && national, "spine", settings.endpointCacheMs, fetchEntry);
}

async function fetchEntryOf(context, odsCode, interaction) {
  const [endpoints, devices] = await Promise.all([
    lookUp(context, "Endpoint", odsCode, interaction),
    lookUp(context, "Device", odsCode, interaction),
  ]);
  const endpoint = endpoints?.entry?.[0]?.resource;
  const device = devices?.entry
    ?.map(({ resource }) => resource)
    .find((one) => identifier(one, PARTY_KEY) === identifier(endpoint, PARTY_KEY));
  const asid = identifier(device, ASID);
  if (endpoint?.address === undefined || asid === undefined) throw new UpstreamFailure("SDS", 200);
  return { address: endpoint.address, asid };
}

function lookUp(context, resource, odsCode, interaction) {
  const query = `organization=${ODS_CODE}%7C${odsCode}&identifier=${INTERACTION}%7C${interaction}`;
  return callUpstream(context, {
    service: "SDS",
    interaction: resource,
    url: `${settings.sdsUrl}/${resource}?${query}`,
    headers: { accept: "application/fhir+json", "x-correlation-id": context.correlationId },
  });
}

function identifier(resource, system) {
  return resource?.identifier?.find((one) => one.system === system)?.value;
}
