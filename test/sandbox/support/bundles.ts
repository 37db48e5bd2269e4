import { type Json, ODS_SYSTEM } from "./wire.js";

/** The resources of one type in a Bundle. */
export function resourcesOf(bundle: Json, type: string): Json[] {
  return (bundle.entry ?? [])
    .map((one: Json) => one.resource)
    .filter((one: Json) => one.resourceType === type);
}

/** A valid booking of the given slots of a slot response. */
export function bookingOf(
  response: Json,
  slots: Json[],
  patientId: string,
  changes: Record<string, unknown> = {},
): Json {
  const schedule = resourcesOf(response, "Schedule").find(
    (one) => `Schedule/${one.id}` === slots[0].schedule.reference,
  );
  const actors: Json[] = schedule.actor;
  return {
    resourceType: "Appointment",
    meta: { profile: ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-Appointment-1"] },
    contained: [
      {
        resourceType: "Organization",
        id: "1",
        meta: { profile: ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Organization-1"] },
        identifier: [{ system: ODS_SYSTEM, value: "T82000" }],
        name: "Consumer Practice",
        telecom: [{ system: "phone", value: "01632960000" }],
      },
    ],
    extension: [
      {
        url: "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-GPConnect-BookingOrganisation-1",
        valueReference: { reference: "#1" },
      },
    ],
    status: "booked",
    description: "Sore knee",
    start: slots[0].start,
    end: slots.at(-1).end,
    slot: slots.map((slot) => ({ reference: `Slot/${slot.id}` })),
    created: "2026-01-14T09:41:00+00:00",
    participant: [{ reference: `Patient/${patientId}` }, ...actors].map((actor) => ({
      actor,
      status: "accepted",
    })),
    ...changes,
  };
}

/** Two adjacent slots of one schedule. */
export function adjacentPair(response: Json): [Json, Json] {
  const slots = resourcesOf(response, "Slot");
  for (const slot of slots) {
    const next = slots.find(
      (one) =>
        one.start === slot.end &&
        one.schedule.reference === slot.schedule.reference &&
        JSON.stringify([one.serviceType, one.extension.at(-1)]) ===
          JSON.stringify([slot.serviceType, slot.extension.at(-1)]),
    );
    if (next) return [slot, next];
  }
  throw new Error("no adjacent pair");
}
