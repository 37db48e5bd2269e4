import type { DirectoryEntry } from "../../domain/directory-entry.js";
import type { SlotSearchResponse } from "../../domain/slot.js";
import { diagnosticsOf } from "../../platform/audit/diagnostics.js";
import type { Clock } from "../../platform/clock.js";
import { UpstreamError } from "../../platform/errors.js";
import type { CallContext } from "../call-context.js";
import type { Exchange } from "./exchange.js";
import type { GpConnectClient, SlotSearch } from "./gp-connect-client.js";
import { INTERACTIONS } from "./interactions.js";
import { UNKNOWN_SERVICE } from "./map-services.js";
import { toSlotSearchResponse } from "./map-slots.js";
import { toSlotQuery } from "./slot-query.js";

/** More practices than there are. Beyond it the set is emptied, which costs each practice one search. */
const MOST_PRACTICES = 20_000;

/**
 * Free slots of a practice (GP Connect notes, section 8.4), in the form of 1.2.8 or of 1.2.7. A capability statement may
 * promise more than the system does, so a practice that refuses the parameters of 1.2.8 by name is remembered.
 */
export function createSlotSearch(
  exchange: Exchange,
  clock: Clock,
  serviceFiltering: boolean,
): GpConnectClient["searchFreeSlots"] {
  const withoutServices = new Set<string>();

  function searchOnce(
    practice: DirectoryEntry,
    search: SlotSearch,
    context: CallContext,
    withServices: boolean,
  ): Promise<SlotSearchResponse> {
    const { odsCode } = practice;
    const { serviceId } = search;
    const query = toSlotQuery(search, context.caller.organisation, withServices);
    return exchange(
      practice,
      {
        interaction: INTERACTIONS.searchFreeSlots,
        method: "GET",
        path: `Slot?${query}`,
        read: ({ body }) => toSlotSearchResponse(body, { odsCode, serviceId, now: clock.now() }),
        ...(withServices &&
          serviceId !== undefined && {
            absent: { reason: "NO_RECORD_FOUND", value: { slots: [], warnings: [UNKNOWN_SERVICE] } },
          }),
      },
      context,
    );
  }

  return (practice, search, context) => {
    const { serviceRootUrl } = practice;
    const withServices =
      serviceFiltering && search.withServices === true && !withoutServices.has(serviceRootUrl);
    if (!withServices) return searchOnce(practice, search, context, false);
    return searchOnce(practice, search, context, true).catch((error: unknown) => {
      if (!refusesServices(error)) throw error;
      if (withoutServices.size >= MOST_PRACTICES) withoutServices.clear();
      withoutServices.add(serviceRootUrl);
      return searchOnce(practice, search, context, false);
    });
  };
}

/** Whether the practice refused a parameter of 1.2.8 by its name. */
function refusesServices(error: unknown): boolean {
  if (!(error instanceof UpstreamError)) return false;
  const isBadRequest = error.httpStatus === 400 || error.httpStatus === 422;
  return isBadRequest && /HealthcareService|service\.identifier/i.test(diagnosticsOf(error) ?? "");
}
