/** Canonical URLs of GP Connect (GP Connect notes, section 9.3). The sandbox does not share them with the clients. */
const DEFINITION = "https://fhir.nhs.uk/STU3/StructureDefinition";
const CODES = "https://fhir.nhs.uk/STU3/CodeSystem";

/** Profiles. */
export const PROFILE = {
  appointment: `${DEFINITION}/GPConnect-Appointment-1`,
  slot: `${DEFINITION}/GPConnect-Slot-1`,
  schedule: `${DEFINITION}/GPConnect-Schedule-1`,
  patient: `${DEFINITION}/CareConnect-GPC-Patient-1`,
  practitioner: `${DEFINITION}/CareConnect-GPC-Practitioner-1`,
  location: `${DEFINITION}/CareConnect-GPC-Location-1`,
  organization: `${DEFINITION}/CareConnect-GPC-Organization-1`,
  healthcareService: `${DEFINITION}/CareConnect-GPC-HealthcareService-1`,
} as const;

/** Extensions. */
export const EXTENSION = {
  deliveryChannel: `${DEFINITION}/Extension-GPConnect-DeliveryChannel-2`,
  practitionerRole: `${DEFINITION}/Extension-GPConnect-PractitionerRole-1`,
  bookingOrganisation: `${DEFINITION}/Extension-GPConnect-BookingOrganisation-1`,
  serviceFilteringStatus: `${DEFINITION}/Extension-GPConnect-ServiceFilteringStatus-1`,
  cancellationReason: `${DEFINITION}/Extension-GPConnect-AppointmentCancellationReason-1`,
  verificationStatus: `${DEFINITION}/Extension-CareConnect-GPC-NHSNumberVerificationStatus-1`,
  nhsCommunication: `${DEFINITION}/Extension-CareConnect-GPC-NHSCommunication-1`,
  registrationDetails: `${DEFINITION}/Extension-CareConnect-GPC-RegistrationDetails-1`,
} as const;

/** Code systems. */
export const CODE_SYSTEM = {
  organisationType: `${CODES}/GPConnect-OrganisationType-1`,
  verificationStatus: `${CODES}/CareConnect-NHSNumberVerificationStatus-1`,
  registrationType: `${CODES}/CareConnect-RegistrationType-1`,
} as const;

/** Identifier systems. */
export const IDENTIFIER = {
  nhsNumber: "https://fhir.nhs.uk/Id/nhs-number",
  dosService: "https://fhir.nhs.uk/Id/uec-dos-service-id",
  odsCode: "https://fhir.nhs.uk/Id/ods-organization-code",
  sdsUserId: "https://fhir.nhs.uk/Id/sds-user-id",
  sdsRoleProfileId: "https://fhir.nhs.uk/Id/sds-role-profile-id",
} as const;
