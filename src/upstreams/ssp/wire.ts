import { epochMsOfPlainForm } from "../../domain/instant.js";

/**
 * FHIR STU3 as practices write it: names, and readers that take what is usable and ignore the rest. Private to
 * this folder. Unknown elements are ignored, extensions are found by URL, and a list may arrive as a single object
 * or a single object as a list (GP Connect notes, sections 4.5, 9.3 and 14.3).
 */

/** A JSON object that has not been checked yet. */
export type Json = Readonly<Record<string, unknown>>;

const PROFILES = "https://fhir.nhs.uk/STU3/StructureDefinition";
const CODES = "https://fhir.nhs.uk/STU3/CodeSystem";

export const PROFILE = {
  appointment: `${PROFILES}/GPConnect-Appointment-1`,
  organisation: `${PROFILES}/CareConnect-GPC-Organization-1`,
  patient: `${PROFILES}/CareConnect-GPC-Patient-1`,
  operationOutcome: `${PROFILES}/GPConnect-OperationOutcome-1`,
} as const;

export const EXTENSION = {
  bookingOrganisation: `${PROFILES}/Extension-GPConnect-BookingOrganisation-1`,
  cancellationReason: `${PROFILES}/Extension-GPConnect-AppointmentCancellationReason-1`,
  deliveryChannel: `${PROFILES}/Extension-GPConnect-DeliveryChannel-2`,
  practitionerRole: `${PROFILES}/Extension-GPConnect-PractitionerRole-1`,
  /** On a bundle's `meta`. */
  filteringStatus: `${PROFILES}/Extension-GPConnect-ServiceFilteringStatus-1`,
  registrationDetails: `${PROFILES}/Extension-CareConnect-GPC-RegistrationDetails-1`,
  verificationStatus: `${PROFILES}/Extension-CareConnect-GPC-NHSNumberVerificationStatus-1`,
} as const;

export const CODE_SYSTEM = {
  organisationType: `${CODES}/GPConnect-OrganisationType-1`,
  verificationStatus: `${CODES}/CareConnect-NHSNumberVerificationStatus-1`,
} as const;

export const ID = {
  nhsNumber: "https://fhir.nhs.uk/Id/nhs-number",
  odsOrganisation: "https://fhir.nhs.uk/Id/ods-organization-code",
  dosService: "https://fhir.nhs.uk/Id/uec-dos-service-id",
  sdsUser: "https://fhir.nhs.uk/Id/sds-user-id",
  sdsRoleProfile: "https://fhir.nhs.uk/Id/sds-role-profile-id",
} as const;

/** The body as JSON, or undefined when it is not JSON. Never throws. */
export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body.replace(/^\uFEFF/, ""));
  } catch {
    return undefined;
  }
}

export function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An array, a single value or nothing, as a list. */
export function list(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** The objects of a list, whether it arrived as a list or as one object. */
export function records(value: unknown): Json[] {
  return list(value).filter(isRecord);
}

export function firstRecord(value: unknown): Json | undefined {
  return records(value)[0];
}

/** A string that is not blank. */
export function text(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

/** FHIR's dateTime with a time and an offset. Without the offset the instant is unknown. */
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** A date-time as sent, and its instant in milliseconds since the epoch. */
export interface Instant {
  readonly text: string;
  readonly at: number;
}

/** Reads a date-time. `Date.parse` alone accepts almost any text, and takes 30 February for 2 March. */
export function instant(value: unknown): Instant | undefined {
  if (typeof value !== "string") return undefined;
  const plain = epochMsOfPlainForm(value);
  return plain === undefined ? unusualInstant(value) : { text: value, at: plain };
}

function unusualInstant(found: string): Instant | undefined {
  if (!DATE_TIME.test(found)) return undefined;
  const at = Date.parse(found);
  return Number.isNaN(at) || !isInCalendar(found.slice(0, 10)) ? undefined : { text: found, at };
}

/** A date-time as sent. */
export function dateTime(value: unknown): string | undefined {
  return instant(value)?.text;
}

const MONTHS_OF_30_DAYS = new Set(["04", "06", "09", "11"]);

/** @param date `2026-02-28`, with a month from 1 to 12 and a day from 1 to 31. */
function isInCalendar(date: string): boolean {
  // Every month has 28 days, and only February needs a calendar to tell how many more: a long list has many dates.
  const day = date.slice(8);
  if (day <= "28") return true;
  const month = date.slice(5, 7);
  if (month !== "02") return day <= "30" || !MONTHS_OF_30_DAYS.has(month);
  return new Date(`${date}T00:00:00Z`).toISOString().startsWith(date);
}

export function texts(value: unknown): string[] {
  return list(value).flatMap((item) => text(item) ?? []);
}

/** The values of all extensions with this URL. Extensions without a value are skipped. */
export function extensionValues(element: Json, url: string, valueElement: string): unknown[] {
  return records(element.extension)
    .filter((extension) => extension.url === url && extension[valueElement] !== undefined)
    .map((extension) => extension[valueElement]);
}

/** The first of them: for an extension that occurs once. */
export function extensionValue(element: Json, url: string, valueElement: string): unknown {
  for (const extension of list(element.extension)) {
    if (!isRecord(extension) || extension.url !== url) continue;
    const value = extension[valueElement];
    if (value !== undefined) return value;
  }
  return undefined;
}

/** All values of an identifier system. */
export function identifierValues(resource: Json, system: string): string[] {
  return records(resource.identifier).flatMap((identifier) =>
    identifier.system === system ? (text(identifier.value) ?? []) : [],
  );
}

/** The id of a reference such as `Location/17`, absolute or with a version, when it is of that type. */
export function referencedId(reference: unknown, type: string): string | undefined {
  const target = isRecord(reference) ? text(reference.reference) : undefined;
  if (target === undefined) return undefined;
  const version = target.indexOf("/_history/");
  const path = version < 0 ? target : target.slice(0, version);
  // By position and not by parts: every slot of a long list has a reference.
  const end = path.lastIndexOf("/");
  const start = path.lastIndexOf("/", end - 1) + 1;
  return end > 0 && path.slice(start, end) === type ? text(path.slice(end + 1)) : undefined;
}
