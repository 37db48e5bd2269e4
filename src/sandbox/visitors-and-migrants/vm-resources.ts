import type { MigrantRecord, Person } from "../personas/person.js";
import { seededUuid } from "../shared/seeded.js";
import { noRecordOutcome } from "./vm-outcome.js";

const COMPONENTS = {
  status: [
    "BASIC_CHARGEABLE_STATUS",
    "Basic Chargeable Status",
    "https://fhir.nhs.uk/spine-chargeable-status-1",
  ],
  category: [
    "CATEGORY_CHARGEABLE_STATUS",
    "Category Chargeable Status",
    "https://fhir.nhs.uk/spine-category-status-1",
  ],
} as const;

/**
 * The response to a search: a Bundle with exactly one entry, an Observation or an OperationOutcome. As in the
 * published examples, there is no `total` and no `fullUrl`, although the text requires `fullUrl` (V&M notes, 5 and 9).
 */
export function vmBundle(person: Person): object {
  const resource = person.migrant ? observation(person, person.migrant) : noRecordOutcome();
  return {
    resourceType: "Bundle",
    id: seededUuid(`vm bundle ${person.nhsNumber}`),
    meta: { profile: ["https://fhir.nhs.uk/StructureDefinition/spine-searchset-bundle-1"] },
    type: "searchset",
    entry: [{ resource }],
  };
}

function observation(person: Person, record: MigrantRecord): object {
  const { nhsNumber, family, given, prefix } = person;
  const code = { code: "0001", display: "Visitors and Migrants status observation" };
  // The category comes first: components have no defined order, and either may be absent (trap 4).
  const component = [...componentOf("category", record.category), ...componentOf("status", record.status)];
  return {
    resourceType: "Observation",
    id: seededUuid(`vm observation ${nhsNumber}`),
    meta: { profile: ["https://fhir.nhs.uk/StructureDefinition/spine-vm-observation-1"] },
    status: "final",
    code: { coding: [{ system: "https://fhir.nhs.uk/fhir-observation-code-1", ...code }] },
    subject: {
      reference: `Patient/${nhsNumber}`,
      display: `${family.toUpperCase()}, ${given[0]} (${prefix})`,
    },
    ...(record.effectiveAt === undefined ? {} : { effectiveDateTime: record.effectiveAt }),
    component,
  };
}

function componentOf(kind: keyof typeof COMPONENTS, value: MigrantRecord["status"]): object[] {
  if (!value) return [];
  const [code, display, valueSystem] = COMPONENTS[kind];
  const system = "https://fhir.nhs.uk/spine-vm-observation-component-1";
  return [
    {
      code: { coding: [{ system, code, display }] },
      valueCodeableConcept: { coding: [{ system: valueSystem, code: value[0], display: value[1] }] },
    },
  ];
}
