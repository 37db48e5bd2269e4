import { toLondonDateTime } from "../../src/domain/london-time.js";
import { NHS_NUMBER, PERSON } from "./spine-responses.js";

const PROFILES = "https://fhir.nhs.uk/STU3/StructureDefinition";
const TEN_MINUTES_MS = 600_000;

export const SLOTS_A_WINDOW = 20;

/** A practice's capability statement (STU3), reduced to the parts that clients read. */
export const CAPABILITIES = JSON.stringify({
  resourceType: "CapabilityStatement",
  version: "1.2.7",
  fhirVersion: "3.0.1",
  software: { name: "Stub", version: "1" },
  rest: [
    {
      mode: "server",
      resource: [
        { type: "Slot", interaction: [{ code: "search-type" }] },
        { type: "Appointment", interaction: [{ code: "create" }, { code: "update" }] },
      ],
    },
  ],
});

export function patientAtPractice(nhsNumber: string): object {
  const patient = {
    resourceType: "Patient",
    id: `p${nhsNumber}`,
    identifier: [{ system: NHS_NUMBER, value: nhsNumber }],
    active: true,
    ...PERSON,
  };
  return { resourceType: "Bundle", type: "searchset", entry: [{ resource: patient }] };
}

/** The appointment as it was sent, with an id. The stub stores nothing, so a slot can be booked repeatedly. */
export function bookedAppointment(body: string): object {
  const sent = JSON.parse(body) as Record<string, unknown>;
  return { ...sent, id: "1001", meta: { versionId: "1" } };
}

const PLACES = [
  {
    resourceType: "Schedule",
    id: "s1",
    serviceCategory: { text: "General GP Appointments" },
    extension: [
      {
        url: `${PROFILES}/Extension-GPConnect-PractitionerRole-1`,
        valueCodeableConcept: { coding: [{ code: "R0260", display: "General Medical Practitioner" }] },
      },
    ],
    actor: [{ reference: "Location/l1" }, { reference: "Practitioner/d1" }],
  },
  {
    resourceType: "Practitioner",
    id: "d1",
    name: [{ use: "official", family: "Farrow", given: ["Imogen"], prefix: ["Dr"] }],
    gender: "female",
  },
  {
    resourceType: "Location",
    id: "l1",
    name: "The Stub Surgery",
    address: { line: ["1 High Street"], city: "Otley", postalCode: "LS21 1AA" },
    telecom: [{ system: "phone", value: "0300 000 0000", use: "work" }],
  },
  {
    resourceType: "Organization",
    id: "o1",
    identifier: [{ system: "https://fhir.nhs.uk/Id/ods-organization-code", value: "@@" }],
    name: "The Stub Surgery",
  },
];

/** Bodies of slot windows that were requested before, so that the stub spends little time. */
const bodies = new Map<string, string>();
const MAX_BODIES = 200;

/** Slots at even intervals over the window, in a body with the shape and size of a practice response. */
export function slotBundle(odsCode: string, start: string, end: string): string {
  const key = `${start} ${end}`;
  const body = bodies.get(key) ?? writeSlots(Date.parse(start), Date.parse(end));
  if (bodies.size >= MAX_BODIES) bodies.clear();
  bodies.set(key, body);
  return body.replace("@@", odsCode);
}

function writeSlots(from: number, to: number): string {
  const step = (to - from) / (SLOTS_A_WINDOW + 1);
  const slots = Array.from({ length: SLOTS_A_WINDOW }, (_, index) =>
    slotResource(Math.ceil((from + step * (index + 0.5)) / TEN_MINUTES_MS) * TEN_MINUTES_MS),
  );
  return toBundle(slots);
}

/** The response of a practice whose free slots start at these times, whatever window was requested. */
export function slotBundleAt(odsCode: string, starts: readonly number[]): string {
  return toBundle(starts.map(slotResource)).replace("@@", odsCode);
}

/** The response to a search for the practice's own organisation. */
export function foundOrganisation(odsCode: string): string {
  const entry = PLACES.filter(({ resourceType }) => resourceType === "Organization").map((resource) => ({
    resource,
  }));
  return JSON.stringify({ resourceType: "Bundle", type: "searchset", entry }).replace("@@", odsCode);
}

function toBundle(slots: readonly object[]): string {
  const entry = [...PLACES, ...slots].map((resource) => ({ resource }));
  return JSON.stringify({ resourceType: "Bundle", type: "searchset", entry });
}

function slotResource(start: number): object {
  return {
    resourceType: "Slot",
    id: String(start / 1000),
    meta: { versionId: "1469444400000", profile: [`${PROFILES}/GPConnect-Slot-1`] },
    extension: [{ url: `${PROFILES}/Extension-GPConnect-DeliveryChannel-2`, valueCode: "In-person" }],
    serviceType: [{ text: "General GP Appointment" }],
    schedule: { reference: "Schedule/s1" },
    status: "free",
    start: toLondonDateTime(start),
    end: toLondonDateTime(start + TEN_MINUTES_MS),
  };
}
