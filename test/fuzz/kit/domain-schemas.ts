import { z } from "zod";
import { parseNhsNumber } from "../../../src/domain/nhs-number.js";
import { parseOdsCode } from "../../../src/domain/ods-code.js";
import { DateTime } from "../../../src/graph/shared/scalars.js";

/**
 * The domain's types, spelt a second time and strictly: a member too many, a value of another kind or an
 * `undefined` in a list is a fault, whatever its static type says.
 */

const text = z.string();
const some = text.optional();
const filled = text.refine((value) => value.trim() !== "", "is empty");
const texts = z.array(text);

export const nhsNumber = text.refine((value) => parseNhsNumber(value) === value, "is no NHS number");
export const odsCode = text.refine((value) => parseOdsCode(value) === value, "is no ODS code");

/** What the graph's scalar takes in, it may also give out. */
export const dateTime = text.refine((value) => {
  try {
    return DateTime.parseValue(value) === value;
  } catch {
    return false;
  }
}, "is no date-time");

const period = z.strictObject({ start: some, end: some }).optional();
const someCode = z.strictObject({ system: some, code: some, display: some });
const codedValue = someCode.optional();
const humanName = z.strictObject({
  use: some,
  period,
  family: some,
  given: texts,
  prefix: texts,
  suffix: texts,
});
const address = z.strictObject({ use: some, period, lines: texts, postalCode: some });

const person = {
  nhsNumber,
  confidentiality: some,
  names: z.array(humanName),
  gender: some,
  birthDate: some,
  deceasedAt: some,
  deceased: z.literal(true).optional(),
  deathNotification: some,
  addresses: z.array(address),
};

export const patientRecord = z.strictObject({
  ...person,
  requestedNhsNumber: nhsNumber,
  versionId: some,
  telecoms: z.array(z.strictObject({ system: some, use: some, value: filled, period })),
  registeredPractice: z.strictObject({ odsCode, period }).optional(),
  tracedAt: z.number(),
});
export const patientMatch = z.strictObject(person);

export const directoryEntry = z.strictObject({
  odsCode,
  asid: filled,
  partyKey: filled,
  serviceRootUrl: filled,
});

export const chargeableStatus = z.strictObject({
  recorded: z.boolean(),
  status: codedValue,
  category: codedValue,
  effectiveAt: dateTime.optional(),
});

export const practicePatient = z.strictObject({
  id: filled,
  nhsNumber,
  name: humanName.optional(),
  gender: some,
  birthDate: some,
  deceased: z.literal(true).optional(),
  deceasedAt: some,
  active: z.literal(false).optional(),
  registrationType: some,
  registrationPeriod: period,
  preferredBranchLocationId: some,
});

export const capabilities = z.strictObject({
  gpConnectVersion: some,
  fhirVersion: some,
  software: z.strictObject({ name: some, version: some }).optional(),
  interactions: texts,
});

const postal = { name: some, addressLines: z.array(filled), postalCode: some, phone: some };
export const location = z.strictObject({ id: filled, ...postal });
export const organisation = z.strictObject({ odsCode: some, ...postal });
export const practitioner = z.strictObject({ id: filled, name: humanName.optional(), gender: some });

/** Since 1.2.8. */
const service = z.strictObject({ id: filled, name: some }).optional();

const slot = z.strictObject({
  service,
  id: filled,
  start: dateTime,
  end: dateTime,
  scheduleId: filled,
  deliveryChannel: some,
  serviceType: some,
  scheduleType: some,
  practitionerRole: codedValue,
  practitionerRoles: z.array(someCode).nonempty().optional(),
  practitioner: practitioner.optional(),
  practitioners: z.array(practitioner).nonempty().optional(),
  location,
});
export const slotSearchResponse = z.strictObject({
  slots: z.array(slot),
  organisation: organisation.optional(),
  warnings: texts.optional(),
  unusableEntries: z.int().positive().optional(),
  serviceFiltering: some,
});

export const appointment = z.strictObject({
  id: filled,
  versionId: text,
  status: filled,
  start: dateTime,
  end: dateTime,
  description: some,
  comment: some,
  created: dateTime.optional(),
  cancellationReason: some,
  slotIds: z.array(filled),
  patientId: some,
  locationId: some,
  practitionerId: some,
  practitionerIds: z.array(filled).nonempty().optional(),
  deliveryChannel: some,
  serviceType: some,
  scheduleType: some,
  practitionerRole: codedValue,
  practitionerRoles: z.array(someCode).nonempty().optional(),
  service,
  bookingOrganisation: z.strictObject({ odsCode: some, name: some, phone: some }).optional(),
});

export const appointmentList = z.strictObject({
  appointments: z.array(appointment),
  warnings: z.array(filled),
  isComplete: z.boolean(),
});

export const issuedToken = z.strictObject({
  token: z.custom<object>((value) => typeof value === "object" && value !== null),
  ttlMs: z.number().nonnegative(),
  issuedAt: z.number().nonnegative().optional(),
});
