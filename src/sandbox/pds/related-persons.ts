import type { SimulatedResponse } from "../http/service.js";
import type { Person, Relative } from "../personas/person.js";

const PERIOD = { start: "2020-01-01" };

/**
 * The related persons of a patient. Without any, and for every restricted patient, it is a bundle without `entry`
 * (PDS notes, 7.3 and 7.4).
 */
export function relatedPersons(
  { nhsNumber, confidentiality, record }: Person,
  base: string,
): SimulatedResponse {
  const relatives = confidentiality === undefined ? (record?.relatives ?? []) : [];
  const entry = relatives.map((relative) => ({
    fullUrl: `${base}/Patient/${nhsNumber}/RelatedPerson/${relative.id}`,
    resource: relatedPerson(nhsNumber, relative),
  }));
  return {
    status: 200,
    headers: { "content-type": "application/fhir+json" },
    body: {
      resourceType: "Bundle",
      type: "searchset",
      total: entry.length,
      ...(entry.length === 0 ? {} : { entry }),
    },
  };
}

/** A relative with a record is a reference without name. Another one has personal details. */
function relatedPerson(patientNumber: string, { id, relationship, person }: Relative): object {
  const [code, display] = relationship;
  const system = "https://fhir.nhs.uk/R4/CodeSystem/UKCore-AdditionalRelatedPersonRole";
  return {
    resourceType: "RelatedPerson",
    id,
    active: true,
    patient: nhsNumberReference("nhsNumber" in person ? person.nhsNumber : patientNumber),
    relationship: [{ coding: [{ system, code, display }] }],
    period: PERIOD,
    ...("nhsNumber" in person
      ? {}
      : {
          name: [{ id: "N1", use: "usual", period: PERIOD, given: [person.given], family: person.family }],
          telecom: [{ id: "T1", period: PERIOD, system: "phone", value: "01632960998", use: "home" }],
        }),
    extension: [
      {
        url: "https://fhir.nhs.uk/R4/StructureDefinition/Extension-UKCore-ContactRank",
        valuePositiveInt: 1,
      },
      {
        url: "https://fhir.nhs.uk/R4/StructureDefinition/Extension-UKCore-CopyCorrespondenceIndicator",
        valueBoolean: true,
      },
    ],
  };
}

function nhsNumberReference(value: string): object {
  return { type: "Patient", identifier: { system: "https://fhir.nhs.uk/Id/nhs-number", value } };
}
