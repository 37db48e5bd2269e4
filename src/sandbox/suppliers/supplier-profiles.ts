import type { SupplierErrors, SupplierProfile, SupplierProfileName } from "./supplier-profile.js";

const STRICT_ERRORS: SupplierErrors = {
  codeSystem: "ValueSet",
  displayIsCode: false,
  slotTakenIssue: "duplicate",
  notFoundIssue: "not-found",
  malformedBody: "BAD_REQUEST",
  registrationMinimum: "BAD_REQUEST",
  unknownSlot: "REFERENCE_NOT_FOUND",
  mismatchedIdStatus: 422,
};

const STRICT: SupplierProfile = {
  name: "strict-1.2.7",
  summary: "Follows specification 1.2.7 and the provider acceptance pack; saves atomically.",
  gpConnectVersion: "1.2.7",
  software: { name: "Sandbox Practice", version: "7.1.0" },
  save: "atomic",
  descriptionRequired: true,
  comment: "separate",
  putVersion: "as-stored",
  ifMatchRequired: true,
  unknownInclude: "ignored",
  verifiesOnFind: true,
  serviceTypes: true,
  serviceFiltering: false,
  adjacency: "four-rules",
  slotRange: "wholly-inside",
  pastRefused: true,
  cancelTwiceAllowed: false,
  emptyCancellationReason: false,
  organisationTypeStored: true,
  organizationWithoutSlots: false,
  acceptRequired: false,
  contactShape: "lists",
  actorOrder: "mixed",
  practitionerRoleSystem: "https://fhir.nhs.uk/STU3/CodeSystem/CareConnect-SDSJobRoleName-1",
  errors: STRICT_ERRORS,
};

/** The demonstrator's differences (GP Connect notes, 14.1 and 8.4 to 8.8). */
const DEMONSTRATOR_LIKE: SupplierProfile = {
  ...STRICT,
  name: "demonstrator-like",
  summary:
    "Saves in two steps without a lock, returns another version from a PUT than it stores, and refuses unknown includes with 400.",
  software: { name: "Sandbox Demonstrator", version: "1.3" },
  save: "two-step",
  descriptionRequired: false,
  putVersion: "differs",
  ifMatchRequired: false,
  unknownInclude: "refused-400",
  adjacency: "outer-bounds",
  slotRange: "by-start",
  pastRefused: false,
  cancelTwiceAllowed: true,
  emptyCancellationReason: true,
  organisationTypeStored: false,
  organizationWithoutSlots: true,
  acceptRequired: true,
  actorOrder: "practitioner-first",
  practitionerRoleSystem: "https://fhir.nhs.uk/STU3/ValueSet/GPConnect-PractitionerRole-1",
  errors: {
    codeSystem: "CodeSystem",
    displayIsCode: true,
    slotTakenIssue: "conflict",
    notFoundIssue: "invalid",
    malformedBody: "INVALID_RESOURCE",
    registrationMinimum: "BAD_REQUEST",
    unknownSlot: "INVALID_RESOURCE",
    mismatchedIdStatus: 200,
  },
};

const OLDER: SupplierProfile = {
  ...STRICT,
  name: "older-without-service-types",
  summary: "Version 1.2.5: no slot or schedule types, single objects where STU3 has lists.",
  gpConnectVersion: "1.2.5",
  software: { name: "Sandbox Classic", version: "3.9" },
  verifiesOnFind: false,
  serviceTypes: false,
  contactShape: "single-objects",
  errors: { ...STRICT_ERRORS, codeSystem: "CodeSystem", registrationMinimum: "INVALID_RESOURCE" },
};

const COMMENT_IN_DESCRIPTION: SupplierProfile = {
  ...STRICT,
  name: "comment-in-description",
  summary: "Version 1.2.7, but appends the comment to the description and stores no comment.",
  software: { name: "Sandbox Joined", version: "12.0" },
  comment: "appended-to-description",
};

const SERVICE_FILTERING: SupplierProfile = {
  ...STRICT,
  name: "service-filtering-1.2.8",
  summary: "Version 1.2.8: HealthcareService, and slot search by service.",
  gpConnectVersion: "1.2.8",
  software: { name: "Sandbox Practice", version: "8.0.0" },
  serviceFiltering: true,
};

/** The profile of practices without one of their own, unless `startSandbox` names another. */
export const DEFAULT_PROFILE: SupplierProfileName = "strict-1.2.7";

/** All supplier profiles by name. */
export const SUPPLIER_PROFILES: Readonly<Record<SupplierProfileName, SupplierProfile>> = {
  "strict-1.2.7": STRICT,
  "demonstrator-like": DEMONSTRATOR_LIKE,
  "older-without-service-types": OLDER,
  "comment-in-description": COMMENT_IN_DESCRIPTION,
  "service-filtering-1.2.8": SERVICE_FILTERING,
};

/** Whether a text names a supplier profile. */
export function isSupplierProfileName(text: string): text is SupplierProfileName {
  return Object.hasOwn(SUPPLIER_PROFILES, text);
}
