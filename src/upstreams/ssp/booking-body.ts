import { inTimeOrder } from "../../domain/adjacent-slots.js";
import type { CallerOrganisation } from "../../domain/caller.js";
import { toLondonDateTime } from "../../domain/london-time.js";
import type { NewAppointment } from "./gp-connect-client.js";
import { CODE_SYSTEM, EXTENSION, ID, PROFILE } from "./wire.js";

/**
 * The Appointment to create (GP Connect notes, section 8.5), with no element beyond those that the section allows.
 * Times are the slots' own strings, because practices compare them character by character.
 *
 * @param now milliseconds since the epoch; becomes `created`, in UK time.
 * @throws RangeError without a slot.
 */
export function toBookingBody(
  booking: NewAppointment,
  organisation: CallerOrganisation,
  now: number,
): object {
  // Practices take the first and the last slot in the order sent.
  const slots = inTimeOrder(booking.slots);
  const [first, last] = [slots[0], slots.at(-1)];
  if (!first || !last) throw new RangeError("an appointment needs a slot");
  return {
    resourceType: "Appointment",
    meta: { profile: [PROFILE.appointment] },
    contained: [toContainedOrganisation(organisation, booking.organisationType)],
    extension: [{ url: EXTENSION.bookingOrganisation, valueReference: { reference: "#1" } }],
    status: "booked",
    description: booking.description,
    start: first.start,
    end: last.end,
    slot: slots.map(({ id }) => ({ reference: `Slot/${id}` })),
    created: toLondonDateTime(now),
    ...(booking.comment === undefined ? {} : { comment: booking.comment }),
    participant: [
      participant("Patient", booking.patientId),
      participant("Location", booking.locationId),
      ...(booking.practitionerId === undefined ? [] : [participant("Practitioner", booking.practitionerId)]),
      // A SHOULD since 1.2.8.
      ...(booking.healthcareServiceId === undefined
        ? []
        : [participant("HealthcareService", booking.healthcareServiceId)]),
    ],
  };
}

function participant(type: string, id: string): object {
  return { actor: { reference: `${type}/${id}` }, status: "accepted" };
}

function toContainedOrganisation(organisation: CallerOrganisation, type: string | undefined): object {
  return {
    resourceType: "Organization",
    id: "1",
    meta: { profile: [PROFILE.organisation] },
    identifier: [{ system: ID.odsOrganisation, value: organisation.odsCode }],
    // Sent only when the slot search used it, and then with the same value.
    ...(type ? { type: [{ coding: [{ system: CODE_SYSTEM.organisationType, code: type }] }] } : {}),
    name: organisation.name,
    telecom: [{ system: "phone", value: organisation.phone }],
  };
}
