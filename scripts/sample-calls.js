/** Calls of a consumer to the sandbox, some of them wrong, for the picture of the console. */
const { randomUUID } = require("node:crypto");

const ODS = "https://fhir.nhs.uk/Id/ods-organization-code";
const NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number";
const INTERACTION = "urn:nhs:names:services:gpconnect:fhir:";
const INCLUDES =
  "_include=Slot:schedule&_include:recurse=Schedule:actor:Practitioner&_include:recurse=Schedule:actor:Location" +
  "&_include:recurse=Location:managingOrganization";

async function get(url, headers = {}) {
  const response = await fetch(url, { headers });
  return response.text();
}

/** Looks up the address and the ASID of a practice in SDS. */
async function lookUp(gateway, odsCode) {
  const find = async (resource, more = []) => {
    const query = new URLSearchParams([
      ["organization", `${ODS}|${odsCode}`],
      ["identifier", `https://fhir.nhs.uk/Id/nhsServiceInteractionId|${INTERACTION}rest:search:slot-1`],
      ...more,
    ]);
    const bundle = JSON.parse(await get(`${gateway}/sds/${resource}?${query}`, { apikey: "sample" }));
    return bundle.entry[0].resource;
  };
  const identifierOf = ({ identifier }, name) => identifier.find(({ system }) => system.endsWith(name)).value;
  const endpoint = await find("Endpoint");
  const partyKey = identifierOf(endpoint, "nhsMhsPartyKey");
  const device = await find("Device", [["identifier", `https://fhir.nhs.uk/Id/nhsMhsPartyKey|${partyKey}`]]);
  return { root: endpoint.address, asid: identifierOf(device, "nhsSpineASID") };
}

/**
 * Sends the calls one after the other.
 *
 * @param {{ gateway: string }} urls
 * @param {string} today a date of the sandbox's clock
 */
async function sendSampleCalls({ gateway }, today) {
  const requestId = { "x-request-id": randomUUID() };
  const dayAfter = (days) => new Date(Date.parse(today) + days * 86_400_000).toISOString().slice(0, 10);
  const slots = (days) => `Slot?status=free&start=ge${today}&end=le${dayAfter(days)}&${INCLUDES}`;

  await get(`${gateway}/pds/Patient/9000000009`);
  await get(`${gateway}/pds/Patient/9000000009`, requestId);
  await get(`${gateway}/sds/Endpoint?organization=${ODS}|T81001`);
  const { root, asid } = await lookUp(gateway, "T81001");

  const callPractice = async (interaction, scope, path) => {
    const token = await get(`${gateway}/__sandbox/audit-token?scope=${encodeURIComponent(scope)}`);
    return get(`${gateway}/ssp/${root}/${path}`, {
      "ssp-traceid": randomUUID(),
      "ssp-from": "200000000115",
      "ssp-to": asid,
      "ssp-interactionid": `${INTERACTION}${interaction}`,
      authorization: `Bearer ${token}`,
      accept: "application/fhir+json",
    });
  };
  const patient = `Patient?identifier=${NHS_NUMBER}%7C9000000009`;
  await callPractice("rest:search:patient-1", "patient/*.read", patient);
  await callPractice("rest:search:slot-1", "patient/*.read", slots(7));
  await callPractice("rest:search:slot-1", "organization/*.read", slots(30));
  await callPractice("rest:search:slot-1", "organization/*.read", slots(7));
}

module.exports = { sendSampleCalls };
