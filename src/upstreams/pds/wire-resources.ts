import {
  boolean,
  listOf,
  number,
  object,
  optional,
  optionalText,
  resource,
  text,
  texts,
} from "../strict-json.js";

/**
 * The elements of PDS's responses (FHIR R4, UK Core) that we read. Almost all are optional: a very restricted record
 * has neither name nor birth date. An element of the wrong type (an object instead of a list) fails the whole
 * resource, because a partly read record would look like a record with gaps. Other elements are ignored.
 */
export interface WirePatient {
  readonly id: string;
  readonly meta: WireMeta | undefined;
  readonly identifier: readonly WireIdentifier[];
  readonly name: readonly WireHumanName[];
  readonly gender: string | undefined;
  readonly birthDate: string | undefined;
  readonly deceasedDateTime: string | undefined;
  readonly deceasedBoolean: boolean | undefined;
  readonly address: readonly WireAddress[];
  readonly telecom: readonly WireTelecom[];
  readonly generalPractitioner: readonly { readonly identifier: WireIdentifier | undefined }[];
  readonly extension: readonly WireExtension[];
}

export interface WireHumanName {
  readonly use: string | undefined;
  readonly period: WirePeriod;
  readonly family: string | undefined;
  readonly given: string[];
  readonly prefix: string[];
  readonly suffix: string[];
}

/** An entry of a search holds a subset of a Patient, in the same shape. */
export interface WireSearchEntry {
  readonly resource: WirePatient;
  readonly search: { readonly score: number | undefined } | undefined;
}

export type WirePeriod = { readonly start: string | undefined; readonly end: string | undefined } | undefined;

interface WireMeta {
  readonly versionId: string | undefined;
  readonly security: readonly WireCoding[];
}

interface WireIdentifier {
  readonly system: string | undefined;
  readonly value: string | undefined;
  readonly period: WirePeriod;
}

interface WireAddress {
  readonly use: string | undefined;
  readonly period: WirePeriod;
  readonly line: string[];
  readonly postalCode: string | undefined;
}

interface WireTelecom {
  readonly system: string | undefined;
  readonly use: string | undefined;
  readonly value: string | undefined;
  readonly period: WirePeriod;
}

interface WireExtension {
  readonly url: string | undefined;
  readonly extension: readonly {
    readonly url: string | undefined;
    readonly valueCodeableConcept: WireConcept | undefined;
  }[];
}

interface WireConcept {
  readonly coding: readonly WireCoding[];
}

interface WireCoding {
  readonly system: string | undefined;
  readonly code: string | undefined;
}

export interface WireOutcome {
  readonly issue: readonly { readonly code: string | undefined; readonly details: WireConcept | undefined }[];
}

/** @throws MalformedElement, as all readers here do. */
export function toSearchEntry(value: unknown): WireSearchEntry {
  const entry = object(value);
  return {
    resource: toPatient(entry.resource),
    search: optional(entry.search, (search) => ({ score: optional(object(search).score, number) })),
  };
}

export function toPatient(value: unknown): WirePatient {
  const patient = resource(value, "Patient");
  return {
    id: text(patient.id),
    meta: optional(patient.meta, toMeta),
    identifier: listOf(patient.identifier, toIdentifier),
    name: listOf(patient.name, toHumanName),
    gender: optionalText(patient.gender),
    birthDate: optionalText(patient.birthDate),
    deceasedDateTime: optionalText(patient.deceasedDateTime),
    deceasedBoolean: optional(patient.deceasedBoolean, boolean),
    address: listOf(patient.address, toAddress),
    telecom: listOf(patient.telecom, toTelecom),
    generalPractitioner: listOf(patient.generalPractitioner, (practitioner) => ({
      identifier: optional(object(practitioner).identifier, toIdentifier),
    })),
    extension: listOf(patient.extension, toExtension),
  };
}

function toMeta(value: unknown): WireMeta {
  const meta = object(value);
  return { versionId: optionalText(meta.versionId), security: listOf(meta.security, toCoding) };
}

function toIdentifier(value: unknown): WireIdentifier {
  const identifier = object(value);
  return {
    system: optionalText(identifier.system),
    value: optionalText(identifier.value),
    period: toPeriod(identifier.period),
  };
}

/** A list of names may hold a null in place of an extension (FHIR). */
function toHumanName(value: unknown): WireHumanName {
  const name = object(value);
  return {
    use: optionalText(name.use),
    period: toPeriod(name.period),
    family: optionalText(name.family),
    given: texts(name.given),
    prefix: texts(name.prefix),
    suffix: texts(name.suffix),
  };
}

/** PDS sends empty address lines. */
function toAddress(value: unknown): WireAddress {
  const address = object(value);
  return {
    use: optionalText(address.use),
    period: toPeriod(address.period),
    line: texts(address.line),
    postalCode: optionalText(address.postalCode),
  };
}

function toTelecom(value: unknown): WireTelecom {
  const telecom = object(value);
  return {
    system: optionalText(telecom.system),
    use: optionalText(telecom.use),
    value: optionalText(telecom.value),
    period: toPeriod(telecom.period),
  };
}

function toPeriod(value: unknown): WirePeriod {
  return optional(value, (given) => {
    const period = object(given);
    return { start: optionalText(period.start), end: optionalText(period.end) };
  });
}

function toExtension(value: unknown): WireExtension {
  const extension = object(value);
  return {
    url: optionalText(extension.url),
    extension: listOf(extension.extension, (given) => {
      const inner = object(given);
      return {
        url: optionalText(inner.url),
        valueCodeableConcept: optional(inner.valueCodeableConcept, toConcept),
      };
    }),
  };
}

export function toOutcome(value: unknown): WireOutcome {
  return {
    issue: listOf(resource(value, "OperationOutcome").issue, (given) => {
      const issue = object(given);
      return { code: optionalText(issue.code), details: optional(issue.details, toConcept) };
    }),
  };
}

function toConcept(value: unknown): WireConcept {
  return { coding: listOf(object(value).coding, toCoding) };
}

function toCoding(value: unknown): WireCoding {
  const coding = object(value);
  return { system: optionalText(coding.system), code: optionalText(coding.code) };
}
