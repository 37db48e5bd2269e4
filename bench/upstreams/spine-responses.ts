import { practiceOf } from "./people.js";

const ODS_CODE = "https://fhir.nhs.uk/Id/ods-organization-code";
const PARTY_KEY = "https://fhir.nhs.uk/Id/nhsMhsPartyKey";
export const NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number";

/** The same person for every number, at PDS and at the practices. */
export const PERSON = {
  name: [{ use: "usual", family: "Ashdown", given: ["Robin"], prefix: ["Mx"] }],
  gender: "other",
  birthDate: "1980-05-17",
} as const;

/** A PDS patient (R4). */
export function pdsPatient(nhsNumber: string): object {
  return {
    resourceType: "Patient",
    id: nhsNumber,
    meta: {
      versionId: "2",
      security: [{ system: "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", code: "U" }],
    },
    identifier: [{ system: NHS_NUMBER, value: nhsNumber }],
    ...PERSON,
    generalPractitioner: [
      {
        type: "Organization",
        identifier: { system: ODS_CODE, value: practiceOf(nhsNumber), period: { start: "2015-01-01" } },
      },
    ],
  };
}

/** The directory entries of any organisation: one system and one address under one party key. */
export function directoryBundle(resource: "Endpoint" | "Device", odsCode: string, origin: string): object {
  const partyKey = partyKeyOf(odsCode);
  const owner = { identifier: { system: ODS_CODE, value: odsCode } };
  const found =
    resource === "Endpoint"
      ? {
          resourceType: resource,
          status: "active",
          address: addressOf(odsCode, origin),
          managingOrganization: owner,
          identifier: [{ system: PARTY_KEY, value: partyKey }],
        }
      : {
          resourceType: resource,
          owner,
          identifier: [
            { system: PARTY_KEY, value: partyKey },
            { system: "https://fhir.nhs.uk/Id/nhsSpineASID", value: asidOf(odsCode) },
          ],
        };
  return { resourceType: "Bundle", type: "searchset", total: 1, entry: [{ resource: found }] };
}

/** A V&M response (DSTU2). */
export function chargeableStatus(nhsNumber: string): object {
  const component = (kind: string, code: string) => ({
    code: { coding: [{ code: kind }] },
    valueCodeableConcept: { coding: [{ code, display: code }] },
  });
  const observation = {
    resourceType: "Observation",
    status: "final",
    code: { coding: [{ system: "https://fhir.nhs.uk/fhir-observation-code-1", code: "0001" }] },
    subject: { reference: `Patient/${nhsNumber}` },
    effectiveDateTime: "2026-10-05T11:20:00+01:00",
    component: [component("BASIC_CHARGEABLE_STATUS", "N"), component("CATEGORY_CHARGEABLE_STATUS", "B")],
  };
  return { resourceType: "Bundle", type: "searchset", entry: [{ resource: observation }] };
}

export function partyKeyOf(odsCode: string): string {
  return odsCode === SPINE_CODE ? "YES-0000806" : `${odsCode}-800001`;
}

export function asidOf(odsCode: string): string {
  return odsCode === SPINE_CODE ? "928942012545" : `91${odsCode.replace(/\D/g, "").padStart(10, "0")}`;
}

/** Spine's address serves V&M. A practice is reached only through the proxy, so nothing listens at its address. */
export function addressOf(odsCode: string, origin: string): string {
  return odsCode === SPINE_CODE ? `${origin}/vm` : `http://127.0.0.1:9/${odsCode}/STU3/1/gpconnect`;
}

const SPINE_CODE = "YES";
