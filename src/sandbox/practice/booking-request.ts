import { identifierOf, isObject, type JsonObject, objectsIn, parseJson, textOf } from "../shared/json.js";
import { toLondonDateTime } from "../shared/london-time.js";
import type { SupplierProfile } from "../suppliers/supplier-profile.js";
import { refuse } from "./outcome.js";
import { EXTENSION, IDENTIFIER, PROFILE } from "./urls.js";

const LONGEST_DESCRIPTION = 100;
const LONGEST_COMMENT = 500;

/** Elements that a booking may carry (GP Connect notes, 8.5). Any other is refused. */
const ALLOWED: readonly string[] = [
  "resourceType",
  "meta",
  "contained",
  "extension",
  "identifier",
  "status",
  "serviceCategory",
  "serviceType",
  "description",
  "start",
  "end",
  "minutesDuration",
  "slot",
  "created",
  "comment",
  "participant",
];

/** Extensions that a booking may carry. The provider derives the last two itself. */
const KNOWN_EXTENSIONS: readonly unknown[] = [
  EXTENSION.bookingOrganisation,
  EXTENSION.deliveryChannel,
  EXTENSION.practitionerRole,
];

/** A booking request with valid syntax. Its references are not yet checked against the practice's state. */
export interface BookingRequest {
  readonly resource: JsonObject;
  readonly start: string;
  readonly end: string;
  readonly slotIds: readonly string[];
  readonly patientId: string;
  readonly locationId: string;
  readonly practitionerIds: readonly string[];
  readonly serviceId: string | undefined;
  /** Values that the provider derives itself. When sent they must agree with the slots. */
  readonly derived: {
    readonly deliveryChannel: unknown;
    readonly roleCode: unknown;
    readonly minutesDuration: unknown;
  };
}

/** Parses a JSON body. Refuses anything else. */
export function readResource(body: string, resourceType: string, { errors }: SupplierProfile): JsonObject {
  const resource = parseJson(body);
  if (!isObject(resource)) refuse(errors.malformedBody, "The body is not JSON");
  if (resource.resourceType !== resourceType)
    refuse("INVALID_RESOURCE", `The body must be a ${resourceType}`);
  return resource;
}

/** Parses and validates the syntax of a booking request. */
export function readBooking(body: string, profile: SupplierProfile): BookingRequest {
  const resource = readResource(body, "Appointment", profile);
  for (const name of Object.keys(resource)) {
    if (!ALLOWED.includes(name)) refuse("INVALID_RESOURCE", `${name} must not be sent`);
  }
  if (!objectsIn(resource.identifier ?? []).every(({ value }) => textOf(value)))
    refuse("INVALID_RESOURCE", "An identifier has no value");
  const profiles = isObject(resource.meta) ? resource.meta.profile : undefined;
  if (!Array.isArray(profiles) || !profiles.includes(PROFILE.appointment)) {
    refuse("INVALID_RESOURCE", `meta.profile must name ${PROFILE.appointment}`);
  }
  if (resource.status !== "booked") refuse("INVALID_RESOURCE", "status must be booked");
  checkTexts(resource, profile);
  checkCreated(resource.created);
  checkBookingOrganisation(resource);
  const { start, end } = resource;
  if (!textOf(start) || !textOf(end)) refuse("INVALID_RESOURCE", "start and end are needed");
  const slotIds = objectsIn(resource.slot).map(({ reference }) => relativeId(reference, "Slot"));
  if (slotIds.length === 0) refuse("INVALID_RESOURCE", "At least one slot is needed");
  return {
    resource,
    start: String(start),
    end: String(end),
    slotIds,
    derived: readDerived(resource),
    ...readParticipants(resource),
  };
}

/** The description is mandatory. Too long texts are refused, never truncated (8.5). */
export function checkTexts({ description, comment }: JsonObject, profile: SupplierProfile): void {
  if (profile.descriptionRequired && !textOf(description))
    refuse("INVALID_RESOURCE", "description is needed");
  if (String(description ?? "").length > LONGEST_DESCRIPTION) {
    refuse("INVALID_RESOURCE", `description is longer than ${LONGEST_DESCRIPTION}`);
  }
  if (comment === undefined) return;
  if (typeof comment !== "string") refuse("INVALID_RESOURCE", "comment must be a text");
  if (comment.length > LONGEST_COMMENT)
    refuse("INVALID_RESOURCE", `comment is longer than ${LONGEST_COMMENT}`);
}

function checkCreated(created: unknown): void {
  const text = textOf(created);
  const ms = Date.parse(text ?? "");
  if (Number.isNaN(ms) || toLondonDateTime(ms) !== text) {
    refuse("INVALID_RESOURCE", "created must be a UK dateTime with its offset");
  }
}

function checkBookingOrganisation(resource: JsonObject): void {
  const extensions = objectsIn(resource.extension);
  if (extensions.some(({ url }) => !KNOWN_EXTENSIONS.includes(url))) {
    refuse("INVALID_RESOURCE", "An extension is not known on a booking");
  }
  const value = extensions.find(({ url }) => url === EXTENSION.bookingOrganisation)?.valueReference;
  const reference = isObject(value) ? textOf(value.reference) : undefined;
  const organisation = objectsIn(resource.contained).find(
    (one) => one.resourceType === "Organization" && reference === `#${String(one.id)}`,
  );
  if (!organisation) refuse("INVALID_RESOURCE", "The booking organisation must be contained and referred to");
  const hasPhone = objectsIn(organisation.telecom).some((one) => one.system === "phone" && textOf(one.value));
  const { profile } = isObject(organisation.meta) ? organisation.meta : {};
  if (!Array.isArray(profile) || !profile.includes(PROFILE.organization))
    refuse("INVALID_RESOURCE", `The booking organisation's meta.profile must name ${PROFILE.organization}`);
  if (!identifierOf(organisation, IDENTIFIER.odsCode) || !textOf(organisation.name) || !hasPhone) {
    refuse("INVALID_RESOURCE", "The booking organisation needs ODS code, name and phone");
  }
}

function readDerived(resource: JsonObject): BookingRequest["derived"] {
  const extensions = objectsIn(resource.extension);
  const role = extensions.find(({ url }) => url === EXTENSION.practitionerRole)?.valueCodeableConcept;
  return {
    deliveryChannel: extensions.find(({ url }) => url === EXTENSION.deliveryChannel)?.valueCode,
    roleCode: isObject(role) ? objectsIn(role.coding)[0]?.code : undefined,
    minutesDuration: resource.minutesDuration,
  };
}

type Participants = Pick<BookingRequest, "patientId" | "locationId" | "practitionerIds" | "serviceId">;

function readParticipants(resource: JsonObject): Participants {
  const references = objectsIn(resource.participant).map((participant) => {
    if (participant.status !== "accepted") refuse("INVALID_RESOURCE", "Every participant must have accepted");
    return isObject(participant.actor) ? participant.actor.reference : undefined;
  });
  const idsOf = (type: string) =>
    references.filter((one) => String(one).includes(`${type}/`)).map((one) => relativeId(one, type));
  const [patientId, ...morePatients] = idsOf("Patient");
  const [locationId, ...moreLocations] = idsOf("Location");
  if (!patientId || morePatients.length > 0) refuse("INVALID_RESOURCE", "Exactly one Patient must take part");
  if (!locationId || moreLocations.length > 0)
    refuse("INVALID_RESOURCE", "Exactly one Location must take part");
  const practitionerIds = idsOf("Practitioner");
  const [serviceId, ...moreServices] = idsOf("HealthcareService");
  if (moreServices.length > 0) refuse("INVALID_RESOURCE", "At most one HealthcareService may take part");
  if (references.length !== 2 + practitionerIds.length + (serviceId ? 1 : 0))
    refuse("INVALID_RESOURCE", "A participant is not known");
  return { patientId, locationId, practitionerIds, serviceId };
}

/** References must be relative (notes, 4.5). */
function relativeId(reference: unknown, type: string): string {
  const id = new RegExp(`^${type}/([A-Za-z0-9.-]{1,64})$`).exec(String(reference))?.[1];
  if (!id) refuse("INVALID_RESOURCE", `A reference to a ${type} must be relative`);
  return id;
}
