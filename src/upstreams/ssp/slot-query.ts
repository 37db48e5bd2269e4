import type { CallerOrganisation } from "../../domain/caller.js";
import type { SlotSearch } from "./gp-connect-client.js";
import { toQuery } from "./request-url.js";
import { CODE_SYSTEM, ID } from "./wire.js";

type Parameter = readonly [name: string, value: string];

/**
 * Without the filters every restricted slot would silently be missing, and without the three includes the duties
 * of display could not be met (GP Connect notes, sections 8.4 and 11.4). Practices ignore parameters that they do not
 * know, so those of 1.2.8 do no harm at one before it (sections 4.5 and 6).
 */
export function toSlotQuery(
  { start, end, serviceId }: SlotSearch,
  { type, odsCode }: CallerOrganisation,
  serviceFiltering: boolean,
): string {
  const include: Parameter = ["_include:recurse", "Schedule:actor:HealthcareService"];
  return toQuery([
    ["status", "free"],
    ["start", `ge${start}`],
    ["end", `le${end}`],
    ["_include", "Slot:schedule"],
    ["_include:recurse", "Schedule:actor:Practitioner"],
    ["_include:recurse", "Schedule:actor:Location"],
    ["_include:recurse", "Location:managingOrganization"],
    ...(serviceFiltering ? [include] : []),
    ...optional("searchFilter", type && `${CODE_SYSTEM.organisationType}|${type}`),
    ["searchFilter", `${ID.odsOrganisation}|${odsCode}`],
    ...optional("service.identifier", serviceId && `${ID.dosService}|${serviceId}`),
  ]);
}

function optional(name: string, value: string | undefined): Parameter[] {
  return value ? [[name, value]] : [];
}
