import type { HealthcareService } from "../../domain/slot.js";
import { expectText } from "./unusable-response.js";
import { EXTENSION, extensionValue, isRecord, type Json, records, referencedId, text } from "./wire.js";

/** Services of the Directory of Services, in GP Connect 1.2.8 (GP Connect notes, section 6). */

/** A HealthcareService. @throws UnusableResponse when there is no id. */
export function toHealthcareService(resource: Json): HealthcareService {
  return { id: expectText(resource.id), name: text(resource.name) };
}

/** The service that takes part in an appointment, with its name where the reference displays one. */
export function toParticipatingService(appointment: Json): HealthcareService | undefined {
  for (const { actor } of records(appointment.participant)) {
    const id = referencedId(actor, "HealthcareService");
    if (id !== undefined) return { id, name: isRecord(actor) ? text(actor.display) : undefined };
  }
  return undefined;
}

/** `enabled`, `organization-disabled` or `supplier-disabled`, as sent. Present only when a service was requested. */
export function toFilteringStatus(bundle: Json): string | undefined {
  if (!isRecord(bundle.meta)) return undefined;
  return text(extensionValue(bundle.meta, EXTENSION.filteringStatus, "valueCode"));
}

export const UNKNOWN_SERVICE = "The practice has no service with this id, so it has no free slots for it.";

/**
 * Warnings for a search for one service. A practice that does not filter sends the slots of all services (assurance
 * notes, US01), and a practice before 1.2.8 ignores the parameter without saying so.
 */
export function filteringWarnings(status: string | undefined): string[] {
  if (status === "enabled") return [];
  return [
    status === undefined
      ? "The practice does not say that it filters by service: these may be the slots of all its services."
      : "The practice does not filter by service: these are the slots of all its services.",
  ];
}
