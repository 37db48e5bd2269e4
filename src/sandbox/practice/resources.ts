import type { JsonObject } from "../shared/json.js";
import type { SupplierProfile } from "../suppliers/supplier-profile.js";
import type { PracticePatient, PracticeState } from "./practice-state.js";
import type {
  PracticeHealthcareService,
  PracticeLocation,
  PracticeSchedule,
  PracticeSlot,
  PracticeStaff,
} from "./slot.js";
import { CODE_SYSTEM, EXTENSION, IDENTIFIER, PROFILE } from "./urls.js";

/** Version of resources that never change. */
const FIRST_VERSION = "1469444400000";

function meta(profile: string): JsonObject {
  return { versionId: FIRST_VERSION, profile: [profile] };
}

/** The PractitionerRole extension. */
export function roleExtension(
  { code, display }: PracticeSchedule["role"],
  { practitionerRoleSystem }: SupplierProfile,
): JsonObject {
  return {
    url: EXTENSION.practitionerRole,
    valueCodeableConcept: { coding: [{ system: practitionerRoleSystem, code, display }] },
  };
}

/** The FHIR Slot of a free slot. Every fifth slot has a supplier extension first, so a consumer that reads `extension[0]` fails. */
export function slotResource(slot: PracticeSlot): JsonObject {
  const channel = { url: EXTENSION.deliveryChannel, valueCode: slot.channel };
  const own = {
    url: "https://supplier.example/fhir/StructureDefinition/SessionColour-1",
    valueString: "teal",
  };
  return {
    resourceType: "Slot",
    id: slot.id,
    meta: meta(PROFILE.slot),
    extension: Number(slot.id) % 5 === 0 ? [own, channel] : [channel],
    ...(slot.type === undefined ? {} : { serviceType: [{ text: slot.type }] }),
    schedule: { reference: `Schedule/${slot.schedule.id}` },
    status: "free",
    start: slot.start,
    end: slot.end,
  };
}

/** The FHIR Schedule. Its actors have no defined order, and there may be no practitioner (GP Connect notes, 8.4). */
export function scheduleResource(schedule: PracticeSchedule, profile: SupplierProfile): JsonObject {
  const actors = [{ reference: `Location/${schedule.location.id}` }];
  if (schedule.practitioner) actors.push({ reference: `Practitioner/${schedule.practitioner.id}` });
  if (schedule.service) actors.push({ reference: `HealthcareService/${schedule.service.id}` });
  const isReversed = profile.actorOrder === "practitioner-first" || Number(schedule.id) % 2 !== 0;
  return {
    resourceType: "Schedule",
    id: schedule.id,
    meta: meta(PROFILE.schedule),
    extension: [roleExtension(schedule.role, profile)],
    ...(schedule.category === undefined ? {} : { serviceCategory: { text: schedule.category } }),
    actor: isReversed ? actors.reverse() : actors,
    planningHorizon: { start: schedule.start, end: schedule.end },
  };
}

/** The FHIR HealthcareService (GP Connect notes, section 6). */
export function serviceResource(
  state: PracticeState,
  { id, dosId, name }: PracticeHealthcareService,
): JsonObject {
  return {
    resourceType: "HealthcareService",
    id,
    meta: meta(PROFILE.healthcareService),
    identifier: [{ system: IDENTIFIER.dosService, value: dosId }],
    providedBy: { reference: `Organization/${state.organisationId}` },
    name,
  };
}

/** The FHIR Practitioner. */
export function practitionerResource({
  id,
  sdsUserId,
  family,
  given,
  prefix,
  gender,
}: PracticeStaff): JsonObject {
  return {
    resourceType: "Practitioner",
    id,
    meta: meta(PROFILE.practitioner),
    identifier: [
      { system: IDENTIFIER.sdsRoleProfileId, value: `7${sdsUserId.slice(1)}` },
      { system: IDENTIFIER.sdsUserId, value: sdsUserId },
    ],
    name: [
      { use: "official", text: `${prefix} ${given} ${family}`, family, given: [given], prefix: [prefix] },
    ],
    gender,
  };
}

/** Some systems send single objects instead of lists, as published samples do (notes, 14.3). */
function listOrObject(state: PracticeState, value: JsonObject): JsonObject | JsonObject[] {
  return state.profile.contactShape === "single-objects" ? value : [value];
}

function addressOf({
  lines,
  city,
  postalCode,
}: Pick<PracticeLocation, "lines" | "city" | "postalCode">): JsonObject {
  return { line: lines, city, postalCode };
}

/** The FHIR Location of a surgery. */
export function locationResource(state: PracticeState, location: PracticeLocation): JsonObject {
  return {
    resourceType: "Location",
    id: location.id,
    meta: meta(PROFILE.location),
    name: location.name,
    address: addressOf(location),
    telecom: listOrObject(state, { system: "phone", value: location.phone, use: "work" }),
    managingOrganization: { reference: `Organization/${state.organisationId}` },
  };
}

/** The FHIR Organization of the practice. */
export function organizationResource(state: PracticeState): JsonObject {
  const [main] = state.locations;
  return {
    resourceType: "Organization",
    id: state.organisationId,
    meta: meta(PROFILE.organization),
    identifier: [{ system: IDENTIFIER.odsCode, value: state.practice.odsCode }],
    name: state.practice.name,
    ...(main
      ? {
          address: listOrObject(state, addressOf(main)),
          telecom: listOrObject(state, { system: "phone", value: main.phone, use: "work" }),
        }
      : {}),
  };
}

/** The FHIR Patient. `managingOrganization` is always the practice addressed, not the registered practice. */
export function patientResource(state: PracticeState, patient: PracticePatient): JsonObject {
  const { person, family, sent } = patient;
  const verification = {
    system: CODE_SYSTEM.verificationStatus,
    code: "01",
    display: "Number present and verified",
  };
  const text = `${family.toUpperCase()} ${person.given[0]} (${person.prefix})`;
  const home = {
    use: "home",
    type: "physical",
    line: person.lines,
    city: person.city,
    postalCode: person.postalCode,
  };
  const phone = { system: "phone", value: person.phone, use: "home" };
  return {
    resourceType: "Patient",
    id: patient.id,
    meta: meta(PROFILE.patient),
    extension: [registrationDetails(state, patient), ...(sent?.extension ?? [])],
    identifier: [
      {
        extension: [{ url: EXTENSION.verificationStatus, valueCodeableConcept: { coding: [verification] } }],
        system: IDENTIFIER.nhsNumber,
        value: person.nhsNumber,
      },
    ],
    active: true,
    name: [
      { use: "official", text, family, given: person.given, prefix: [person.prefix] },
      ...(sent?.names ?? []),
    ],
    telecom: withDefault(phone, sent?.telecom),
    gender: sent?.gender ?? person.gender,
    birthDate: person.birthDate,
    address: withDefault(home, sent?.address),
    managingOrganization: { reference: `Organization/${state.organisationId}` },
  };
}

/** What registration sent, with the home entry of PDS when it sent none (GP Connect notes, 8.3). */
function withDefault(home: JsonObject, sent: readonly JsonObject[] = []): JsonObject[] {
  return sent.some(({ use }) => use === "home") ? [...sent] : [home, ...sent];
}

function registrationDetails(
  state: PracticeState,
  { registrationType, registeredFrom }: PracticePatient,
): JsonObject {
  const coding = [{ system: CODE_SYSTEM.registrationType, code: registrationType }];
  const details: JsonObject[] = [
    { url: "registrationPeriod", valuePeriod: { start: registeredFrom } },
    { url: "registrationType", valueCodeableConcept: { coding } },
  ];
  const [main] = state.locations;
  if (main)
    details.push({ url: "preferredBranchSurgery", valueReference: { reference: `Location/${main.id}` } });
  return { url: EXTENSION.registrationDetails, extension: details };
}
