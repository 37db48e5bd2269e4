import { BadUserInputError } from "../../platform/errors.js";
import type { GraphContext } from "../context.js";

/**
 * The id of a service in the Directory of Services (GP Connect notes, section 6: 1.2.8). Refused where practices are not
 * searched by service: a search without it would list the slots of all services.
 *
 * @throws BadUserInputError before any call.
 */
export function requireServiceId(
  serviceId: string | null | undefined,
  { loaders }: Pick<GraphContext, "loaders">,
): string | undefined {
  if (serviceId == null) return undefined;
  if (!loaders.serviceFiltering) {
    const message = "Filtering by service is switched off here: leave serviceId out.";
    throw new BadUserInputError("serviceId", message);
  }
  if (/^\d{1,20}$/.test(serviceId)) return serviceId;
  throw new BadUserInputError(
    "serviceId",
    "serviceId must be an id of the Directory of Services: digits only.",
  );
}
