import type { Person } from "../personas/person.js";

const UK_CORE = "https://fhir.hl7.org.uk";
const ODS = "https://fhir.nhs.uk/Id/ods-organization-code";
const DISPLAYS = { U: "unrestricted", R: "restricted", V: "very restricted" } as const;

/** Version of every record, also sent as the ETag. */
export const PDS_VERSION = "3";

/**
 * The PDS Patient (FHIR R4) with elements removed for confidentiality (PDS notes, section 7.3). A restricted record
 * has no address, telecom or practice. A very restricted record has no name and no birth date either.
 */
export function pdsPatient(person: Person): object {
  const confidentiality = person.confidentiality ?? "U";
  return {
    resourceType: "Patient",
    id: person.nhsNumber,
    identifier: [nhsNumberIdentifier(person.nhsNumber)],
    meta: { versionId: PDS_VERSION, security: [securityLabel(confidentiality)] },
    ...(confidentiality === "V" ? {} : { name: names(person), birthDate: person.birthDate }),
    gender: person.gender,
    ...(person.deceasedAt === undefined ? {} : { deceasedDateTime: person.deceasedAt }),
    ...(confidentiality === "U" ? located(person) : {}),
    ...extensions(person, confidentiality === "U"),
  };
}

/** The Patient in a search response, without the elements that only a retrieve returns (PDS notes, 6.5). */
export function pdsSearchedPatient(person: Person): object {
  const { deceasedAt } = person;
  const extension = deceasedAt === undefined ? {} : { extension: [deathNotification(deceasedAt)] };
  const { extension: _retrieveOnly, ...shown } = pdsPatient(person) as { extension?: unknown };
  return { ...shown, ...extension };
}

function nhsNumberIdentifier(value: string): object {
  const system = `${UK_CORE}/CodeSystem/UKCore-NHSNumberVerificationStatus`;
  const coding = [{ system, version: "1.0.0", code: "01", display: "Number present and verified" }];
  const url = `${UK_CORE}/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus`;
  return {
    system: "https://fhir.nhs.uk/Id/nhs-number",
    value,
    extension: [{ url, valueCodeableConcept: { coding } }],
  };
}

function securityLabel(code: keyof typeof DISPLAYS): object {
  return {
    system: "http://terminology.hl7.org/CodeSystem/v3-Confidentiality",
    code,
    display: DISPLAYS[code],
  };
}

/** The nickname comes first, so that a consumer which ignores `use` shows the wrong name. */
function names(person: Person): object[] {
  const { family, given, prefix } = person;
  const nickname = {
    id: "N1",
    use: "nickname",
    period: { start: "2015-01-01" },
    given: [given[0]?.slice(0, 3)],
    family,
  };
  const usual = {
    id: "N2",
    use: "usual",
    period: { start: person.birthDate },
    given,
    family,
    prefix: [prefix],
  };
  return [nickname, usual];
}

function located(person: Person): object {
  const period = { start: "2016-04-11" };
  const { registeredAt } = person;
  const email =
    person.email === undefined
      ? []
      : [{ id: "T2", period, system: "email", value: person.email, use: "home" }];
  return {
    address: [
      { id: "A1", period, use: "home", line: [...person.lines, person.city], postalCode: person.postalCode },
    ],
    telecom: [{ id: "T1", period, system: "phone", value: person.phone, use: "home" }, ...email],
    ...(registeredAt === undefined ? {} : { generalPractitioner: [practice(registeredAt)] }),
  };
}

/** The period inside the identifier says whether the registration is current. */
function practice(registration: NonNullable<Person["registeredAt"]>): object {
  const { odsCode, from, until } = registration;
  const period = until === undefined ? { start: from } : { start: from, end: until };
  return { id: "GP1", type: "Organization", identifier: { system: ODS, value: odsCode, period } };
}

function extensions(person: Person, isUnrestricted: boolean): object {
  const extension: object[] = [];
  if (isUnrestricted) {
    extension.push({
      url: `${UK_CORE}/StructureDefinition/Extension-UKCore-NominatedPharmacy`,
      valueReference: { identifier: { system: ODS, value: "TPH01" } },
    });
  }
  if (person.deceasedAt !== undefined) extension.push(deathNotification(person.deceasedAt));
  return extension.length === 0 ? {} : { extension };
}

function deathNotification(systemEffectiveDate: string): object {
  const display = "Formal - death notice received from Registrar of Deaths";
  const system = `${UK_CORE}/CodeSystem/UKCore-DeathNotificationStatus`;
  return {
    url: `${UK_CORE}/StructureDefinition/Extension-UKCore-DeathNotificationStatus`,
    extension: [
      {
        url: "deathNotificationStatus",
        valueCodeableConcept: { coding: [{ system, version: "1.0.0", code: "2", display }] },
      },
      { url: "systemEffectiveDate", valueDateTime: systemEffectiveDate },
    ],
  };
}
