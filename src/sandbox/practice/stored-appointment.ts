import { type JsonObject, objectsIn, textOf } from "../shared/json.js";
import type { SupplierProfile } from "../suppliers/supplier-profile.js";
import type { PracticeAppointment } from "./practice-state.js";
import { roleExtension } from "./resources.js";
import type { PracticeSlot } from "./slot.js";
import { EXTENSION } from "./urls.js";

/** Versions of the demonstrator look like times in milliseconds. */
const FIRST_TIMESTAMP_VERSION = 1_767_225_600_000;
const MS_IN_A_SECOND = 1000;
/** The part of a second that the demonstrator loses when it saves. */
const LOST_MS = 437;

/** The stored appointment: the booking as sent, plus the elements that the practice derives itself. */
export function storedBooking(
  sent: JsonObject,
  id: string,
  { schedule, channel, type }: PracticeSlot,
  profile: SupplierProfile,
): JsonObject {
  const booker = objectsIn(sent.extension).filter(({ url }) => url === EXTENSION.bookingOrganisation);
  const {
    resourceType,
    meta,
    extension: _known,
    serviceType: _type,
    serviceCategory: _category,
    contained,
    ...rest
  } = sent;
  return withTexts(
    {
      resourceType,
      id,
      meta: { ...(meta as JsonObject), versionId: storedVersion(1, profile) },
      contained: profile.organisationTypeStored ? contained : objectsIn(contained).map(withoutType),
      ...rest,
      extension: [
        ...booker,
        roleExtension(schedule.role, profile),
        { url: EXTENSION.deliveryChannel, valueCode: channel },
      ],
      ...(type === undefined ? {} : { serviceType: [{ text: type }] }),
      ...(schedule.category === undefined ? {} : { serviceCategory: { text: schedule.category } }),
    },
    profile,
  );
}

/** The next state of an appointment after a PUT. */
export function storedChange(
  before: PracticeAppointment,
  sent: JsonObject,
  profile: SupplierProfile,
): PracticeAppointment {
  const version = before.version + 1;
  const meta = { ...(before.resource.meta as JsonObject), versionId: storedVersion(version, profile) };
  const { serviceType, serviceCategory } = before.resource;
  const kept = {
    ...(serviceType === undefined ? {} : { serviceType }),
    ...(serviceCategory === undefined ? {} : { serviceCategory }),
  };
  return { ...before, version, resource: withTexts({ ...sent, ...kept, meta }, profile) };
}

/** The resource in a PUT response. With some suppliers its version differs from the stored one. */
export function putResponseResource(
  { resource, version }: PracticeAppointment,
  profile: SupplierProfile,
): JsonObject {
  if (profile.putVersion === "as-stored") return resource;
  const versionId = String(Number(storedVersion(version, profile)) + LOST_MS);
  return { ...resource, meta: { ...(resource.meta as JsonObject), versionId } };
}

/** The resource in a read response. */
export function readResponseResource(
  { resource }: PracticeAppointment,
  { emptyCancellationReason }: SupplierProfile,
): JsonObject {
  if (!emptyCancellationReason || resource.status !== "booked") return resource;
  return {
    ...resource,
    extension: [...objectsIn(resource.extension), { url: EXTENSION.cancellationReason }],
  };
}

function storedVersion(version: number, { putVersion }: SupplierProfile): string {
  if (putVersion === "as-stored") return String(version);
  return String(FIRST_TIMESTAMP_VERSION + version * MS_IN_A_SECOND);
}

/** Some suppliers have one text only, and append the comment to the description. */
function withTexts(resource: JsonObject, profile: SupplierProfile): JsonObject {
  const comment = textOf(resource.comment);
  if (profile.comment === "separate" || comment === undefined) return resource;
  const { comment: _moved, ...rest } = resource;
  const description = textOf(resource.description);
  return { ...rest, description: description === undefined ? comment : `${description} ${comment}` };
}

function withoutType(organisation: JsonObject): JsonObject {
  const { type: _dropped, ...rest } = organisation;
  return rest;
}
