import type { DeathNotice, Person } from "../personas/person.js";

const UK_CORE = "https://fhir.hl7.org.uk";
const ODS = "https://fhir.nhs.uk/Id/ods-organization-code";
const DEATH_NOTICES: Readonly<Record<DeathNotice, readonly [code: string, display: string]>> = {
  informal: ["1", "Informal - death notice received via an update from a local NHS Organisation"],
  formal: ["2", "Formal - death notice received from Registrar of Deaths"],
  removed: ["U", "Removed"],
};
/** The date on which the notification of somebody alive was removed. */
const REMOVED_ON = "2025-03-03T00:00:00+00:00";

/** The extensions of a retrieved record. A restricted record keeps only the death notification (PDS notes, 7.3). */
export function patientExtensions(person: Person, isUnrestricted: boolean): object[] {
  const { record } = person;
  if (!isUnrestricted) return deathNotification(person);
  return [
    odsReference("NominatedPharmacy", "TPH01"),
    ...deathNotification(person),
    ...(record?.removal ? [removal(record.removal)] : []),
    ...(record?.isFull ? FULL : []),
  ];
}

/** The death notification, which a search returns as well. */
export function deathNotification({ deceasedAt, deathNotice = "formal" }: Person): object[] {
  if (deceasedAt === undefined && deathNotice !== "removed") return [];
  const [code, display] = DEATH_NOTICES[deathNotice];
  return [
    {
      url: `${UK_CORE}/StructureDefinition/Extension-UKCore-DeathNotificationStatus`,
      extension: [
        {
          url: "deathNotificationStatus",
          valueCodeableConcept: coded("DeathNotificationStatus", code, display),
        },
        { url: "systemEffectiveDate", valueDateTime: deceasedAt ?? REMOVED_ON },
      ],
    },
  ];
}

const FULL: readonly object[] = [
  odsReference("PreferredDispenserOrganization", "TDD01"),
  odsReference("MedicalApplianceSupplier", "TAS01"),
  {
    url: "http://hl7.org/fhir/StructureDefinition/patient-birthPlace",
    valueAddress: { city: "Averdale", district: "Netherfold", country: "GBR" },
  },
  {
    url: `${UK_CORE}/StructureDefinition/Extension-UKCore-NHSCommunication`,
    extension: [
      { url: "language", valueCodeableConcept: coded("HumanLanguage", "fr", "French") },
      { url: "interpreterRequired", valueBoolean: true },
    ],
  },
  {
    url: `${UK_CORE}/StructureDefinition/Extension-UKCore-ContactPreference`,
    extension: [
      {
        url: "PreferredWrittenCommunicationFormat",
        valueCodeableConcept: coded("PreferredWrittenCommunicationFormat", "12", "Braille"),
      },
      { url: "PreferredContactMethod", valueCodeableConcept: coded("PreferredContactMethod", "1", "Letter") },
      { url: "PreferredContactTimes", valueString: "Not after 7pm" },
    ],
  },
];

function odsReference(name: string, value: string): object {
  return {
    url: `${UK_CORE}/StructureDefinition/Extension-UKCore-${name}`,
    valueReference: { identifier: { system: ODS, value } },
  };
}

function removal({ code, display, from }: NonNullable<NonNullable<Person["record"]>["removal"]>): object {
  const system = "https://fhir.nhs.uk/CodeSystem/PDS-RemovalReasonExitCode";
  return {
    url: "https://fhir.nhs.uk/StructureDefinition/Extension-PDS-RemovalFromRegistration",
    extension: [
      { url: "removalFromRegistrationCode", valueCodeableConcept: { coding: [{ system, code, display }] } },
      { url: "effectiveTime", valuePeriod: { start: from } },
    ],
  };
}

function coded(system: string, code: string, display: string): object {
  return { coding: [{ system: `${UK_CORE}/CodeSystem/UKCore-${system}`, version: "1.0.0", code, display }] };
}
