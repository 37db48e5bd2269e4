import type { Person } from "../personas/person.js";
import { deathNotification, patientExtensions } from "./patient-extensions.js";

const UK_CORE = "https://fhir.hl7.org.uk";
const ODS = "https://fhir.nhs.uk/Id/ods-organization-code";
const DISPLAYS = { U: "unrestricted", R: "restricted", V: "very restricted" } as const;

/** Version of every record, also sent as the ETag. */
export const PDS_VERSION = "3";

/** The end of earlier names. */
const FORMER_UNTIL = "2012-06-30";

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
    ...(person.record?.isMinimal ? {} : demographics(person, confidentiality)),
    ...(person.deceasedAt === undefined ? {} : { deceasedDateTime: person.deceasedAt }),
    ...(confidentiality === "U" ? located(person) : {}),
    ...extensionMember(patientExtensions(person, confidentiality === "U")),
  };
}

/** The Patient in a search response, without the elements that only a retrieve returns (PDS notes, 6.5). */
export function pdsSearchedPatient(person: Person): object {
  const { extension, contact, managingOrganization, ...shown } = pdsPatient(person) as {
    readonly [member: string]: unknown;
    readonly name?: readonly { readonly use: string }[];
    readonly address?: readonly { readonly use: string }[];
  };
  const { name, address } = shown;
  return {
    ...shown,
    ...(name ? { name: name.filter(({ use }) => use !== "old") } : {}),
    ...(address ? { address: address.filter(({ use }) => use === "home") } : {}),
    ...extensionMember(deathNotification(person)),
  };
}

function extensionMember(extension: readonly object[]): object {
  return extension.length === 0 ? {} : { extension };
}

function demographics(person: Person, confidentiality: keyof typeof DISPLAYS): object {
  const { birthDate, gender } = person;
  return confidentiality === "V" ? { gender } : { name: names(person), birthDate, gender };
}

const PERIOD = { start: "2016-04-11" };
const TEXTPHONE = {
  system: "other",
  extension: [
    {
      url: `${UK_CORE}/StructureDefinition/Extension-UKCore-OtherContactSystem`,
      valueCoding: {
        system: `${UK_CORE}/CodeSystem/UKCore-OtherContactSystem`,
        code: "textphone",
        display: "Minicom (Textphone)",
      },
    },
  ],
};
const EMERGENCY_CONTACT = {
  id: "C1",
  period: PERIOD,
  relationship: [
    {
      coding: [
        { system: "http://terminology.hl7.org/CodeSystem/v2-0131", code: "C", display: "Emergency Contact" },
      ],
    },
  ],
  telecom: [{ system: "phone", value: "01632960999" }],
};

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
  const { family, given, prefix, record } = person;
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
  const old = record?.former && {
    id: "N3",
    use: "old",
    period: { start: person.birthDate, end: FORMER_UNTIL },
    given,
    family: record.former.family,
  };
  return old ? [nickname, old, usual] : [nickname, usual];
}

function located(person: Person): object {
  const { registeredAt, record } = person;
  return {
    address: addresses(person),
    telecom: telecoms(person),
    ...(registeredAt === undefined ? {} : { generalPractitioner: [practice(registeredAt)] }),
    ...(record?.isFull ? { contact: [EMERGENCY_CONTACT] } : {}),
    ...(record?.removal ? { managingOrganization: { identifier: { system: ODS, value: "TSCT1" } } } : {}),
  };
}

/** The temporary address comes first: a consumer must choose by `use`. */
function addresses({ lines, city, postalCode, record }: Person): object[] {
  const home = { id: "A1", period: PERIOD, use: "home", line: [...lines, city], postalCode };
  const temporary = record?.temporaryAddress;
  if (!temporary) return [home];
  const { from, lines: line, ...shown } = temporary;
  return [{ id: "A2", period: { start: from }, use: "temp", line, ...shown }, home];
}

function telecoms({ phone, email, record }: Person): object[] {
  const telecom: object[] = [{ id: "T1", period: PERIOD, system: "phone", value: phone, use: "home" }];
  if (email !== undefined)
    telecom.push({ id: "T2", period: PERIOD, system: "email", value: email, use: "home" });
  if (record?.textphone !== undefined)
    telecom.push({ id: "T3", period: PERIOD, ...TEXTPHONE, value: record.textphone, use: "home" });
  return telecom;
}

/** The period inside the identifier says whether the registration is current. */
function practice(registration: NonNullable<Person["registeredAt"]>): object {
  const { odsCode, from, until } = registration;
  const period = until === undefined ? { start: from } : { start: from, end: until };
  return { id: "GP1", type: "Organization", identifier: { system: ODS, value: odsCode, period } };
}
