import { findPractice } from "./directory.mjs";
import { loadPatient } from "./patients.mjs";
import { callPractice } from "./practice-call.mjs";
import { UpstreamFailure } from "./upstream.mjs";

const PROFILE = "https://fhir.nhs.uk/STU3/StructureDefinition";

/** What was booked under a key, so that a repeated request does not book twice. In memory, as in the product's default. */
const booked = new Map();

/** Books one slot for a patient whom the practice knows. */
export async function bookAppointment(context, { nhsNumber, slotIds, description, idempotencyKey }) {
  const known = booked.get(idempotencyKey);
  if (known !== undefined) return known;
  const booking = book(context, nhsNumber, slotIds, description);
  booked.set(idempotencyKey, booking);
  booking.catch(() => booked.delete(idempotencyKey));
  return booking;
}

async function book(context, nhsNumber, [slotId], description) {
  const [odsCode, id, start, end, locationId, practitionerId] = slotId.split("~");
  const [patient, practice] = await Promise.all([
    loadPatient(context, nhsNumber),
    findPractice(context, odsCode),
  ]);
  if (patient === null) throw new Error("PDS knows no such patient");
  const patientId = await findAtPractice(context, practice, patient.nhsNumber);
  const participant = [
    { actor: { reference: `Patient/${patientId}` }, status: "accepted" },
    { actor: { reference: `Location/${locationId}` }, status: "accepted" },
    { actor: { reference: `Practitioner/${practitionerId}` }, status: "accepted" },
  ];
  const response = await callPractice(context, practice, {
    interaction: "create:appointment-1",
    scope: "patient/*.write",
    path: "Appointment",
    method: "POST",
    nhsNumber: patient.nhsNumber,
    body: JSON.stringify({
      resourceType: "Appointment",
      meta: { profile: [`${PROFILE}/GPConnect-Appointment-1`] },
      contained: [ORGANISATION],
      extension: [
        {
          url: `${PROFILE}/Extension-GPConnect-BookingOrganisation-1`,
          valueReference: { reference: "#1" },
        },
      ],
      status: "booked",
      description,
      start,
      end,
      slot: [{ reference: `Slot/${id}` }],
      created: `${new Date().toISOString().slice(0, 19)}+00:00`,
      participant,
    }),
  });
  if (response?.resourceType !== "Appointment") throw new UpstreamFailure("SSP", 200);
  return {
    __typename: "AppointmentBooked",
    appointment: { id: `${odsCode}~${response.id}`, status: response.status, start: response.start },
  };
}

const ORGANISATION = {
  resourceType: "Organization",
  id: "1",
  meta: { profile: [`${PROFILE}/CareConnect-GPC-Organization-1`] },
  identifier: [{ system: "https://fhir.nhs.uk/Id/ods-organization-code", value: "A12345" }],
  name: "Peer",
  telecom: [{ system: "phone", value: "0300 000 0000" }],
};

async function findAtPractice(context, practice, nhsNumber) {
  const identifier = encodeURIComponent(`https://fhir.nhs.uk/Id/nhs-number|${nhsNumber}`);
  const bundle = await callPractice(context, practice, {
    interaction: "search:patient-1",
    scope: "patient/*.read",
    path: `Patient?identifier=${identifier}`,
    nhsNumber,
  });
  const patient = bundle?.entry?.[0]?.resource;
  const isTheirs = patient?.identifier?.some(({ value }) => value === nhsNumber) ?? false;
  if (!isTheirs) throw new UpstreamFailure("SSP", 200);
  return patient.id;
}
