import type { CallerOrganisation } from "../../domain/caller.js";
import type { SlotSearch } from "./gp-connect-client.js";
import { toQuery } from "./request-url.js";
import { CODE_SYSTEM, ID } from "./wire.js";

type Parameter = readonly [name: string, value: string];

/**
 * The query of a slot search. Without the filters restricted slots would be missing without notice. The three includes are
 * needed to display what GP Connect demands (GP Connect notes, sections 8.4 and 11.4).
 *
 * @param withServices adds the parameters of 1.2.8. Practices of 1.2.7 should ignore them, and some respond 400.
 */
export function toSlotQuery(
  { start, end, serviceId }: SlotSearch,
  { type, odsCode }: CallerOrganisation,
  withServices: boolean,
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
    ...(withServices ? [include] : []),
    ...optional("searchFilter", type && `${CODE_SYSTEM.organisationType}|${type}`),
    ["searchFilter", `${ID.odsOrganisation}|${odsCode}`],
    ...optional(
      "service.identifier",
      withServices ? serviceId && `${ID.dosService}|${serviceId}` : undefined,
    ),
  ]);
}

function optional(name: string, value: string | undefined): Parameter[] {
  return value ? [[name, value]] : [];
}
