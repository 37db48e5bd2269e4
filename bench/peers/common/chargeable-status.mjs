import { randomUUID } from "node:crypto";
import { findSpine } from "./directory.mjs";
import { ASID, createToken } from "./practice-call.mjs";
import { callUpstream, UpstreamFailure } from "./upstream.mjs";

const INTERACTION = "urn:nhs:names:services:visitorsandmigrants:fhir:rest:search:observation";

/** From Visitors & Migrants, never kept. */
export async function fetchChargeableStatus(context, nhsNumber) {
  const spine = await findSpine(context);
  const patient = `subject:Patient.identifier=https://fhir.nhs.uk/Id/nhs-number%7C${nhsNumber}`;
  const bundle = await callUpstream(context, {
    service: "VM",
    interaction: INTERACTION,
    nhsNumber,
    url: `${spine.address}/Observation?${patient}&code=https://fhir.nhs.uk/fhir-observation-code-1%7C0001`,
    headers: {
      accept: "application/json+fhir",
      authorization: `Bearer ${createToken(spine.address, "patient/Observation.read")}`,
      "ssp-traceid": randomUUID(),
      "ssp-from": ASID,
      "ssp-to": spine.asid,
      "ssp-interactionid": INTERACTION,
      "ssp-version": "1",
    },
  });
  if (bundle?.resourceType !== "Bundle") throw new UpstreamFailure("VM", 200);
  const observation = bundle.entry?.[0]?.resource;
  if (observation === undefined) return { recorded: false, status: null, category: null };
  if (!observation.subject?.reference?.endsWith(`/${nhsNumber}`)) throw new UpstreamFailure("VM", 200);
  return {
    recorded: true,
    status: component(observation, "BASIC_CHARGEABLE_STATUS"),
    category: component(observation, "CATEGORY_CHARGEABLE_STATUS"),
  };
}

function component({ component: components }, kind) {
  const found = components?.find(({ code }) => code.coding?.some((coding) => coding.code === kind));
  const coding = found?.valueCodeableConcept?.coding?.[0];
  return coding === undefined ? null : { display: coding.display ?? null };
}
