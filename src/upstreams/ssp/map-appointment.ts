import type { BookingOrganisation, PracticeAppointment } from "../../domain/appointment.js";
import { toLabel, toPhone, toPractitionerRoles } from "./map-people.js";
import { toParticipatingService } from "./map-services.js";
import { requirePatient } from "./right-patient.js";
import { expectResource, expectText, UnusableResponse } from "./unusable-response.js";
import {
  dateTime,
  EXTENSION,
  extensionValue,
  ID,
  identifierValues,
  instant,
  isRecord,
  type Json,
  records,
  referencedId,
  text,
} from "./wire.js";

/** What a response must agree with. */
export interface ExpectedAppointment {
  readonly id?: string | undefined;
  /** Logical id at the practice. */
  readonly patientId: string;
  /** The status that the change requests. */
  readonly status?: string | undefined;
  /** The `ETag` header, for a resource without `meta.versionId`. */
  readonly etag?: string | undefined;
}

/**
 * One Appointment (GP Connect notes, section 9.1). `versionId` is empty when the practice sent none.
 *
 * @throws UnusableResponse when it is another resource or appointment, when it is about another patient or about none,
 * when id, status or times are missing, or when it does not have the expected status.
 */
export function toAppointment(body: unknown, expected: ExpectedAppointment): PracticeAppointment {
  const resource = expectResource(body, "Appointment");
  // Before anything else: an incomplete appointment of another patient is another patient's.
  requirePatient(participantIds(resource, "Patient"), expected.patientId);
  const id = expectText(resource.id);
  if (expected.id !== undefined && id !== expected.id) throw new UnusableResponse("WRONG_RESOURCE");
  const status = expectText(resource.status);
  if (expected.status !== undefined && status !== expected.status) throw new UnusableResponse("NOT_CHANGED");
  // A practitioner may take part in two functions.
  const practitionerIds = [...new Set(participantIds(resource, "Practitioner"))];
  const practitionerRoles = toPractitionerRoles(resource);
  return {
    id,
    versionId: versionOf(resource, expected.etag),
    status,
    ...expectTimes(resource),
    description: text(resource.description),
    comment: text(resource.comment),
    created: dateTime(resource.created),
    cancellationReason: text(extensionValue(resource, EXTENSION.cancellationReason, "valueString")),
    slotIds: records(resource.slot).flatMap((slot) => referencedId(slot, "Slot") ?? []),
    patientId: expected.patientId,
    locationId: participantIds(resource, "Location")[0],
    practitionerId: practitionerIds[0],
    ...(practitionerIds.length > 0 && { practitionerIds }),
    service: toParticipatingService(resource),
    deliveryChannel: text(extensionValue(resource, EXTENSION.deliveryChannel, "valueCode")),
    serviceType: toLabel(resource.serviceType),
    scheduleType: toLabel(resource.serviceCategory),
    practitionerRole: practitionerRoles[0],
    ...(practitionerRoles.length > 0 && { practitionerRoles }),
    bookingOrganisation: toBookingOrganisation(resource),
  };
}

/** @throws UnusableResponse without a start and an end, or when the end is before the start. */
function expectTimes(resource: Json): Pick<PracticeAppointment, "start" | "end"> {
  const [start, end] = [instant(resource.start), instant(resource.end)];
  if (!start || !end || end.at < start.at) throw new UnusableResponse("INCOMPLETE_RESOURCE");
  return { start: start.text, end: end.text };
}

function participantIds(resource: Json, type: string): string[] {
  return records(resource.participant).flatMap(({ actor }) => referencedId(actor, type) ?? []);
}

function versionOf(resource: Json, etag: string | undefined): string {
  const version = isRecord(resource.meta) ? text(resource.meta.versionId) : undefined;
  return version ?? /^(?:W\/)?"(.+)"$/.exec(etag?.trim() ?? "")?.[1] ?? "";
}

/** `#1` refers to the organisation contained in this resource. Every appointment of a list uses the same id. */
function toBookingOrganisation(resource: Json): BookingOrganisation | undefined {
  const reference = extensionValue(resource, EXTENSION.bookingOrganisation, "valueReference");
  const target = isRecord(reference) ? text(reference.reference) : undefined;
  if (!target?.startsWith("#")) return undefined;
  const organisation = records(resource.contained).find(
    ({ resourceType, id }) => resourceType === "Organization" && (id === target.slice(1) || id === target),
  );
  if (!organisation) return undefined;
  return {
    odsCode: identifierValues(organisation, ID.odsOrganisation)[0],
    name: text(organisation.name),
    phone: toPhone(organisation),
  };
}
