/** Small synthetic resources in the form that practices send (FHIR STU3). Nobody in them exists. */

const PROFILES = "https://fhir.nhs.uk/STU3/StructureDefinition";
const CODES = "https://fhir.nhs.uk/STU3/CodeSystem";

export type Resource = Record<string, unknown>;

export function bundle(...resources: Resource[]): Resource {
  return { resourceType: "Bundle", type: "searchset", entry: resources.map((resource) => ({ resource })) };
}

export const DELIVERY_CHANNEL = `${PROFILES}/Extension-GPConnect-DeliveryChannel-2`;
export const PRACTITIONER_ROLE = `${PROFILES}/Extension-GPConnect-PractitionerRole-1`;
export const BOOKING_ORGANISATION = `${PROFILES}/Extension-GPConnect-BookingOrganisation-1`;
export const CANCELLATION_REASON = `${PROFILES}/Extension-GPConnect-AppointmentCancellationReason-1`;
export const REGISTRATION_DETAILS = `${PROFILES}/Extension-CareConnect-GPC-RegistrationDetails-1`;

/** An extension that nobody has heard of; real ones may stand behind it. */
export const STRANGER = { url: "https://supplier.example/Extension-Colour", valueCode: "mauve" };

const ROLE = {
  url: PRACTITIONER_ROLE,
  valueCodeableConcept: {
    coding: [
      { system: `${CODES}/CareConnect-SDSJobRoleName-1`, code: "R9999", display: "Community Astronomer" },
    ],
  },
};

export function slot(id: string, start: string, end: string, more: Resource = {}): Resource {
  return {
    resourceType: "Slot",
    id,
    extension: [STRANGER, { url: DELIVERY_CHANNEL, valueCode: "Telephone" }],
    serviceType: [{ text: "Ear check" }],
    schedule: { reference: "Schedule/s1" },
    status: "free",
    start,
    end,
    ...more,
  };
}

export function schedule(more: Resource = {}): Resource {
  return {
    resourceType: "Schedule",
    id: "s1",
    extension: [STRANGER, ROLE],
    serviceCategory: { text: "Morning session" },
    actor: [{ reference: "Practitioner/p1" }, { reference: "Location/l1" }],
    ...more,
  };
}

export const practitioner: Resource = {
  resourceType: "Practitioner",
  id: "p1",
  identifier: [{ system: "https://fhir.nhs.uk/Id/sds-user-id", value: "111000111000" }],
  name: [{ family: "Okonjo", given: ["Ada"], prefix: ["Dr"] }],
  gender: "female",
};

export const location: Resource = {
  resourceType: "Location",
  id: "l1",
  name: "Willow Lane Branch",
  address: { line: ["4 Willow Lane", "Upper Testing"], city: "Averdale", postalCode: "XX20 1ZZ" },
  telecom: [
    { system: "email", value: "desk@willow.example" },
    { system: "phone", value: "01632 960001" },
  ],
  managingOrganization: { reference: "Organization/o1" },
};

export const organisation: Resource = {
  resourceType: "Organization",
  id: "o1",
  identifier: [{ system: "https://fhir.nhs.uk/Id/ods-organization-code", value: "T81001" }],
  name: "Willow Lane Surgery",
  address: [{ line: ["1 Willow Lane"], city: "Averdale", district: "Testshire", postalCode: "XX20 1ZA" }],
  telecom: [{ system: "phone", value: "01632 960000" }],
};

export function patient(nhsNumber: string, more: Resource = {}): Resource {
  return {
    resourceType: "Patient",
    id: "pat-7",
    extension: [
      STRANGER,
      {
        url: REGISTRATION_DETAILS,
        extension: [
          {
            url: "registrationType",
            valueCodeableConcept: { coding: [{ code: "T", display: "Temporary" }] },
          },
          { url: "preferredBranchSurgery", valueReference: { reference: "Location/l1" } },
          { url: "registrationPeriod", valuePeriod: { start: "2026-11-01T09:00:00+00:00" } },
        ],
      },
    ],
    identifier: [
      { system: "https://supplier.example/Id/local", value: "77" },
      { system: "https://fhir.nhs.uk/Id/nhs-number", value: nhsNumber },
    ],
    name: [
      { use: "nickname", family: "Rosie" },
      { use: "official", family: "Ashcombe", given: ["Rosalind", "May"], prefix: ["Ms"] },
    ],
    gender: "female",
    birthDate: "1984-02-29",
    ...more,
  };
}

export function appointment(more: Resource = {}): Resource {
  return {
    resourceType: "Appointment",
    id: "a-5",
    meta: { versionId: "3", profile: [`${PROFILES}/GPConnect-Appointment-1`] },
    contained: [
      {
        resourceType: "Organization",
        id: "1",
        identifier: [{ system: "https://fhir.nhs.uk/Id/ods-organization-code", value: "T82000" }],
        name: "Riverside Booking Hub",
        telecom: [{ system: "phone", value: "0300 000 0000" }],
      },
    ],
    extension: [
      STRANGER,
      { url: BOOKING_ORGANISATION, valueReference: { reference: "#1" } },
      { url: DELIVERY_CHANNEL, valueCode: "In-person" },
      ROLE,
    ],
    status: "booked",
    serviceCategory: { text: "Morning session" },
    serviceType: [{ text: "Ear check" }],
    description: "Ears",
    start: "2026-11-24T09:00:00+00:00",
    end: "2026-11-24T09:20:00+00:00",
    slot: [{ reference: "Slot/1" }, { reference: "Slot/2" }],
    created: "2026-11-20T12:00:00+00:00",
    comment: "Left one first",
    participant: [
      { actor: { reference: "Location/l1" }, status: "accepted" },
      { actor: { reference: "Practitioner/p1" }, status: "accepted" },
      { actor: { reference: "Patient/pat-7" }, status: "accepted" },
    ],
    ...more,
  };
}

/** A refusal as practices write it. */
export function practiceOutcome(
  code: string,
  diagnostics = "",
  system = `${CODES}/Spine-ErrorOrWarningCode-1`,
): Resource {
  return {
    resourceType: "OperationOutcome",
    meta: { profile: [`${PROFILES}/GPConnect-OperationOutcome-1`] },
    issue: [{ severity: "error", code: "invalid", details: { coding: [{ system, code }] }, diagnostics }],
  };
}

/** A refusal as the proxy writes it. */
export function proxyOutcome(status: number, text: string): Resource {
  const system = "http://fhir.nhs.net/ValueSet/gpconnect-schedule-response-code-1-0";
  return {
    resourceType: "OperationOutcome",
    issue: [
      {
        severity: "error",
        code: "forbidden",
        details: { coding: [{ system, code: String(status), display: text }] },
        diagnostics: text,
      },
    ],
  };
}
