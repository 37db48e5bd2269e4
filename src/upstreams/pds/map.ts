import { toLondonDate } from "../../domain/london-time.js";
import { type NhsNumber, parseNhsNumber } from "../../domain/nhs-number.js";
import { parseOdsCode } from "../../domain/ods-code.js";
import type { Address, HumanName, PatientRecord, Period } from "../../domain/patient.js";
import type { PatientMatch } from "../../domain/patient-match.js";
import { covers } from "../../domain/period.js";
import type { WireHumanName, WirePatient, WirePeriod } from "./wire.js";

const NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number";
const ODS_CODE = "https://fhir.nhs.uk/Id/ods-organization-code";
const CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
const DEATH_NOTIFICATION =
  "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-DeathNotificationStatus";

/**
 * The current NHS number of a record. For a superseded number PDS returns the record of the current one, so an `id`
 * other than the requested number is valid. An `id` that contradicts the resource's own identifier is not (PDS notes,
 * trap 1).
 *
 * @returns the current number, or undefined when the response does not say reliably whose record it is.
 */
export function currentNumber(patient: WirePatient, requested: NhsNumber): NhsNumber | undefined {
  if (ownNumbers(patient).some(({ value }) => value !== patient.id)) return undefined;
  // Another number is accepted only when both id and identifier have it.
  return patient.id === requested ? requested : matchedNumber(patient);
}

/** The NHS number of a search entry. No number was requested, so both id and identifier must have it. */
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
 * PDS's Patient as a domain record. Elements are found by system or URL, because PDS promises no order. Dates stay
 * text (PDS notes, section 7.1 and trap 17).
 *
 * @param tracedAt when PDS responded, milliseconds since the epoch.
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
    ...(patient.deceasedBoolean && { deceased: true }),
    deathNotification: deathNotification(patient),
    addresses: addresses(patient),
    telecoms: patient.telecom.flatMap(({ system, use, value, period }) =>
      value?.trim()
        ? [{ system: system ?? undefined, use: use ?? undefined, value, period: toPeriod(period) }]
        : [],
    ),
    registeredPractice: registeredPractice(patient, tracedAt),
    tracedAt,
  };
}

/** A match of a search, with only those elements that PDS includes in a search response (PDS notes, 6.5). */
export function toPatientMatch(patient: WirePatient, nhsNumber: NhsNumber): PatientMatch {
  return {
    nhsNumber,
    confidentiality: confidentiality(patient),
    names: patient.name.map(toHumanName),
    gender: patient.gender ?? undefined,
    birthDate: patient.birthDate ?? undefined,
    deceasedAt: patient.deceasedDateTime ?? undefined,
    ...(patient.deceasedBoolean && { deceased: true }),
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

/** Of several codes, one that restricts access wins. */
function confidentiality(patient: WirePatient): string | undefined {
  const codes = (patient.meta?.security ?? [])
    .filter(({ system }) => system === CONFIDENTIALITY)
    .flatMap(({ code }) => code ?? []);
  return codes.find((code) => code !== "U") ?? codes[0];
}

/** The code in PDS's own code system, else the code of a coding without a system. */
function deathNotification(patient: WirePatient): string | undefined {
  const codings = patient.extension
    .filter(({ url }) => url === DEATH_NOTIFICATION)
    .flatMap(({ extension }) => extension)
    .filter(({ url }) => url === "deathNotificationStatus")
    .flatMap(({ valueCodeableConcept }) => valueCodeableConcept?.coding ?? [])
    .filter(({ code }) => code);
  const own = codings.find(({ system }) => system?.endsWith("DeathNotificationStatus"));
  return (own ?? codings[0])?.code ?? undefined;
}

/**
 * The registration valid at the time of the trace, of several the one that began last, else the one that ended last. The
 * patient is or was registered there: PDS writes the period inside the identifier.
 */
function registeredPractice(patient: WirePatient, tracedAt: number): PatientRecord["registeredPractice"] {
  const today = toLondonDate(tracedAt);
  const registrations = patient.generalPractitioner.flatMap(({ identifier }) => {
    const odsCode = identifier?.system === ODS_CODE ? parseOdsCode(identifier.value ?? "") : undefined;
    return odsCode ? [{ odsCode, period: toPeriod(identifier?.period) }] : [];
  });
  const valid = registrations.filter(({ period }) => covers(period, today));
  return latest(valid, ({ period }) => period?.start) ?? latest(registrations, ({ period }) => period?.end);
}

function latest<T>(items: readonly T[], dateOf: (item: T) => string | undefined): T | undefined {
  const [first, ...others] = items;
  return others.reduce(
    (best, one) => (best !== undefined && (dateOf(one) ?? "") <= (dateOf(best) ?? "") ? best : one),
    first,
  );
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
