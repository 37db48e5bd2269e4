import type { RequestRule } from "./rule.js";

const PACK = "GP Connect 1.2.7, provider acceptance pack";
const SPECIFICATION = "GP Connect 1.2.7, specification";
const PROXY = "Spine Secure Proxy, specification";
const PDS = "PDS FHIR API, documentation";
const SDS = "Spine Directory Service FHIR API, documentation";
const VM = "Visitors & Migrants, specification";

const SENTENCES: Readonly<Record<string, readonly [source: string, sentence: string]>> = {
  "P-T3": [
    `${PACK}: transport`,
    "The client certificate is valid, of the right authority, and of the registered host.",
  ],
  "P-T4": [`${PACK}: transport`, "The consumer sends a client certificate."],
  "P-T8": [`${PACK}: transport`, "Ssp-To is the ASID of a system that is registered for the interaction."],
  "P-H1": [`${PACK}: HTTP`, "The path is one of the published ones, in the published letter case."],
  "P-H2": [`${PACK}: HTTP`, "The method is GET, POST or PUT."],
  "P-H3": [`${PACK}: HTTP`, "The consumer accepts and sends a FHIR media type of STU3."],
  "P-H7": [`${PACK}: HTTP`, "Ssp-InteractionID fits the method and the path."],
  "P-H11": [`${PACK}: HTTP`, "A search by identifier has exactly one identifier, of the right system."],
  "P-H12": [`${PACK}: HTTP`, "An identifier parameter has a system and a value."],
  "P-J2": [`${PACK}: audit token`, "The audit token is an unsigned JWT with base64url parts."],
  "P-J3": [`${PACK}: audit token`, "The audit token has every mandatory claim with a usable value."],
  "P-J4": [`${PACK}: audit token`, "exp is exactly 300 seconds after iat, both in whole seconds."],
  "P-J6": [`${PACK}: audit token`, "The audit token has not expired."],
  "P-J7": [
    `${PACK}: audit token`,
    "The resources in the audit token are valid STU3 resources of the right type.",
  ],
  "P-J9": [`${PACK}: audit token`, "requested_scope fits the interaction."],
  "P-D2": [`${PACK}: read a patient`, "The patient id is one that the practice returned."],
  "P-G2": [`${PACK}: register a patient`, "A registration has a valid NHS number."],
  "P-G3": [`${PACK}: register a patient`, "The NHS number of a registration is current on PDS."],
  "P-G4": [
    `${PACK}: register a patient`,
    "The patient is on PDS with that birth date, alive and not sensitive.",
  ],
  "P-G5": [
    `${PACK}: register a patient`,
    "A registration has a birth date, one official name, and a system on each identifier.",
  ],
  "P-G6": [`${PACK}: register a patient`, "The family name of a registration is the one on PDS."],
  "P-G7": [`${PACK}: register a patient`, "A registration has one parameter registerPatient."],
  "P-G8": [
    `${PACK}: register a patient`,
    "A registration has one telecom of each use and one NHS number at most.",
  ],
  "P-G9": [
    `${PACK}: register a patient`,
    "A registration is a Parameters resource with known elements only.",
  ],
  "P-G10": [
    `${PACK}: register a patient`,
    "A registration leaves out the elements that the profile forbids.",
  ],
  "P-G11": [`${PACK}: register a patient`, "A registration has one home and one temporary address at most."],
  "P-G12": [`${PACK}: register a patient`, "A registration has one nhsCommunication extension at most."],
  "P-G13": [`${PACK}: register a patient`, "The patient is not active at the practice already."],
  "P-S2": [
    `${PACK}: search for free slots`,
    "The end is not before the start, and the range is 14 days at most.",
  ],
  "P-S3": [`${PACK}: search for free slots`, "start, end and status are sent."],
  "P-S4": [`${PACK}: search for free slots`, "start has the prefix ge and end the prefix le."],
  "P-S5": [`${PACK}: search for free slots`, "start and end are calendar dates, and status is free."],
  "P-S6": [`${PACK}: search for free slots`, "start and end are dates, or dateTimes with a numeric offset."],
  "P-B4": [`${PACK}: book an appointment`, "Every slot of a booking is free."],
  "P-B5": [`${PACK}: book an appointment`, "A booking has a start, an end, a slot and the status booked."],
  "P-B6": [
    `${PACK}: book an appointment`,
    "References to slots are relative and name slots of the practice.",
  ],
  "P-B7": [`${PACK}: book an appointment`, "Exactly one Patient and one Location take part in a booking."],
  "P-B8": [`${PACK}: book an appointment`, "Each participant has accepted, and each identifier has a value."],
  "P-B9": [
    `${PACK}: book an appointment`,
    "The contained booking organisation has its profile, an ODS code, a name and a telephone number.",
  ],
  "P-B10": [`${PACK}: book an appointment`, "A booking has no reason."],
  "P-B11": [
    `${PACK}: book an appointment`,
    "A booking is an Appointment with known elements and extensions only.",
  ],
  "P-B12": [
    `${PACK}: book an appointment`,
    "The booking organisation is contained and referred to from there.",
  ],
  "P-R3": [`${PACK}: read an appointment`, "The appointment id is one that the practice returned."],
  "P-V3": [`${PACK}: retrieve appointments`, "The patient id is one that the practice returned."],
  "P-V4": [
    `${PACK}: retrieve appointments`,
    "The range has one start with ge and one with le, each a plain date.",
  ],
  "P-V6": [`${PACK}: retrieve appointments`, "The parameter start is sent exactly twice."],
  "P-V7": [`${PACK}: retrieve appointments`, "The range does not begin before today."],
  "P-V8": [`${PACK}: retrieve appointments`, "The range does not end before it begins."],
  "P-M2": [`${PACK}: amend an appointment`, "An amendment changes the description and the comment only."],
  "P-M3": [`${PACK}: amend an appointment`, "If-Match has the current version of the appointment."],
  "P-M4": [
    `${PACK}: amend an appointment`,
    "The body of an amendment is an Appointment with the id of the URL.",
  ],
  "P-M7": [`${PACK}: amend an appointment`, "A cancelled appointment is not amended."],
  "P-X1": [
    `${PACK}: cancel an appointment`,
    "A cancellation is the booked Appointment with status cancelled.",
  ],
  "P-X2": [`${PACK}: cancel an appointment`, "A cancellation changes the status and adds the reason only."],
  "P-X3": [`${PACK}: cancel an appointment`, "A cancellation has exactly one extension with the reason."],
  "P-X4": [`${PACK}: cancel an appointment`, "The cancellation reason is not empty."],
  "P-X5": [`${PACK}: cancel an appointment`, "If-Match has the current version of the appointment."],
  "P-O2": [`${PACK}: organisation`, "The organisation id is one that the practice returned."],
  "P-O4": [`${PACK}: location`, "The location id is one that the practice returned."],
  "P-O6": [`${PACK}: practitioner`, "The practitioner id is one that the practice returned."],
  "S-1": [
    `${PROXY}: headers`,
    "Ssp-TraceID (a UUID), Ssp-From, Ssp-To, Ssp-InteractionID and a bearer token are sent.",
  ],
  "S-2": [`${SPECIFICATION}: transport`, "A practice is called through the proxy only."],
  "S-3": [
    `${PROXY}: checks`,
    "The sender is accredited, has an agreement, and uses the address that SDS returned.",
  ],
  "S-4": [`${SPECIFICATION}: enablement`, "GP Connect is enabled at the practice."],
  "S-5": [`${SPECIFICATION}: appointments`, "The appointment has not begun."],
  "S-7": [
    `${SPECIFICATION}: book an appointment`,
    "Several slots are adjacent and of one schedule, channel and type.",
  ],
  "S-8": [
    `${SPECIFICATION}: book an appointment`,
    "start, end and other values that are sent are those of the slots.",
  ],
  "S-9": [
    `${SPECIFICATION}: search for free slots`,
    "The offset of a dateTime is the one of London on that date.",
  ],
  "S-10": [
    `${SPECIFICATION}: book an appointment`,
    "A description is sent. It has 100 characters at most, and the comment 500.",
  ],
  "S-11": [
    `${SPECIFICATION}: search for free slots`,
    "Slot:schedule is included, and no parameter is repeated.",
  ],
  "S-12": [
    `${SPECIFICATION}: slot availability`,
    "The slots are released, and the organisation is below its limit.",
  ],
  "S-19": [`${SPECIFICATION} 1.2.9: appointments`, "A home visit is read only."],
  "S-17": [`${SPECIFICATION}: register a patient`, "The practice can reach PDS."],
  "PDS-1": [
    `${PDS}: authorisation`,
    "The token request has the exact content type and a valid, unused assertion.",
  ],
  "PDS-2": [`${PDS}: gateway`, "The request has a valid token, a known path and well-formed headers."],
  "PDS-3": [
    `${PDS}: access modes`,
    "The access mode permits the method, the resource and the number of results.",
  ],
  "PDS-6": [`${PDS}: search`, "A search has known parameters with valid values, and enough of them."],
  "PDS-7": [`${PDS}: retrieve`, "The NHS number is valid and belongs to a record that can be retrieved."],
  "PDS-10": [`${PDS}: rate limits`, "The request is within the rate limits."],
  "PDS-13": [
    `${PDS}: update`,
    "An update has If-Match with the current version, the patch media type and patches.",
  ],
  "SDS-1": [`${SDS}: parameters`, "A known path is read with the parameters that it requires and no others."],
  "SDS-4": [`${SDS}: gateway`, "The header apikey is sent."],
  "SDS-5": [`${SDS}: headers`, "X-Correlation-ID, if sent, is a UUID."],
  "SDS-6": [`${SDS}: headers`, "Accept is exactly one of the served media types, without parameters."],
  "SDS-8": [`${SDS}: rate limits`, "The request is within the rate limits."],
  "VM-1": [`${VM}: authorisation`, "Sender, receiver and interaction are authorised."],
  "VM-2": [`${VM}: headers`, "Every mandatory header is sent with a valid value."],
  "VM-3": [`${VM}: token`, "The token has every mandatory claim with a valid value."],
  "VM-4": [`${VM}: token`, "The record of the token is the patient of the query."],
  "VM-5": [`${VM}: token`, "The token lives 300 seconds at most and has not expired."],
  "VM-6": [`${VM}: token`, "The token is a well-formed JWT."],
  "VM-8": [`${VM}: query`, "The query has the specified parameters in the specified form."],
  "VM-9": [`${VM}: query`, "The NHS number passes its check and is known."],
};

/** Every rule that can be named in the journal, by id. Rules about responses are not among them: no request breaks them. */
export const REQUEST_RULES: ReadonlyMap<string, RequestRule> = new Map(
  Object.entries(SENTENCES).map(([id, [source, sentence]]) => [id, { id, sentence, source }]),
);
