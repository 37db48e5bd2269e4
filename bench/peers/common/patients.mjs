import { randomUUID } from "node:crypto";
import { requireNhsNumber } from "./nhs-number.mjs";
import { reuse } from "./request-context.mjs";
import { settings } from "./settings.mjs";
import { callUpstream, UpstreamFailure } from "./upstream.mjs";

const ODS_CODE = "https://fhir.nhs.uk/Id/ods-organization-code";

/** The patient from PDS, once in a session. @returns null when PDS knows no such patient. */
export function loadPatient(context, nhsNumber) {
  const number = requireNhsNumber(nhsNumber);
  return reuse(context.cache, `patient ${number}`, settings.patientCacheMs, () =>
    fetchPatient(context, number),
  );
}

async function fetchPatient(context, nhsNumber) {
  const resource = await callUpstream(context, {
    service: "PDS",
    interaction: "read",
    nhsNumber,
    url: `${settings.pdsUrl}/Patient/${nhsNumber}`,
    headers: {
      accept: "application/fhir+json",
      "x-request-id": randomUUID(),
      "x-correlation-id": context.correlationId,
    },
  });
  return resource === undefined ? null : toPatient(resource, nhsNumber);
}

/** @throws when the response is about somebody else. */
function toPatient(resource, requested) {
  if (resource.resourceType !== "Patient" || resource.id !== requested) throw new UpstreamFailure("PDS", 200);
  const isRestricted = resource.meta?.security?.some(({ code }) => code === "R" || code === "V") ?? false;
  const today = new Date().toISOString().slice(0, 10);
  const practice = isRestricted
    ? undefined
    : resource.generalPractitioner?.find(({ identifier }) => isCurrent(identifier, today));
  return {
    nhsNumber: resource.id,
    name: toName(resource.name?.find(({ use }) => use === "usual") ?? resource.name?.[0]),
    dateOfBirth: resource.birthDate ?? null,
    gender: resource.gender ?? null,
    practiceCode: practice?.identifier.value,
  };
}

function isCurrent({ system, period }, today) {
  if (system !== ODS_CODE) return false;
  return (period?.start ?? "") <= today && (period?.end === undefined || period.end >= today);
}

export function toName(name) {
  if (name === undefined) return null;
  const display = [...(name.prefix ?? []), ...(name.given ?? []), name.family?.toUpperCase()]
    .filter(Boolean)
    .join(" ");
  return { display };
}
