import { type NhsNumber, parseNhsNumber } from "../../domain/nhs-number.js";
import { parseOdsCode } from "../../domain/ods-code.js";
import type { Address, HumanName, PatientRecord, Period } from "../../domain/patient.js";
import type { PatientMatch } from "../../domain/patient-match.js";
import type { WireHumanName, WirePatient, WirePeriod } from "./wire.js";

const NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number";
const ODS_CODE = "https://fhir.nhs.uk/Id/ods-organization-code";
const CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
const DEATH_NOTIFICATION =
  "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-DeathNotificationStatus";

/**
 * Whose record an answer is. PDS answers a superseded number with the record of the current one, so an `id`
 * other than the one asked for is no fault; an `id` that the resource itself contradicts is (PDS notes, trap 1).
 *
 * @returns the current number, or undefined when the answer cannot be laid to any patient.
 */
export function currentNumber(patient: WirePatient, requested: NhsNumber): NhsNumber | undefined {
  if (ownNumbers(patient).some(({ value }) => value !== patient.id)) return undefined;
  // Another person's record is believed only when the resource says the number twice.
  return patient.id === requested ? requested : matchedNumber(patient);
}

/** Whose record an entry of a search is: nobody was asked for by number, so the resource must say it twice. */
export function matchedNumber(patient: WirePatient): NhsNumber | undefined {
  const own = ownNumbers(patient);
  if (own.length === 0 || own.some(({ value }) => value !== patient.id)) return undefined;
  const parsed = parseNhsNumber(patient.id);
  return parsed === patient.id ? parsed : undefined;
}

function ownNumbers(patient: WirePatient) {
  return patient.identifier.filter(({ system }) => system === NHS_NUMBER);
}

/**
 * PDS's Patient in our words. Everything is found by system or URL, since PDS promises no order; dates stay
 * the texts they are (PDS notes, section 7.1 and trap 17).
 *
 * @param tracedAt when PDS answered, milliseconds since the epoch.
 */
export function toPatientRecord(
  patient: WirePatient,
  numbers: { current: NhsNumber; requested: NhsNumber },
  tracedAt: number,
): PatientRecord {
  return {
    nhsNumber: numbers.current,
    requestedNhsNumber: numbers.requested,
    versionId: patient.meta?.versionId ?? undefined,
    confidentiality: confidentiality(patient),
    names: patient.name.map(toHumanName),
    gender: patient.gender ?? undefined,
    birthDate: patient.birthDate ?? undefined,
    deceasedAt: patient.deceasedDateTime ?? undefined,
    deathNotification: deathNotification(patient),
    addresses: addresses(patient),
    telecoms: patient.telecom.flatMap(({ system, use, value, period }) =>
      value ? [{ system: system ?? undefined, use: use ?? undefined, value, period: toPeriod(period) }] : [],
    ),
    registeredPractice: registeredPractice(patient),
    tracedAt,
  };
}

/** What a search tells of a person: of all that the record holds, only what PDS puts into a search (PDS notes, 6.5). */
export function toPatientMatch(patient: WirePatient, nhsNumber: NhsNumber): PatientMatch {
  return {
    nhsNumber,
    confidentiality: confidentiality(patient),
    names: patient.name.map(toHumanName),
    gender: patient.gender ?? undefined,
    birthDate: patient.birthDate ?? undefined,
    deceasedAt: patient.deceasedDateTime ?? undefined,
    deathNotification: deathNotification(patient),
    addresses: addresses(patient),
  };
}

function addresses(patient: WirePatient): Address[] {
  return patient.address.map(({ use, period, line, postalCode }) => ({
    use: use ?? undefined,
    period: toPeriod(period),
    lines: line,
    postalCode: postalCode ?? undefined,
  }));
}

/** Should PDS ever send several codes, the one that restricts wins. */
function confidentiality(patient: WirePatient): string | undefined {
  const codes = (patient.meta?.security ?? [])
    .filter(({ system }) => system === CONFIDENTIALITY)
    .flatMap(({ code }) => code ?? []);
  return codes.find((code) => code !== "U") ?? codes[0];
}

function deathNotification(patient: WirePatient): string | undefined {
  const status = patient.extension
    .filter(({ url }) => url === DEATH_NOTIFICATION)
    .flatMap(({ extension }) => extension)
    .find(({ url }) => url === "deathNotificationStatus");
  return status?.valueCodeableConcept?.coding[0]?.code ?? undefined;
}

/** "Is or was" registered there: the period, which PDS writes inside the identifier, tells which. */
function registeredPractice(patient: WirePatient): PatientRecord["registeredPractice"] {
  for (const { identifier } of patient.generalPractitioner) {
    const odsCode = identifier?.system === ODS_CODE ? parseOdsCode(identifier.value ?? "") : undefined;
    if (odsCode) return { odsCode, period: toPeriod(identifier?.period) };
  }
  return undefined;
}

function toHumanName({ use, period, family, given, prefix, suffix }: WireHumanName): HumanName {
  return {
    use: use ?? undefined,
    period: toPeriod(period),
    family: family ?? undefined,
    given,
    prefix,
    suffix,
  };
}

function toPeriod(period: WirePeriod): Period | undefined {
  return period ? { start: period.start ?? undefined, end: period.end ?? undefined } : undefined;
}
